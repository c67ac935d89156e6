"""Commands are wishes, facts are what happened; both are frozen dataclasses of plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from tradepost.kernel.errors import MayNot
from tradepost.kernel.ids import TenantId, VendorId

NOT_STAMPED = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wishes: the kind of person or machine, which one, what they may do, from where.

    Of a ``vendor_id`` somebody sees that vendor's alone, whatever they may do.
    """

    kind: str
    id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    origin: str = ""
    vendor_id: VendorId | None = None

    def may(self, permission: str) -> bool:
        """Whether a named permission is held; ``*`` holds them all."""
        return permission in self.permissions or "*" in self.permissions

    def must(self, permission: str) -> None:
        """Refuse with :class:`MayNot` unless the permission is held."""
        if not self.may(permission):
            raise MayNot(permission=permission)


GUEST = Actor("guest")
SYSTEM = Actor("system", permissions=frozenset({"*"}))
"""The shop's own machinery: reactions, sweeps, replays."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose shop a command is for, who wishes it, and why.

    ``holder`` tells guests apart, who have no identifier: the cart or the order they were let at,
    or the hash of a token of theirs. It is kept in no fact.
    """

    tenant_id: TenantId
    actor: Actor
    request_id: str = ""
    reason: str = ""
    holder: str = ""

    def allowed(self, *permissions: str) -> Scope:
        """The same person with permissions that the one who asks on their behalf answers for."""
        held = self.actor.permissions | frozenset(permissions)
        return replace(self, actor=replace(self.actor, permissions=held))


NOBODY = Scope(TenantId(UUID(int=0)), Actor("nobody"))
"""Who wishes a command that no bus has stamped yet: somebody who may do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A wish in the imperative. Subclass it, frozen, in a context's ``commands.py``.

    ``at`` is the business instant of what it causes. The bus stamps it with its clock unless the
    one who wishes knows better: a replayed document, a till that was offline. ``by`` says who
    wishes it; the bus alone stamps that, so that commands of many people can be granted together.
    """

    at: datetime = NOT_STAMPED
    by: Scope = NOBODY


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, in the past tense: the published language of a context.

    Fields are primitives, identifiers and tuples of such records; no personal data. ``name`` is
    ``<domain>.<action>``, ``schema`` grows when a field is added, ``stream`` names the kind of
    document that caused the fact and ``key`` the field that holds the document's identifier.
    """

    name: ClassVar[str]
    schema: ClassVar[int] = 1
    stream: ClassVar[str]
    key: ClassVar[str]

    @property
    def stream_id(self) -> UUID:
        """The document on whose stream this fact is kept, in order."""
        value = getattr(self, self.key)
        assert isinstance(value, UUID)
        return value

    @property
    def stream_name(self) -> str:
        """The kind of that document; facts that several kinds can cause name it in their body."""
        return self.stream


F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Told(Generic[F_co]):
    """A fact as the log keeps it: what happened, where in the order of all things, and by whom.

    ``seq`` numbers all facts without a gap; ``version`` is the one that the document reached by
    it; ``at`` is the business instant.
    """

    seq: int
    tenant_id: TenantId
    event_id: UUID
    stream: str
    stream_id: UUID
    version: int
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    request_id: str
    reason: str
    fact: F_co


class Facts(Protocol):
    """Where a handler tells what happened; it leaves with the commit, or never."""

    def tell(self, fact: Fact, version: int, at: datetime) -> None:
        """Tell a fact that happened at an instant, with the version its document reached by it."""
        ...

    def on_behalf(self, document: UUID, by: Scope) -> None:
        """Put down what is told of a document to the one who wished it, not to the whole batch."""
        ...

    def speak_for(self, by: Scope) -> None:
        """Put down to this one, from now on, what is told of documents that nobody is named for."""
        ...


H = TypeVar("H", bound=Callable[..., object])
_OF_MANY = "of_many"


def of_many(handler: H) -> H:
    """Declare that a handler's list may hold the wishes of many people of one shop.

    It asks ``wish.by`` for what they may, and puts the facts of each document down to its wish.
    """
    setattr(handler, _OF_MANY, True)
    return handler


def is_of_many(handler: Callable[..., object]) -> bool:
    """Whether a handler is declared so."""
    return getattr(handler, _OF_MANY, False) is True
