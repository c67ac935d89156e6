"""The doors of the house: everything about HTTP that knows nothing of orders."""

from litestar.params import FromPath, FromQuery, JSONBody

from tradepost.platform.web.answers import versioned
from tradepost.platform.web.body import Body
from tradepost.platform.web.context import Caller, FromCaller
from tradepost.platform.web.door import (
    COURIER,
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    PUBLIC,
    STAFF,
    Shared,
    door,
)
from tradepost.platform.web.paging import FromPaging, Page

__all__ = [
    "COURIER",
    "CUSTOMER",
    "GUEST_OR_CUSTOMER",
    "PUBLIC",
    "STAFF",
    "Body",
    "Caller",
    "FromCaller",
    "FromPaging",
    "FromPath",
    "FromQuery",
    "JSONBody",
    "Page",
    "Shared",
    "door",
    "versioned",
]
