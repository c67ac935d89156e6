"""A change of stock is news to the index if the last piece went or one came, and never twice."""

from __future__ import annotations

import random
from uuid import UUID

from tests.search.builders import OTHER_SHOP, SHOP

from tradepost.events.inventory import StockLevel
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.wiring.search_levels import KnownLevels

HERE, VASE = LocationId(UUID(int=1)), VariantId(UUID(int=2))


def _level(version: int, available: int) -> StockLevel:
    return StockLevel(HERE, VASE, 9, available, version)


def test_only_the_last_piece_and_the_first_are_news() -> None:
    levels = KnownLevels()
    told = [(1, 5), (2, 4), (3, 0), (4, -1), (5, 2), (6, 2)]
    news = [levels.is_news(SHOP, _level(*one)) for one in told]
    assert news == [True, False, True, False, True, False]
    assert levels.is_news(OTHER_SHOP, _level(6, 2))
    levels.forget()
    assert levels.is_news(SHOP, _level(6, 2))


def test_whoever_looks_at_all_news_knows_what_is_left() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        shelf = {version: chance.choice((0, 0, 1, 7)) for version in range(1, 12)}
        told = sorted(shelf, key=lambda version: version + chance.uniform(0, 3))
        levels, looked, newest = KnownLevels(), None, 0
        for version in told:  # the store is ahead of what is told
            newest = max(newest, min(version + chance.randrange(3), 11))
            if levels.is_news(SHOP, _level(version, shelf[version])):
                looked = shelf[newest] > 0
        assert looked == (shelf[11] > 0), f"seed {seed}: {shelf} told as {told}"
