"""Dead letters: looked at, replayed, let pass."""

from __future__ import annotations

from uuid import UUID

import click

from tradepost.apps.cli.calling import at_desk, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.platform.consumers.deciding import DiscardDeadLetter, ReplayDeadLetter
from tradepost.platform.consumers.letters import (
    DeadLetterView,
    dead_letter,
    list_dead_letters,
    list_parked,
)
from tradepost.platform.consumers.tables import DeadLetter, ParkedStream
from tradepost.wiring.opening import Desk

Decision = type[ReplayDeadLetter] | type[DiscardDeadLetter]


@click.group(
    help="""Look after the facts that a consumer could not handle.

\b
Examples:
  tradepost events letters list tea-house
  tradepost events letters replay tea-house reporting.sales_by_day 01a1fdab-b3c5-7c07-8203-e9997c0b
"""
)
def letters() -> None:
    """The group of commands about dead letters."""


@letters.command(
    "list",
    help="""List the dead letters of a shop, and the documents that wait behind a failure.

\b
Example:
  tradepost events letters list tea-house --json
""",
)
@click.argument("shop")
@json_option
@click.pass_context
def list_(context: click.Context, shop: str, json_: bool) -> None:
    """Show both."""

    async def job(opened: Desk) -> tuple[list[DeadLetter], list[ParkedStream]]:
        scope = scope_of(await shop_named(opened, shop))
        ask = opened.bus.ask
        return await ask(scope, list_dead_letters), await ask(scope, list_parked)

    dead, parked = at_desk(context, job, reads=True)
    if json_:
        as_json({"dead_letters": dead, "waiting": parked})
        return
    headings = ["consumer", "event", "fact", "tries", "dead at", "error"]
    rows = [
        (one.consumer, one.event_id, one.name, one.tries, _at(one.dead_at), one.error)
        for one in dead
    ]
    table(headings, rows, right=["tries"])
    headings = ["waiting for", "document", "since fact", "tries", "next try"]
    waiting = [
        (one.consumer, f"{one.stream} {one.stream_id}", one.seq, one.tries, _at(one.next_try_at))
        for one in parked
    ]
    table(headings, waiting, right=["since fact", "tries"])


def _at(instant: object) -> object:
    return instant.isoformat(" ", "seconds") if hasattr(instant, "isoformat") else instant


@letters.command(
    help="""Show one dead letter with the fact's body.

\b
Example:
  tradepost events letters show tea-house CONSUMER EVENT
"""
)
@click.argument("shop")
@click.argument("consumer")
@click.argument("event", type=click.UUID)
@click.pass_context
def show(context: click.Context, shop: str, consumer: str, event: UUID) -> None:
    """Show it as JSON, which the body is."""

    async def job(opened: Desk) -> DeadLetterView:
        scope = scope_of(await shop_named(opened, shop))
        return await opened.bus.ask(scope, dead_letter, consumer, event)

    as_json(at_desk(context, job, reads=True))


def _decide(action: str, about: str, wish: Decision, told: str) -> None:
    """Add a command that decides what becomes of a dead letter."""

    @letters.command(
        action,
        help=f"""{about}

\b
Example:
  tradepost events letters {action} tea-house CONSUMER EVENT
""",
    )
    @click.argument("shop")
    @click.argument("consumer")
    @click.argument("event", type=click.UUID)
    @click.pass_context
    def command(context: click.Context, shop: str, consumer: str, event: UUID) -> None:
        async def job(opened: Desk) -> None:
            scope = scope_of(await shop_named(opened, shop), "decided on the command line")
            await opened.bus.send(scope, wish(consumer, event))

        at_desk(context, job)
        done(told)


_decide(
    "replay",
    "Have the fact tried again by the worker, and after it what waits behind it.",
    ReplayDeadLetter,
    "The worker will try it again.",
)
_decide(
    "pass",
    "Give the fact up for this consumer, and let go on what waits behind it.",
    DiscardDeadLetter,
    "It is given up; what waited behind it goes on.",
)
