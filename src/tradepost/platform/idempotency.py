"""Asking twice is safe: key, hash of the input and answer live in the command's transaction.

A single command relies on the unique key: it does its work, and if the key turns out to be taken
the transaction is undone and the stored answer is told again. So does the batch of a lane. Both
look first where keys were found taken a short while ago, as any other batch always does. Refusals
of list handlers are answers too and are kept; a raised refusal undid its transaction and is not
(docs/decisions).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, runtime_checkable

import msgspec

from tradepost.kernel.errors import REASONS, Conflict, Invalid, Refusal
from tradepost.kernel.messages import Command, Scope
from tradepost.platform.db.schema import tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Work

KEY_LENGTH_MAX = 255
LOOKS_OF_BATCHES = 100
"""Batches that look their keys up first, after one that met a key that was taken."""
LOOKS_ALONE = 3
"""Single wishes that do: to be undone costs one of them about what ten looks do."""
REPLAYED: ContextVar[bool] = ContextVar("replayed", default=False)
"""Whether the last wish that this task sent was answered with a kept answer."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to a key: the fingerprint of what was asked, and the answer as JSON."""

    principal: str
    route: str
    key: str
    fingerprint: str
    answer: str
    answered_at: datetime


@dataclass(eq=False)
class KeyReused(Invalid):
    """The key {key} was used before for another request.

    Use a fresh key for every new wish, and the same key only to repeat the same one.
    """

    key: str
    route: str


@dataclass(eq=False)
class KeyRunning(Conflict):
    """The first request with the key {key} is still running.

    Repeat the request with the same key after {retry_after_s} seconds.
    """

    key: str
    retry_after_s: int = 1


idempotency_keys = tenant_table(
    "idempotency_keys", KeptAnswer, key=("key", "principal", "route"), indexes=[("answered_at",)]
)
_k = idempotency_keys.c
_FIND = Statement(
    scoped(idempotency_keys, _k.route, _k.principal, _k.key, _k.fingerprint, _k.answer)
    .where(any_of(_k.route, "routes"))
    .where(any_of(_k.key, "keys"))
)


_KNOWN = Statement(
    scoped(idempotency_keys, _k.key)
    .where(_k.principal == param("principal"))
    .where(any_of(_k.key, "keys"))
)


async def keys_known(db: Reader, scope: Scope, keys: list[str]) -> set[str]:
    """Which of these keys the scope's principal has been answered under, by any route."""
    rows = await db.all(_KNOWN, principal=principal_of(scope), keys=keys)
    return {row[0] for row in rows}


def principal_of(scope: Scope) -> str:
    """Whose keys these are; nobody can be answered with somebody else's.

    Guests go by what they hold, not by their address, which may change between two tries of the
    same request. Those who hold nothing share one name: the doors take from them only keys that
    nobody can guess (docs/decisions/0011).
    """
    return f"{scope.actor.kind}:{scope.actor.id or scope.holder}"


def fingerprint(command: Command) -> str:
    """The hash of everything the command says."""
    return hashlib.sha256(msgspec.json.encode(command)).hexdigest()


AskedId = tuple[str, str, str]
"""Route, principal and key: what an answer is kept under."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with its key, whose key it is, and the fingerprint of the command's input."""

    principal: str
    route: str
    key: str
    fingerprint: str

    @property
    def id(self) -> AskedId:
        """What tells it from all others of the tenant."""
        return self.route, self.principal, self.key

    def answered_with(self, found: Kept) -> Any:
        """The answer kept under the key; :class:`KeyReused` if that was for other input."""
        same = found.fingerprint == self.fingerprint
        return found.answer if same else KeyReused(self.key, self.route)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the fingerprint of what it answered."""

    fingerprint: str
    answer: Any


class Repeats:
    """Whether wishes are being repeated, so that one had better look for answers that are known.

    A repetition that nobody looked for meets the key that is kept, and its whole batch is undone
    and granted once more: dear, and rare. Where one was met, more are about.
    """

    def __init__(self, looks_after: int) -> None:
        self._looks_after = looks_after
        self._looks = 0

    def met(self) -> None:
        """Look for some time."""
        self._looks = self._looks_after

    def likely(self) -> bool:
        """Whether to look before what comes next."""
        if self._looks == 0:
            return False
        self._looks -= 1
        return True


async def kept(db: Reader, asked: Sequence[Asked], shape: Any) -> dict[AskedId, Kept]:
    """The answers of one shape kept under these keys, whoever's they are; one statement."""
    if not asked:
        return {}
    routes, keys = sorted({one.route for one in asked}), sorted({one.key for one in asked})
    rows = await db.all(_FIND, routes=routes, keys=keys)
    wanted = {one.id for one in asked}
    return {
        (route, principal, key): Kept(print_, decode_answer(answer, shape))
        for route, principal, key, print_, answer in rows
        if (route, principal, key) in wanted
    }


def keep(work: Work, asked: Asked, answer: Any, at: datetime) -> None:
    """Keep an answer under its key, in the work's own transaction."""
    work.add(
        idempotency_keys,
        {
            "principal": asked.principal,
            "route": asked.route,
            "key": asked.key,
            "fingerprint": asked.fingerprint,
            "answer": encode_answer(answer),
            "answered_at": at,
        },
    )


@runtime_checkable
class PartlyKept(Protocol):
    """An answer that holds more than may be kept: persons, or what is soon out of date."""

    def to_keep(self) -> object:
        """The answer as whoever repeats the wish is told it."""
        ...


@cache
def _is_partly_kept(kind: type) -> bool:
    """Asked once for each kind: to look through a protocol takes longer than to encode."""
    return issubclass(kind, PartlyKept)


def encode_answer(answer: Any) -> str:
    """An answer as JSON; a refusal by its code and facts."""
    if isinstance(answer, Refusal):
        answer = {"refusal": answer.code, "facts": answer.facts()}
    elif _is_partly_kept(answer.__class__):
        answer = answer.to_keep()
    return msgspec.json.encode({"answer": answer}).decode()


class _Envelope(msgspec.Struct):
    answer: msgspec.Raw


class _KeptRefusal(msgspec.Struct, forbid_unknown_fields=True):
    refusal: str
    facts: dict[str, Any]


def decode_answer(text: str, shape: Any) -> Any:
    """The answer that was encoded, as its own type."""
    raw = msgspec.json.decode(text, type=_Envelope).answer
    try:
        refusal = msgspec.json.decode(raw, type=_KeptRefusal)
    except msgspec.ValidationError:
        return _decoder(shape).decode(raw)
    return REASONS[refusal.refusal](**refusal.facts)


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)
