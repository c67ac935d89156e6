"""Signing in and out, one's password, the language, and the two files that pages need."""

from __future__ import annotations

from functools import cache
from typing import Any

from litestar import Response, get, post

from tradepost.kernel.errors import Refusal
from tradepost.platform.web import PUBLIC, FromPath, FromQuery, Shared, door
from tradepost.portal.commands import EndSession, SetPassword
from tradepost.portal.domain import checked_password
from tradepost.portal.errors import WrongSignIn
from tradepost.portal.http.desk import PORTAL
from tradepost.portal.http.guard import (
    LANGUAGE_COOKIE,
    SIGNED_IN,
    FromVisit,
    session_cookie,
)
from tradepost.portal.http.rendering import (
    Page,
    away,
    cookie,
    own_place,
    page,
    refused,
    static_file,
)
from tradepost.portal.http.words import LANGUAGES, word

HIDDEN: dict[str, Any] = {"include_in_schema": False}
YEAR_S = 31_536_000
STATIC = door(PUBLIC, shop=False, cache=Shared(300, 3600))


@get("/sign-in", opt=door(PUBLIC, shop=False), **HIDDEN)
async def sign_in_page(
    visit: FromVisit, next: FromQuery[str] = "/", changed: FromQuery[bool] = False
) -> Page:
    """The form of signing in."""
    if visit.signed is not None:
        return away(own_place(next))
    note = word(visit.language, "password_changed") if changed else ""
    return page(visit, "sign_in.html", email="", next=own_place(next), note=note)


@post("/sign-in", opt=door(PUBLIC, shop=False), status_code=200, **HIDDEN)
async def sign_in(visit: FromVisit) -> Page:
    """Sign in: a new session, whatever cookie came along."""
    form = visit.form
    place = own_place(form.get("next", "/"))
    email = form.get("email", "")
    try:
        _, session = await visit.desk.sign_in(email, form.get("password", ""), visit.origin)
    except Refusal as refusal:
        return refused(visit, "sign_in.html", refusal, email=email, next=place, note="")
    life_s = int((session.expires_at - session.started_at).total_seconds())
    token = visit.desk.session_token(session)
    return away(place, cookie(visit, session_cookie(visit.desk), token, life_s))


@post("/sign-out", opt=door(SIGNED_IN, shop=False), status_code=200, **HIDDEN)
async def sign_out(visit: FromVisit) -> Page:
    """End the session."""
    assert visit.signed is not None
    await visit.desk.send(visit.who, PORTAL, EndSession(session_id=visit.signed.session.id))
    return away("/sign-in", cookie(visit, session_cookie(visit.desk), "", 0))


@get("/password", opt=door(SIGNED_IN, shop=False), **HIDDEN)
async def password_page(visit: FromVisit) -> Page:
    """The form of one's own password."""
    return page(visit, "password.html")


@post("/password", opt=door(SIGNED_IN, shop=False), status_code=200, **HIDDEN)
async def change_password(visit: FromVisit) -> Page:
    """Change one's own password; every session ends."""
    assert visit.signed is not None
    person, desk = visit.signed.person, visit.desk
    try:
        if not await desk.hasher.verify(person.password_hash, visit.form.get("now", "")[:1000]):
            raise WrongSignIn
        taken = checked_password(visit.form.get("password", ""), person.email, person.name)
        kept = await desk.hasher.hash(taken)
        wish = SetPassword(who=visit.who, person_id=person.id, password_hash=kept)
        await desk.send(visit.who, PORTAL, wish)
    except Refusal as refusal:
        return refused(visit, "password.html", refusal)
    return away("/sign-in?changed=true")


@get("/language/{code:str}", opt=door(PUBLIC, shop=False), **HIDDEN)
async def choose_language(
    code: FromPath[str], visit: FromVisit, next: FromQuery[str] = "/"
) -> Page:
    """Another language from here on, and back to where one was."""
    chosen = code if code in LANGUAGES else visit.language
    return away(own_place(next), cookie(visit, LANGUAGE_COOKIE, chosen, YEAR_S))


@cache
def _style() -> bytes:
    return static_file("portal.css")


@cache
def _script() -> bytes:
    return static_file("portal.js")


@get("/static/portal.css", opt=STATIC, sync_to_thread=False, **HIDDEN)
def style() -> Response[bytes]:
    """How the pages look."""
    return Response(_style(), media_type="text/css")


@get("/static/portal.js", opt=STATIC, sync_to_thread=False, **HIDDEN)
def script() -> Response[bytes]:
    """Looks again by itself while something is on its way."""
    return Response(_script(), media_type="text/javascript")


ROUTES = (
    sign_in_page,
    sign_in,
    sign_out,
    password_page,
    change_password,
    choose_language,
    style,
    script,
)
