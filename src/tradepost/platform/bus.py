"""The bus: opens the work, hands a handler what its type hints name, and alone commits.

A handler of the plain kind takes one command. A *laned* one takes a list of commands of one tenant
and answers each, with a value or a refusal, in the same order; a list of one is its plain case.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Command, Scope
from tradepost.platform.bound import Bindings, Bound
from tradepost.platform.db.errors import (
    AlreadyThere,
    DuplicateKey,
)
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.failpoints import reach
from tradepost.platform.granting import Granting, Stamped, Wish, raise_first
from tradepost.platform.idempotency import (
    LOOKS_ALONE,
    LOOKS_OF_BATCHES,
    REPLAYED,
    AskedId,
    Kept,
    Repeats,
    kept,
)
from tradepost.platform.retrying import retried
from tradepost.platform.routes import Handler, QueryWants, answer_shape, routes_of

__all__ = ["Bindings", "Bound", "Bus", "Handler", "Wish", "answer_shape"]
T = TypeVar("T")
Prepare = Callable[[Scope], Awaitable[object]]
"""Brings what a scope's handlers will want to know, before their work opens."""
Elsewhere = Callable[[Scope, Sequence[Wish], bool], Awaitable[list[Any]]]
"""Has wishes granted by the process that writes the store, where this one cannot."""
Lane = Callable[[Stamped], Awaitable[Any]]
"""Has a wish granted together with those of others; answers it."""


