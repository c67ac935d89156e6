"""The event feed and the trails: complete, in order, and each tenant's own."""

from __future__ import annotations

from uuid import uuid4

from tests.relay.notes import BOOK, LISTENER, TakeNotes
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.feed import feed, object_trail, person_trail, stream_feed
from tradepost.platform.worker import Worker


async def test_a_feed_is_read_from_number_to_number(bus: Bus, scope: Scope) -> None:
    pads = [uuid4(), uuid4()]
    for pad in pads:
        await bus.send(scope, TakeNotes(pad, 1, 4, text="x"))
    await bus.send(Scope(TenantId(uuid4()), SYSTEM), TakeNotes(uuid4(), 1, 9))
    await Worker(bus, [], book=BOOK).settle()
    seen, after = [], 0
    while page := await bus.ask(scope, feed, after, 3):
        seen += page
        after = page[-1].seq
    assert [one.seq for one in seen] == sorted({one.seq for one in seen})
    assert [(one.stream_id, one.version) for one in seen] == [
        (pad, nth) for pad in pads for nth in range(1, 5)
    ]
    assert seen[0].body == {"pad_id": str(pads[0]), "nth": 1, "text": "x"}
    assert seen[0].logged_at >= seen[0].happened_at
    named = await bus.ask(scope, feed, names=["note.taken"])
    assert named == seen and await bus.ask(scope, feed, names=["note.heard"]) == []
    stream = await bus.ask(scope, stream_feed, "pad", pads[1], seen[5].seq)
    assert stream == seen[6:]
    assert await bus.ask(scope, stream_feed, "order", pads[1]) == []


async def test_trails_tell_who_did_what_newest_first(bus: Bus, scope: Scope) -> None:
    pad, other = uuid4(), uuid4()
    anna = Actor("staff", uuid4(), frozenset({"*"}))
    by_anna = Scope(scope.tenant_id, anna, request_id="request-0001", reason="asked by phone")
    await bus.send(scope, TakeNotes(pad, 1, 2))
    await bus.send(by_anna, TakeNotes(pad, 3))
    await bus.send(by_anna, TakeNotes(other, 1))
    await Worker(bus, [LISTENER], book=BOOK).settle()
    trail = await bus.ask(scope, object_trail, pad)
    assert [one.version for one in trail] == [3, 2, 1]
    assert [one.actor_id for one in trail] == [anna.id, None, None]
    assert (trail[0].request_id, trail[0].reason) == ("request-0001", "asked by phone")
    assert anna.id is not None
    done = await bus.ask(scope, person_trail, anna.id)
    assert [one.stream_id for one in done] == [other, pad]
    assert await bus.ask(scope, person_trail, anna.id, done[0].seq) == done[1:]
    stranger = Scope(TenantId(uuid4()), SYSTEM)
    assert await bus.ask(stranger, object_trail, pad) == []
    assert await bus.ask(stranger, person_trail, anna.id) == []
