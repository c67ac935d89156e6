"""``tradepost search``."""

from __future__ import annotations

import click

from tradepost.apps.cli.calling import at_desk, shop_named
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.search.domain import SearchPage, SearchQuery
from tradepost.search.gateway.engine import TantivySearch
from tradepost.wiring.index import FOLDER, rebuild_index
from tradepost.wiring.opening import Desk


@click.group(
    help="""Search as shoppers do, or make the index anew.

The index lies in the data folder of each machine that serves and follows the facts; it can be
thrown away at any time, because the facts have it all.

\b
Examples:
  tradepost search query tea-house "green tea"
  tradepost search rebuild
"""
)
def search() -> None:
    """The group of commands about the search index."""


@search.command(
    help="""Show what a shopper of a shop would find, best first.

\b
Examples:
  tradepost search query tea-house "gren tea"
  tradepost search query tea-house --limit 5 --json
"""
)
@click.argument("shop")
@click.argument("words", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many."
)
@json_option
@click.pass_context
def query(
    context: click.Context, shop: str, words: tuple[str, ...], limit: int, json_: bool
) -> None:
    """Search the index of this machine."""

    async def job(opened: Desk) -> SearchPage:
        profile = await shop_named(opened, shop)
        engine = await TantivySearch.open(opened.data_dir / FOLDER)
        try:
            asked = SearchQuery(tenant_id=profile.id, text=" ".join(words), limit=limit)
            return await engine.search(asked)
        finally:
            await engine.close()

    page = at_desk(context, job, reads=True)
    if json_:
        as_json(page)
        return
    rows = [(one.title, one.skus, one.price_min, one.currency, one.available) for one in page.hits]
    table(["title", "SKUs", "price (minor units)", "", "available"], rows)
    click.echo(f"{page.total} found.", err=True)


@search.command(
    help="""Throw the index of this machine away and make it anew from the facts.

While the servers run they do it themselves, and go on answering.

\b
Example:
  tradepost search rebuild
"""
)
@click.pass_context
def rebuild(context: click.Context) -> None:
    """Rebuild here, or have it rebuilt by the process that keeps house."""

    async def job(opened: Desk) -> None:
        await rebuild_index(opened.store, opened.data_dir)

    at_desk(context, job, reads=True)
    done("The index is made anew.")
