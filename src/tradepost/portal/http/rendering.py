"""Pages from templates: escaped by default, in the visitor's language, without any other host."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie
from markupsafe import Markup

from tradepost.kernel.errors import BadValue, Refusal, Unauthenticated
from tradepost.platform.web.problem import status_of, unexpected
from tradepost.portal.http.guard import AnyRequest, Visit, visitor_cookie
from tradepost.portal.http.words import LANGUAGES, told, word, word_or

Page = Response[bytes]
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # with none at all browsers would send no Origin either
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_HERE = Path(str(resources.files("tradepost.portal.http")))
HTML: Final = "text/html"


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def rendered(visit: Visit, name: str, **facts: Any) -> str:
    """A template with what every page knows."""
    known = {
        "language": visit.language,
        "languages": LANGUAGES,
        "signed": visit.signed,
        "path": visit.path,
        "seal": visit.seal,
        "t": partial(word, visit.language),
        "or_word": partial(word_or, visit.language),
        "instant": _instant,
        "text": "",
        "refused": None,
    }
    return _templates().get_template(name).render(**known | facts)


def page(visit: Visit, name: str, *, status: int = 200, **facts: Any) -> Page:
    """A page."""
    headers = dict(HEADERS) | {"content-language": visit.language, "vary": "Accept-Language"}
    body = rendered(visit, name, **facts).encode()
    made = Response(body, status_code=status, media_type=HTML, headers=headers)
    if visit.signed is None:
        made.cookies.append(cookie(visit, visitor_cookie(visit.desk), visit.visitor))
    return made


def refused(visit: Visit, name: str, refusal: Refusal, **facts: Any) -> Page:
    """The page of a form once more, with what was wrong with it."""
    field = refusal.field if isinstance(refusal, BadValue) else None
    text = told(visit.language, refusal)
    status = status_of(type(refusal))
    return page(visit, name, status=status, text=text, refused=field, **facts)


def away(place: str, *cookies: Cookie) -> Page:
    """On to another page, by GET."""
    made: Page = Response(b"", status_code=303, headers={"location": place}, media_type=HTML)
    made.cookies.extend(cookies)
    return made


def cookie(visit: Visit, name: str, value: str, life_s: int | None = None) -> Cookie:
    """A cookie that scripts cannot read and other sites cannot send."""
    return Cookie(
        name,
        value=value,
        path="/",
        max_age=life_s,
        httponly=True,
        secure=visit.desk.secure,
        samesite="lax",
    )


def own_place(text: str) -> str:
    """A page of ours to go on to; anything else becomes the first page (open redirects)."""
    plain = text.startswith("/") and not text.startswith("//") and text.isprintable()
    return text if plain and "\\" not in text and text.isascii() else "/"


def error_page(request: AnyRequest, refusal: Refusal) -> Page:
    """The page of a refusal; whoever is not signed in is asked to, if they only wanted to look."""
    visit: Visit | None = request.scope["state"].get("portal_visit")
    assert visit is not None
    unsigned = isinstance(refusal, Unauthenticated) and visit.signed is None
    if unsigned and request.method == "GET":
        return away(f"/sign-in?next={quote(own_place(request.scope['path']), safe='/')}")
    return refused(visit, "error.html", refusal)


def failed_page(request: AnyRequest, request_id: str) -> Page:
    """The page of a defect of ours: nothing but the request's id leaves the house."""
    problem = unexpected(request.scope["path"], request_id)
    text = f"{problem.body['detail']} {problem.body['remedy']}"
    return Response(
        Markup("<!doctype html><html lang=en><title>Error</title><p>{}").format(text).encode(),
        status_code=500,
        media_type=HTML,
        headers=dict(HEADERS),
    )


def _instant(at: datetime) -> Markup:
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        utc.isoformat(timespec="seconds"), utc.strftime("%Y-%m-%d %H:%M UTC")
    )


def static_file(name: str) -> bytes:
    """A file of the pages."""
    return (_HERE / "static" / name).read_bytes()
