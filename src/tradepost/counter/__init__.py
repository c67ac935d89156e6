"""The counter: registers, shifts with their drawers, sales, receipts."""
