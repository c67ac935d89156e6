"""The portal's people, for its operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import get, post

from tradepost.kernel.errors import BadValue, Refusal
from tradepost.kernel.ids import PersonId
from tradepost.platform.web import FromPath, door
from tradepost.portal.commands import TakeOn, TurnPerson
from tradepost.portal.domain import PersonStatus, Role, checked_password
from tradepost.portal.http.desk import PORTAL
from tradepost.portal.http.guard import OPERATE, FromVisit, Visit
from tradepost.portal.http.pages.entrance import HIDDEN
from tradepost.portal.http.rendering import Page, away, page, refused
from tradepost.portal.queries import people_page

BLANK = {"email": "", "name": "", "role": "owner"}


@get("/people", opt=door(OPERATE, shop=False), **HIDDEN)
async def list_people(visit: FromVisit) -> Page:
    """Everybody, and the form of taking somebody on."""
    return await _page(visit)


@post("/people", opt=door(OPERATE, shop=False), status_code=200, **HIDDEN)
async def take_on(visit: FromVisit) -> Page:
    """Take somebody on."""
    form = BLANK | visit.form
    try:
        role = _one_of(Role, form["role"], "role")
        password = checked_password(form.get("password", ""), form["email"], form["name"])
        kept = await visit.desk.hasher.hash(password)
        wish = TakeOn(
            who=visit.who, email=form["email"], name=form["name"], role=role, password_hash=kept
        )
        await visit.desk.send(visit.who, PORTAL, wish)
    except Refusal as refusal:
        return await _page(visit, refusal, form)
    return away("/people")


@post("/people/{person_id:uuid}", opt=door(OPERATE, shop=False), status_code=200, **HIDDEN)
async def turn_person(person_id: FromPath[UUID], visit: FromVisit) -> Page:
    """Shut somebody out, or let them in again."""
    try:
        status = _one_of(PersonStatus, visit.form.get("status", ""), "status")
        wish = TurnPerson(
            who=visit.who,
            person_id=PersonId(person_id),
            status=status,
            version=version_in(visit.form),
        )
        await visit.desk.send(visit.who, PORTAL, wish)
    except Refusal as refusal:
        return await _page(visit, refusal)
    return away("/people")


ROUTES = (list_people, take_on, turn_person)


def version_in(form: Mapping[str, str]) -> int:
    """The version of the record that a form was made for.

    :raises BadValue: if there is none.
    """
    text = form.get("version", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise BadValue("version", "must be a number")
    return int(text)


def _one_of(kind: Any, text: str, field: str) -> Any:
    try:
        return kind(text)
    except ValueError as why:
        raise BadValue(field, f"must be one of {', '.join(kind)}") from why


async def _page(
    visit: Visit, refusal: Refusal | None = None, form: Mapping[str, str] | None = None
) -> Page:
    people = await visit.desk.bus.store.platform_read("list the portal's people", people_page)
    facts: dict[str, Any] = {"people": people, "form": form or BLANK}
    if refusal is not None:
        return refused(visit, "people.html", refusal, **facts)
    return page(visit, "people.html", **facts)
