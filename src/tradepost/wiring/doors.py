"""The two APIs over a house: which routes each has, and what it says of itself."""

from __future__ import annotations

from litestar import Litestar

from tradepost.platform.web.app import AppPlan, build_app
from tradepost.wiring.house import House
from tradepost.wiring.routes import STAFF, STOREFRONT

_COMMON = """Errors are problem documents (RFC 9457) with a stable `code`; amounts are whole minor
units of the currency beside them."""
SHOPPING = f"""Shop: browse, fill a cart, check out, follow the order.

The host name, or the header `X-Tenant`, names the shop. {_COMMON}"""
RUNNING = f"""Run the shop: goods, stock, orders, money, people, settings.

The host name, or the header `X-Tenant`, names the shop; the token must be of that shop.
{_COMMON}"""


def public_api(house: House) -> Litestar:
    """The API of shoppers: strict limits, answers made to be cached, tokens of customers only."""
    plan = AppPlan(
        "Tradepost public API",
        SHOPPING,
        STOREFRONT,
        checks=(("store", house.check_store),),
        shows_metrics=house.web.metrics_on_public,
    )
    return build_app(house.office("public"), plan, metrics=house.metrics, ids=house.bus.ids)


def admin_api(house: House) -> Litestar:
    """The API of those who work here: every route by permission, limits for each person."""
    plan = AppPlan(
        "Tradepost admin API",
        RUNNING,
        STAFF,
        checks=(("store", house.check_store),),
        shows_metrics=True,
    )
    return build_app(house.office("admin"), plan, metrics=house.metrics, ids=house.bus.ids)
