"""Reading facts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import click
import msgspec

from tradepost.apps.cli.calling import at_desk, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, json_option, table
from tradepost.platform.feed import LIMIT_MAX, FactView, feed, newest, object_trail
from tradepost.wiring.opening import Desk

LOOK_S = 0.5
_names = click.option("--name", "names", multiple=True, help="Only facts of this name; repeatable.")


@click.command(
    "list",
    help="""List facts in the order of their numbers, or what happened to one object.

\b
Examples:
  tradepost events list tea-house --after 1000 --limit 20
  tradepost events list tea-house --name order.placed --json
  tradepost events list tea-house --of 01a1fdab-b3c5-7c07-8203-e9997c0b6884
""",
)
@click.argument("shop")
@click.option("--after", default=0, show_default=True, help="The number that they follow.")
@click.option(
    "--limit", type=click.IntRange(1, LIMIT_MAX), default=50, show_default=True, help="How many."
)
@click.option("--of", type=click.UUID, help="An object: what happened to it, newest first.")
@_names
@json_option
@click.pass_context
def list_(
    context: click.Context,
    shop: str,
    after: int,
    limit: int,
    of: UUID | None,
    names: tuple[str, ...],
    json_: bool,
) -> None:
    """Show facts, each in a line."""

    async def job(opened: Desk) -> list[FactView]:
        scope = scope_of(await shop_named(opened, shop))
        if of is not None:
            return await opened.bus.ask(scope, object_trail, of, limit=limit)
        return await opened.bus.ask(scope, feed, after, limit, names=names)

    facts = at_desk(context, job, reads=True)
    if json_:
        as_json(facts)
        return
    headings = ["number", "happened at", "fact", "of", "version", "by"]
    table(headings, [_row(fact) for fact in facts], right=["number", "version"])


@click.command(
    help="""Follow the facts of a shop as they happen, until Ctrl-C; with --json a document a line.

\b
Examples:
  tradepost events follow tea-house
  tradepost events follow tea-house --after 0 --json | grep order.placed
"""
)
@click.argument("shop")
@click.option("--after", type=int, help="The number to begin behind; the newest unless given.")
@click.option("--count", type=click.IntRange(1), help="End after so many facts.")
@_names
@json_option
@click.pass_context
def follow(
    context: click.Context,
    shop: str,
    after: int | None,
    count: int | None,
    names: tuple[str, ...],
    json_: bool,
) -> None:
    """Look, print what is new, look again."""

    async def job(opened: Desk) -> None:
        scope = scope_of(await shop_named(opened, shop))
        seq = await opened.bus.ask(scope, newest) if after is None else after
        left = count or -1
        while left:
            facts = await opened.bus.ask(scope, feed, seq, LIMIT_MAX, names=names)
            for fact in facts[:left] if left > 0 else facts:
                _print(fact, json_=json_)
                seq, left = fact.seq, left - 1
            if not facts:
                await asyncio.sleep(LOOK_S)

    at_desk(context, job, reads=True)


def _print(fact: FactView, *, json_: bool) -> None:
    if json_:
        click.echo(msgspec.json.encode(asdict(fact)))
    else:
        click.echo("  ".join(str(cell) for cell in _row(fact)))


def _row(fact: FactView) -> Sequence[object]:
    at = fact.happened_at.isoformat(" ", "seconds")
    return (fact.seq, at, fact.name, fact.stream_id, fact.version, fact.actor_kind)