class Bus:
    """Sends wishes to those who grant them."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[type, Handler],
        bindings: Bindings,
        *,
        ids: Ids,
        clock: Clock,
        prepare: Prepare | None = None,
    ) -> None:
        self.store = store
        self.after_commit: Callable[[], None] = lambda: None
        self.elsewhere: Elsewhere | None = None
        self.lane: Lane | None = None
        self._prepare = prepare
        self.bindings = bindings
        self.ids = ids
        self.clock = clock
        self._wants = QueryWants(bindings)
        self._routes = routes_of(handlers, bindings)
        self._granting = Granting(self, self._routes)
        self._repeats = Repeats(LOOKS_OF_BATCHES)
        self._repeats_alone = Repeats(LOOKS_ALONE)

    def answer_of(self, command: type[Command]) -> Any:
        """The type of what a command is answered with."""
        return self._routes[command].answer

    async def send(self, scope: Scope, command: Command, *, key: str | None = None) -> Any:
        """Grant one wish and commit it; raises the refusal if there is one.

        With a ``key`` the answer is kept, and a repetition is answered with it.
        """
        shared = self._routes[type(command)].shared
        if shared and self.lane is not None and self.elsewhere is None:
            answer = await self.lane(await self._stamped(scope, Wish(command, key)))
        else:
            (answer,) = await self.send_all(scope, [Wish(command, key)])
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def send_all(
        self, scope: Scope, wishes: Sequence[Wish], *, whole: bool = False
    ) -> list[Any]:
        """Grant many wishes in one transaction, in order; refusals stand among the answers.

        With ``whole`` the first refusal is raised instead, and nothing of it all is done.
        """
        if self.elsewhere is not None:
            return await self.elsewhere(scope, wishes, whole)
        if not wishes:
            return []
        stamped = [await self._stamped(scope, wish) for wish in wishes]
        answers, replayed = await self.grant_batch(stamped, whole=whole)
        if replayed:
            REPLAYED.set(True)
        return answers

    async def grant_batch(
        self,
        stamped: Sequence[Stamped],
        *,
        whole: bool = False,
        lane: bool = False,
    ) -> tuple[list[Any], set[AskedId]]:
        """Grant wishes of one tenant, whoever's they are, in one transaction, and commit it.

        Answers each, and tells which keys were answered before. A ``lane`` has connections of its
        own. Whatever is raised has undone all of it.
        """
        scope = stamped[0].command.by
        keyed = any(one.asked for one in stamped)
        replayed: set[AskedId] = set()
        look_up = self._looks_up(stamped, lane=lane)
        kind = type(stamped[0].command).__name__
        reach("bus.before_work", kind)

        async def job(work: Work) -> list[Any]:
            answers = await self._granting.grant_all(
                work, stamped, look_up=look_up, replayed=replayed
            )
            if whole:
                raise_first(answers)
            reach("bus.before_flush", kind)
            await work.flush()
            reach("bus.before_commit", kind)
            return answers

        def transaction() -> Awaitable[list[Any]]:
            if lane:
                return self.store.lane_write(scope, job, wishes=len(stamped))
            return self.store.write(scope, job)

        try:
            answers = await self._retried(transaction, keyed=keyed)
            reach("bus.after_commit", kind)
            if replayed:
                self._repeats_alone.met()
            return answers, replayed
        except DuplicateKey:
            # by somebody who came at the same time, perhaps: once more, all of it is undone
            self._repeats.met()
            self._repeats_alone.met()
        except Refusal as refused:
            if not keyed or len(stamped) > 1:
                raise
            (one,) = stamped
            assert one.asked is not None
            return [await self._kept_or(refused, one)], {one.asked.id}
        look_up = True
        try:
            return await self._retried(transaction, keyed=keyed), replayed
        except DuplicateKey as taken:
            raise AlreadyThere(taken.constraint) from taken

    def _looks_up(self, stamped: Sequence[Stamped], *, lane: bool) -> bool:
        """Whether to look for kept answers first; else a key that is taken undoes the work."""
        if len(stamped) == 1:
            return stamped[0].asked is not None and self._repeats_alone.likely()
        return not lane or self._repeats.likely()

    async def preview(self, scope: Scope, command: Command) -> Any:
        """What a wish would be answered: the real run, undone."""
        stamped = [await self._stamped(scope, Wish(command))]

        async def job(work: Work) -> None:
            answers = await self._granting.grant_all(work, stamped, look_up=False, replayed=set())
            raise_first(answers)
            raise _Undone(answers[0])

        try:
            await self._retried(lambda: self.store.write(scope, job), keyed=False)
        except _Undone as undone:
            return undone.answer

    async def ask(
        self, scope: Scope, query: Callable[..., Awaitable[T]], *args: Any, **named: Any
    ) -> T:
        """Run a query on one read-only snapshot of the scope's tenant.

        Ports and the like that it names by type are given to it, as to a handler, unless they are
        among the arguments; through them it can read, too, and nothing else.
        """
        wants = self._wants.of(query)
        if wants and self._prepare is not None:
            await self._prepare(scope)

        async def job(db: Reader) -> T:
            bound = Bound(self, db, scope)
            given: dict[str, Any] = {
                name: bound.get(kind)
                for place, name, kind in wants
                if place > len(args) and name not in named
            }
            return await query(db, *args, **given, **named)

        return await self.store.read(scope.tenant_id, job)

    async def within(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        """Do a job that may safely be repeated in one transaction, as often as that takes.

        For those who know by rows of their own what they have done before.
        """
        if self._prepare is not None:
            await self._prepare(scope)
        return await self._retried(lambda: self.store.write(scope, job), keyed=True)

    def kind_of(self, command: Command) -> type:
        """The kind of wish that a command is, which its handler names."""
        return self._routes[type(command)].kind

    def is_laned(self, command: Command) -> bool:
        """Whether commands of this kind are granted together."""
        return self._routes[type(command)].laned

    async def grant(self, work: Work, scope: Scope, commands: Sequence[Command]) -> list[Any]:
        """Grant commands of one kind in a work that somebody else commits; answers each.

        Raises the first refusal, upon which the whole work has to be undone.
        """
        return await self._granting.grant(work, scope, commands)

    async def _stamped(self, scope: Scope, wish: Wish) -> Stamped:
        if self._prepare is not None:
            await self._prepare(scope)
        return self._granting.stamp(scope, wish)

    async def _kept_or(self, refused: Refusal, one: Stamped) -> Any:
        """After a refusal: the answer kept under the key if there is one, else the refusal."""
        asked = one.asked
        assert asked is not None
        shape = self._routes[type(one.command)].answer

        async def look(db: Reader) -> dict[AskedId, Kept]:
            return await kept(db, [asked], shape)

        found = await self.store.read(one.command.by.tenant_id, look)
        if asked.id not in found:
            raise refused
        return asked.answered_with(found[asked.id])

    async def _retried(self, transaction: Callable[[], Awaitable[T]], *, keyed: bool) -> T:
        answer = await retried(transaction, keyed=keyed)
        self.after_commit()
        return answer


class _Undone(Exception):
    """Carries the answer of a preview out of the transaction that it undoes."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer
