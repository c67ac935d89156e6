"""Who somebody is and what they may: accounts of customers, staff, roles, sign-ins, tokens."""
