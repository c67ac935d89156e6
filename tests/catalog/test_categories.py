"""The category tree: it grows and moves, and never closes a circle."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.catalog.shelf import told
from tradepost.catalog.commands import (
    ArchiveCategory,
    CreateCategory,
    CreatedCategory,
    MoveCategory,
    RenameCategory,
    RestoreCategory,
)
from tradepost.catalog.errors import (
    CategoryHasChildren,
    CategoryInItself,
    CategoryTooDeep,
    ParentArchived,
    SlugTaken,
)
from tradepost.kernel.errors import BadText, Refusal, Stale, Unknown
from tradepost.kernel.ids import CategoryId, RandomIds
from tradepost.kernel.messages import Scope
from tradepost.kernel.states import WrongState
from tradepost.platform.bus import Bus


async def grown(bus: Bus, scope: Scope, names: Sequence[str]) -> list[CategoryId]:
    """A branch, each category below the one before."""
    ids: list[CategoryId] = []
    for name in names:
        made: CreatedCategory = await bus.send(
            scope, CreateCategory(name, ids[-1] if ids else None)
        )
        ids.append(made.category_id)
    return ids


async def test_a_category_has_a_life_that_is_told(bus: Bus, scope: Scope) -> None:
    root, leaf = await grown(bus, scope, ["Home & Garden", "Vases"])
    renamed = RenameCategory(leaf, "Pots", "pots", 3, 1)
    assert await bus.send(scope, renamed) == 2
    assert await bus.send(scope, MoveCategory(leaf, None, 2)) == 3
    assert await bus.send(scope, ArchiveCategory(root, 1)) == 2
    assert await bus.send(scope, RestoreCategory(root, 2)) == 3
    facts = await bus.ask(scope, told)
    assert [(name, version) for name, _, version, _ in facts] == [
        ("category.created", 1),
        ("category.created", 1),
        ("category.updated", 2),
        ("category.updated", 3),
        ("category.archived", 2),
        ("category.updated", 3),
    ]
    assert facts[0][3]["face"]["slug"] == "home-garden"
    assert facts[1][3]["face"]["parent_id"] == str(root)
    assert facts[3][3]["face"] == {
        "parent_id": None,
        "title": "Pots",
        "slug": "pots",
        "position": 3,
        "status": "active",
    }


async def test_addresses_are_unique(bus: Bus, scope: Scope) -> None:
    first = await bus.send(scope, CreateCategory("Vases"))
    second = await bus.send(scope, CreateCategory("Vases"))
    assert second.slug.startswith("vases-")
    with pytest.raises(SlugTaken):
        await bus.send(scope, CreateCategory("x", slug="vases"))
    with pytest.raises(SlugTaken):
        await bus.send(scope, RenameCategory(second.category_id, "x", "vases", 0, 1))
    assert await bus.send(scope, RenameCategory(first.category_id, "x", "vases", 0, 1)) == 2


async def test_no_category_stands_below_itself(bus: Bus, scope: Scope) -> None:
    a, b, c = await grown(bus, scope, "abc")
    for parent in (a, b, c):
        with pytest.raises(CategoryInItself):
            await bus.send(scope, MoveCategory(a, parent, 1))


async def test_two_moves_at_once_close_no_circle(bus: Bus, scope: Scope) -> None:
    for _ in range(5):
        (a,), (b,) = await grown(bus, scope, "a"), await grown(bus, scope, "b")
        answers = await asyncio.gather(
            bus.send(scope, MoveCategory(a, b, 1)),
            bus.send(scope, MoveCategory(b, a, 1)),
            return_exceptions=True,
        )
        refused = [one for one in answers if isinstance(one, Refusal)]
        assert len(refused) == 1 and isinstance(refused[0], CategoryInItself), answers


async def test_the_tree_has_ten_levels(bus: Bus, scope: Scope) -> None:
    deep = await grown(bus, scope, [f"level {n}" for n in range(10)])
    with pytest.raises(CategoryTooDeep):
        await bus.send(scope, CreateCategory("eleven", deep[-1]))
    _, second = await grown(bus, scope, ["one", "two"])
    assert await bus.send(scope, MoveCategory(second, deep[-2], 1)) == 2
    above, _ = await grown(bus, scope, ["three", "four"])
    with pytest.raises(CategoryTooDeep):
        await bus.send(scope, MoveCategory(above, deep[-2], 1))


async def test_what_cannot_be_is_refused_and_changes_nothing(bus: Bus, scope: Scope) -> None:
    root, leaf = await grown(bus, scope, ["root", "leaf"])
    with pytest.raises(CategoryHasChildren):
        await bus.send(scope, ArchiveCategory(root, 1))
    await bus.send(scope, ArchiveCategory(leaf, 1))
    await bus.send(scope, ArchiveCategory(root, 1))
    before = await bus.ask(scope, told)
    nobody = CategoryId(RandomIds().new())
    for wish, why in (
        (RestoreCategory(leaf, 2), ParentArchived),
        (CreateCategory("x", root), ParentArchived),
        (CreateCategory("x", nobody), Unknown),
        (CreateCategory("  "), BadText),
        (MoveCategory(leaf, None, 1), Stale),
        (ArchiveCategory(leaf, 2), WrongState),
        (RenameCategory(nobody, "x", None, 0, 1), Unknown),
    ):
        with pytest.raises(why):
            await bus.send(scope, wish)
    assert await bus.ask(scope, told) == before
