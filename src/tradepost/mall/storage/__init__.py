"""Vendors, rules and payouts as rows."""
