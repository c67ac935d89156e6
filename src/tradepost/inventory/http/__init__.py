"""The stock room's doors, for those who work here."""

from tradepost.inventory.http import documents, staff

STAFF_ROUTES = (*staff.ROUTES, *documents.ROUTES)
"""All of them."""
