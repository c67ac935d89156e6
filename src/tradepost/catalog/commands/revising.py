"""A revision: titles and base prices of many articles in one command, told in one fact a type."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.catalog.domain.parts import at_most
from tradepost.catalog.domain.revision import ARTICLES_A_REVISION_MAX, ArticleLine, revision_of
from tradepost.catalog.ports import Revisions
from tradepost.events.catalog import PriceUpdated, ProductsRetitled
from tradepost.kernel.ids import Ids, RevisionId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Currency


@dataclass(frozen=True, slots=True)
class ReviseArticles(Command):
    """Give articles, by folded SKU, these titles and base prices; of one named twice the last."""

    lines: tuple[ArticleLine, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class ArticlesRevised:
    """How many titles and prices changed, and the SKU keys that nobody has."""

    titles: int
    prices: int
    unknown: tuple[str, ...]


async def revise_articles(
    wish: ReviseArticles, revisions: Revisions, facts: Facts, ids: Ids
) -> ArticlesRevised:
    """Change what differs, leave the rest alone."""
    at_most("revision", "articles", ARTICLES_A_REVISION_MAX, wish.lines)
    standing = await revisions.standing([line.sku_key for line in wish.lines])
    revision = revision_of(wish.lines, Currency.parse(wish.currency), standing)
    ranges = await revisions.revise(revision, wish.at)
    revision_id = RevisionId(ids.new())
    titles, prices = revision.titles(), revision.prices(ranges)
    if titles:
        facts.tell(ProductsRetitled(revision_id, titles), 1, wish.at)
    if prices:
        facts.tell(PriceUpdated(revision_id, prices), 1, wish.at)
    changed = sum(len(one.variants) for one in prices)
    return ArticlesRevised(len(titles), changed, revision.unknown)
