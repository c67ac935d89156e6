"""The page that shows an app's document: three files of our own, and nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib import resources

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from tradepost.platform.web.door import PUBLIC, Shared, door
from tradepost.platform.web.openapi import PREFIX

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS = {
    "docs.html": "text/html",
    "docs.css": "text/css",
    "docs.js": "text/javascript",
}
OPEN = door(PUBLIC, shop=False, cache=Shared(300, 3600))


@get(f"{PREFIX}/docs", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def page() -> Response[bytes]:
    """The page."""
    return _sent("docs.html")


@get(f"{PREFIX}/docs/docs.css", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def style() -> Response[bytes]:
    """How the page looks."""
    return _sent("docs.css")


@get(f"{PREFIX}/docs/docs.js", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def script() -> Response[bytes]:
    """What the page does."""
    return _sent("docs.js")


ROUTES: tuple[ControllerRouterHandler, ...] = (page, style, script)


@cache
def _file(name: str) -> bytes:
    return (resources.files("tradepost.platform.web") / "static" / name).read_bytes()


def _sent(name: str) -> Response[bytes]:
    headers = {"content-security-policy": _POLICY}
    return Response(_file(name), media_type=_KINDS[name], headers=headers)
