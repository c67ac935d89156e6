"""Customers, addresses, groups."""

from tradepost.customers.domain.address import ADDRESSES_MAX, Address, Place
from tradepost.customers.domain.customer import (
    CUSTOMER_STATES,
    Consent,
    Contact,
    Customer,
    CustomerGroup,
    CustomerStatus,
    search_words,
)

__all__ = [
    "ADDRESSES_MAX",
    "CUSTOMER_STATES",
    "Address",
    "Consent",
    "Contact",
    "Customer",
    "CustomerGroup",
    "CustomerStatus",
    "Place",
    "search_words",
]
