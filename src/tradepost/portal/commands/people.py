"""Taking people on, letting them in, shutting them out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tradepost.kernel.contact import Email
from tradepost.kernel.ids import Ids, PersonId, SessionId
from tradepost.kernel.messages import Command
from tradepost.portal.domain import By, Person, PersonStatus, Role, Session
from tradepost.portal.errors import NotOneself, OperatorsOnly, PersonTaken, SignInOver
from tradepost.portal.ports import People, Sessions

SESSION_LIFE: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOn(Command):
    """Take somebody on."""

    who: By
    email: str
    name: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPerson(Command):
    """Shut somebody out, or let them in again."""

    who: By
    person_id: PersonId
    status: PersonStatus
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(Command):
    """Replace a password, one's own or (an operator) somebody's."""

    who: By
    person_id: PersonId
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSession(Command):
    """Sign somebody in whose password was right while they were at ``epoch``."""

    person_id: PersonId
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession(Command):
    """Sign out."""

    session_id: SessionId


async def take_on(wish: TakeOn, people: People, ids: Ids) -> PersonId:
    """Keep somebody new."""
    _operators_only(wish.who)
    if await people.by_email(Email.parse(wish.email).key) is not None:
        raise PersonTaken
    made = PersonId(ids.new())
    person = Person.taken_on(made, wish.email, wish.name, wish.role, wish.password_hash, wish.at)
    people.add(person)
    return person.id


async def turn_person(wish: TurnPerson, people: People) -> int:
    """Keep whether they are let in."""
    _operators_only(wish.who)
    if wish.person_id == wish.who.person_id:
        raise NotOneself
    person = await people.get(wish.person_id)
    return await people.save(person.turned(wish.status), wish.version)


async def set_password(wish: SetPassword, people: People) -> int:
    """Keep the new one; whoever came in by the old one is out."""
    if wish.person_id != wish.who.person_id:
        _operators_only(wish.who)
    person = await people.get(wish.person_id)
    return await people.save(person.with_password(wish.password_hash), person.version)


async def start_session(
    wish: StartSession, people: People, sessions: Sessions, ids: Ids
) -> Session:
    """A new sign-in, with an identifier of its own."""
    person = await people.get(wish.person_id)
    if person.epoch != wish.epoch or person.status is not PersonStatus.ACTIVE:
        raise SignInOver
    made = SessionId(ids.new())
    session = Session(made, person.id, person.epoch, wish.at, wish.at + SESSION_LIFE, None, 1)
    sessions.add(session)
    return session


async def end_session(wish: EndSession, sessions: Sessions) -> None:
    """The end of one; again is no harm."""
    session = await sessions.get(wish.session_id)
    if session.ended_at is None:
        await sessions.save(replace(session, ended_at=wish.at), session.version)


HANDLERS = {
    TakeOn: take_on,
    TurnPerson: turn_person,
    SetPassword: set_password,
    StartSession: start_session,
    EndSession: end_session,
}


def _operators_only(who: By) -> None:
    if not who.operator:
        raise OperatorsOnly
