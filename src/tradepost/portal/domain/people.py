"""The portal's own people: operators, and the owners of tenants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from tradepost.kernel.codes import folded
from tradepost.kernel.contact import Email
from tradepost.kernel.ids import PersonId, SessionId
from tradepost.kernel.text import one_line
from tradepost.portal.errors import BadNewPassword

PASSWORD_LENGTH_MIN: Final = 12
PASSWORD_LENGTH_MAX: Final = 128
_SIGNS_MIN: Final = 5


class Role(StrEnum):
    """What somebody may do here."""

    OPERATOR = "operator"
    """Everything: the people who run the platform."""
    OWNER = "owner"
    """Register tenants, and look after those that are in their name."""


class PersonStatus(StrEnum):
    """Whether somebody is let in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Person:
    """One of them; whoever signed in at an earlier ``epoch`` is out."""

    id: PersonId
    email: str
    email_key: str
    name: str
    role: Role
    password_hash: str
    status: PersonStatus
    epoch: int
    created_at: datetime
    version: int

    @classmethod
    def taken_on(
        cls, id: PersonId, email: str, name: str, role: Role, password_hash: str, at: datetime
    ) -> Person:
        """Somebody new.

        :raises BadEmail: or ``BadText``, for what cannot be their address or name.
        """
        known = Email.parse(email)
        named = one_line(name, "name")
        active = PersonStatus.ACTIVE
        return cls(id, known.value, known.key, named, role, password_hash, active, 0, at, 1)

    def turned(self, status: PersonStatus) -> Person:
        """Let in, or shut out, and out wherever they were in."""
        return replace(self, status=status, epoch=self.epoch + 1)

    def with_password(self, password_hash: str) -> Person:
        """Under a new password; whoever knew the old one is out."""
        return replace(self, password_hash=password_hash, epoch=self.epoch + 1)

    @property
    def is_operator(self) -> bool:
        """Whether they run the platform."""
        return self.role is Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of somebody, on one device."""

    id: SessionId
    person_id: PersonId
    epoch: int
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    version: int


def checked_password(text: str, *known: str) -> str:
    """A new password in the form that is hashed (Unicode NFC); ``known`` must not be it.

    :raises BadNewPassword: if it is too short, too long, or too easy.
    """
    if not text.isprintable() or len(text) > PASSWORD_LENGTH_MAX:
        raise BadNewPassword("password", f"needs at most {PASSWORD_LENGTH_MAX} signs")
    taken = normalize("NFC", text)
    if len(taken) < PASSWORD_LENGTH_MIN:
        raise BadNewPassword("password", f"is shorter than {PASSWORD_LENGTH_MIN} signs")
    if len(set(taken)) < _SIGNS_MIN or folded(taken) in map(folded, known):
        raise BadNewPassword("password", "is too easy to guess")
    return taken
