"""What a route declares of itself: who may pass, how often, and what it wants with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute, WebSocketRoute

PUBLIC = "public"
GUEST_OR_CUSTOMER = "guest_or_customer"
CUSTOMER = "customer"
COURIER = "courier"
STAFF = "staff"
"""Anybody who works here, whatever their roles: one's own account, signing out."""
SPECIAL = frozenset({PUBLIC, GUEST_OR_CUSTOMER, CUSTOMER, COURIER, STAFF})
OPT = "door"


@dataclass(frozen=True, slots=True)
class Shared:
    """How long a shared cache may keep an answer, and serve it while it fetches a newer one."""

    max_age_s: int = 30
    stale_s: int = 120

    @property
    def header(self) -> str:
        """As Cache-Control says it."""
        return f"public, max-age={self.max_age_s}, stale-while-revalidate={self.stale_s}"


@dataclass(frozen=True, slots=True)
class Door:
    """The declaration of one route.

    ``key``: an Idempotency-Key is needed (``True``) or taken when it comes (``False``).
    ``if_match``: the change needs If-Match. ``cache``: for all to share, else nobody keeps it.
    ``rate``: the class of its limit. ``shop``: whether the request must name a shop.
    ``work``: whether it changes something; by its method if not said.
    ``streams``: the route reads the body as it comes, which may take long and be large.
    ``keeps``: the contexts whose facts change the answer, if guests' answers may be kept and given
    again while none of them has told anything; needs ``cache``.
    """

    permission: str
    key: bool = False
    if_match: bool = False
    cache: Shared | None = None
    rate: str = ""
    shop: bool = True
    work: bool | None = None
    streams: bool = False
    keeps: tuple[str, ...] = ()


def door(permission: str, **told: Any) -> dict[str, Any]:
    """The ``opt`` of a route: ``@get("/things", opt=door("things.read"))``."""
    return {OPT: Door(permission, **told)}


def door_of(handler: Any) -> Door | None:
    """The declaration of a route handler."""
    found: Door | None = handler.opt.get(OPT)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the matrix: a method at a path, and who may come."""

    method: str
    path: str
    permission: str
    audience: str
    door: Door
    handler: str


class NoDoor(RuntimeError):
    """A route declares no permission, or has another guard; the app does not start."""


def matrix(app: Litestar) -> list[Place]:
    """Every operation an app serves, with its permission and audience."""
    audience = app.state.audience
    return sorted(
        (
            Place(method, route.path_format, found.permission, audience, found, str(handler))
            for route, handler, method in _operations(app)
            if (found := door_of(handler)) is not None
        ),
        key=lambda place: (place.path, place.method),
    )


def check_doors(app: Litestar, guard: Callable[..., Any]) -> None:
    """Refuse to start an app with a route that does not say who may pass, or is not guarded.

    :raises NoDoor: naming the routes.
    """
    missing = [
        f"{method} {route.path}"
        for route, handler, method in _operations(app)
        if door_of(handler) is None
    ]
    if missing:
        raise NoDoor(f"without a permission: {', '.join(missing)}; declare opt=door(...)")
    for route in app.routes:
        if isinstance(route, WebSocketRoute):
            if door_of(route.route_handler) is None:
                raise NoDoor(f"{route.path} has no permission; declare opt=door(...)")
            continue
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else ()
        if not handlers or any(one.resolve_before_request() is not guard for one in handlers):
            raise NoDoor(f"{route.path} is not guarded: before_request is the guard's place")


def methods_of(app: Litestar) -> dict[str, str]:
    """The methods of each path, over all its handlers, as the header Allow tells them."""
    found: dict[str, set[str]] = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            found.setdefault(route.path_format, set()).update(route.methods)
    return {path: ", ".join(sorted(methods)) for path, methods in found.items()}


def _operations(app: Litestar) -> Iterator[tuple[HTTPRoute, HTTPRouteHandler, str]]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method != "OPTIONS" or door_of(handler) is not None:
                yield route, handler, method
