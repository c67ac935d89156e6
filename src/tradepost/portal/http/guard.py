"""Lets requests in to the portal: who is behind them, how often, and whether a form is ours.

Pages are opened by a session cookie, the JSON API by a bearer token and never by a cookie, so that
no page of others can use it. A form has to come from our own pages (Sec-Fetch-Site or Origin) and
to carry the seal of the session, or of the visitor who is about to sign in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import structlog
from litestar import Request
from litestar.di import NamedDependency

from tradepost.platform.tokens import TokenType
from tradepost.platform.web import errors
from tradepost.platform.web.addresses import bucket_of, client_address
from tradepost.platform.web.context import Station
from tradepost.platform.web.door import PUBLIC, door_of
from tradepost.platform.web.guard import BEARER
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.queries import check_query
from tradepost.platform.web.rates import Limit
from tradepost.portal.domain import By
from tradepost.portal.errors import BadForm, FormForeign, OperatorsOnly, SignInOver
from tradepost.portal.http.desk import PORTAL, Desk
from tradepost.portal.http.words import LANGUAGES, language_of
from tradepost.portal.queries import SignedIn

SIGNED_IN: Final = "portal.sign_in"
OPERATE: Final = "portal.operate"
FIELDS_MAX: Final = 50
FORM_BYTES_MAX: Final = 50_000
SEAL: Final = "form_seal"
LANGUAGE_COOKIE: Final = "tradepost_language"
_OF_ADDRESS = Limit(300, 60)
_OF_PERSON = Limit(600, 60)
_STATE: Final = "portal_visit"
AnyRequest = Request[Any, Any, Any]


@dataclass(slots=True)
class Visit:
    """One request to the portal."""

    desk: Desk
    language: str
    origin: str
    path: str
    signed: SignedIn | None = None
    visitor: str = ""
    """Tells visitors apart who have yet to sign in, so that a form can be theirs."""
    form: dict[str, str] = field(default_factory=dict)

    @property
    def who(self) -> By:
        """Whoever is signed in.

        :raises SignInOver: if nobody is.
        """
        if self.signed is None:
            raise SignInOver
        return self.signed.who

    @property
    def seal(self) -> str:
        """What a form of this visit carries."""
        return self.desk.forms.seal(PORTAL, self._whose, b"")

    @property
    def _whose(self) -> str:
        return str(self.signed.session.id) if self.signed else f"visitor:{self.visitor}"

    def check_seal(self) -> None:
        """Refuse a form that was not made for this visit.

        :raises FormForeign: if it was not.
        """
        if not self.desk.forms.fits(PORTAL, self._whose, self.form.get(SEAL, "")):
            raise FormForeign


FromVisit = NamedDependency[Visit]
"""Write ``visit: FromVisit`` in a route."""


def visit_of(request: AnyRequest) -> Visit:
    """The visit that the guard has let in."""
    visit: Visit = request.scope["state"][_STATE]
    return visit


def session_cookie(desk: Desk) -> str:
    """The name of the cookie of a session; the prefix has browsers keep it to this very host."""
    return "__Host-tradepost-portal" if desk.secure else "tradepost_portal"


def visitor_cookie(desk: Desk) -> str:
    """The name of the cookie of somebody who has yet to sign in."""
    return "__Host-tradepost-visitor" if desk.secure else "tradepost_visitor"


async def portal_guard(request: AnyRequest) -> None:
    """Let a request in, with its :class:`Visit`, or refuse it."""
    station: Station = request.app.state.office
    door = door_of(request.route_handler)
    if door is None:
        raise errors.WrongMethod(request.method, "what the page offers")
    notes = notes_of(request.scope)
    notes.door = door
    visit = await _visit(request, station, knows=door.permission != PUBLIC)
    request.scope["state"][_STATE] = visit
    check_query(request, request.app.state.queries[request.scope["route_handler"]])
    structlog.contextvars.bind_contextvars(
        person=str(visit.signed.person.id) if visit.signed else ""
    )
    await _limited(visit, station)
    if door.permission != PUBLIC and visit.signed is None:
        raise SignInOver
    if door.permission == OPERATE and not visit.who.operator:
        raise OperatorsOnly
    if request.method == "POST" and not is_api(request):
        check_origin(request, visit.desk)
        visit.form = await _form(request)
        visit.check_seal()


def is_api(request: AnyRequest) -> bool:
    """Whether the request is one of programs, not of pages."""
    return request.scope["path"].startswith("/api/")


async def _visit(request: AnyRequest, station: Station, *, knows: bool) -> Visit:
    desk = station.get(Desk)
    origin = client_address(
        request.client.host if request.client else None,
        request.headers.getall("x-forwarded-for", []),
        station.settings.trusted_proxies,
    )
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    wanted = chosen if chosen in LANGUAGES else language_of(request.headers.get("accept-language"))
    visit = Visit(desk, wanted, origin, request.scope["path"])
    if is_api(request):
        # who signs in or renews may still send a token that is over
        visit.signed = await _bearer(request, desk) if knows else None
        return visit
    token = request.cookies.get(session_cookie(desk), "")
    visit.signed = await desk.behind(token, TokenType.REFRESH) if token else None
    visit.visitor = _known_visitor(request.cookies.get(visitor_cookie(desk), ""))
    return visit


def _known_visitor(given: str) -> str:
    try:
        return UUID(given).hex
    except ValueError:
        return secrets.token_hex(16)


async def _bearer(request: AnyRequest, desk: Desk) -> SignedIn | None:
    given = request.headers.getall("authorization", [])
    if not given:
        return None
    if len(given) > 1 or not given[0].lower().startswith(BEARER):
        raise errors.TokenUnfit
    found = await desk.behind(given[0][len(BEARER) :].strip(), TokenType.OPERATOR)
    if found is None:
        raise errors.TokenUnfit
    return found


async def _limited(visit: Visit, station: Station) -> None:
    if not station.settings.limits_requests:
        return
    signed = visit.signed
    name = f"person:{signed.person.id}" if signed else f"address:{bucket_of(visit.origin)}"
    limit = _OF_PERSON if signed else _OF_ADDRESS
    verdict = await station.limiter.take(f"portal:{name}", limit)
    if not verdict.allowed:
        raise errors.TooManyRequests(limit.count, limit.per_s, verdict.retry_after_s)


def check_origin(request: AnyRequest, desk: Desk) -> None:
    """Refuse what a page of another origin sends, also of one below the same domain.

    :raises FormForeign: if a browser says that it is one.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise FormForeign
    origin = request.headers.get("origin")
    if origin is None:
        return
    ours = urlsplit(desk.url).netloc if desk.url else request.headers.get("host", "")
    if urlsplit(origin).netloc != ours:
        raise FormForeign


async def _form(request: AnyRequest) -> dict[str, str]:
    kind, _ = request.content_type
    body = await request.body()
    if kind != "application/x-www-form-urlencoded" or len(body) > FORM_BYTES_MAX:
        raise BadForm
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError as why:
        raise BadForm from why
    form = dict(pairs)
    if len(form) != len(pairs) or any("\x00" in text for text in form.values()):
        raise BadForm
    return form
