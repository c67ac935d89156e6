"""Dead letters, for staff: facts that a consumer has given up on, and what waits behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, PathParameter

from tradepost.platform.consumers.deciding import DiscardDeadLetter, ReplayDeadLetter
from tradepost.platform.consumers.letters import dead_letter, list_dead_letters, list_parked
from tradepost.platform.consumers.tables import DeadLetter, ParkedStream
from tradepost.platform.web.context import FromCaller
from tradepost.platform.web.door import door
from tradepost.platform.web.paging import FromPaging, Page

READ, DECIDE = "dead_letters.read", "dead_letters.replay"
TAGS = ["Dead letters"]
PATH = "/api/v1/dead-letters"
ONE = f"{PATH}/{{consumer:str}}/{{event_id:uuid}}"
Consumer = Annotated[str, PathParameter(max_length=200)]


@dataclass(frozen=True, slots=True)
class LetterView:
    """A dead letter with the body of its fact."""

    letter: DeadLetter
    fact: dict[str, Any]


@get(PATH, opt=door(READ), tags=TAGS)
async def list_letters(caller: FromCaller, paging: FromPaging) -> Page[DeadLetter]:
    """The dead letters of the shop, in the order of the log."""
    seq, consumer = paging.after or (0, "")
    rows = await caller.ask(list_dead_letters, seq, paging.limit + 1, consumer=consumer)
    return paging.page(rows, lambda row: (row.seq, row.consumer))


@get("/api/v1/waiting-facts", opt=door(READ), tags=TAGS)
async def list_waiting(caller: FromCaller) -> list[ParkedStream]:
    """Documents whose facts wait: to be tried again, or for somebody's decision."""
    return await caller.ask(list_parked)


@get(ONE, opt=door(READ), tags=TAGS)
async def read_letter(
    consumer: Consumer, event_id: FromPath[UUID], caller: FromCaller
) -> LetterView:
    """A dead letter, with its fact."""
    found = await caller.ask(dead_letter, consumer, event_id)
    return LetterView(found.letter, msgspec.json.decode(found.body))


@post(f"{ONE}/replay", opt=door(DECIDE), tags=TAGS, status_code=204)
async def replay_letter(consumer: Consumer, event_id: FromPath[UUID], caller: FromCaller) -> None:
    """Have the worker try the fact again, and after it what waits behind it."""
    await caller.send(ReplayDeadLetter(consumer, event_id))


@post(f"{ONE}/discard", opt=door(DECIDE), tags=TAGS, status_code=204)
async def discard_letter(consumer: Consumer, event_id: FromPath[UUID], caller: FromCaller) -> None:
    """Give the fact up for this consumer, and let go on what waits behind it."""
    await caller.send(DiscardDeadLetter(consumer, event_id))


ROUTES = (list_letters, list_waiting, read_letter, replay_letter, discard_letter)
