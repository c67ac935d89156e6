"""What is hot: by people's will, or by demand, with a stay that outlasts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.journeys.spine import Shop, open_shop
from tradepost.events.inventory import InventoryPolicyChanged
from tradepost.inventory.commands.hot import CoolDown, MarkHot, WarmUp
from tradepost.inventory.queries.hot import hot_variants
from tradepost.kernel.ids import TenantId, VariantId
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.outbox import outbox
from tradepost.tenancy.domain.settings import TenantSettings
from tradepost.wiring.rush import Interest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_TOLD = Statement(scoped(outbox, outbox.c.name))


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def hot(shop: Shop) -> list[VariantId]:
    return await shop.bus.ask(shop.scope, hot_variants)


async def told(shop: Shop) -> int:
    """How often a policy of stock was told to have changed."""

    async def look(db: Reader) -> list[str]:
        return [row[0] for row in await db.all(_TOLD)]

    return (await shop.bus.ask(shop.scope, look)).count(InventoryPolicyChanged.name)


async def test_what_demand_made_hot_stays_so_for_a_while(store: Store) -> None:
    shop = await open_shop(store, hot_minutes_min=10)
    lamp = await shop.article("lamp", stock=5)
    send, scope = shop.bus.send, shop.scope
    assert await send(scope, WarmUp(lamp, at=NOON))
    assert await hot(shop) == [lamp] and await told(shop) == 1
    assert await send(scope, CoolDown(at=later(9))) == 0
    assert not await send(scope, WarmUp(lamp, at=later(9)))
    assert await send(scope, CoolDown(at=later(18))) == 0
    assert await hot(shop) == [lamp] and await told(shop) == 1
    assert await send(scope, CoolDown(at=later(19))) == 1
    assert await hot(shop) == [] and await told(shop) == 2
    assert await send(scope, CoolDown(at=later(60))) == 0
    assert await send(scope, WarmUp(lamp, at=later(61)))


async def test_what_people_made_hot_demand_lets_alone(store: Store) -> None:
    shop = await open_shop(store)
    lamp, mug = await shop.article("lamp", stock=5), await shop.article("mug", stock=5)
    send, scope = shop.bus.send, shop.scope
    await send(scope, MarkHot(lamp, True, at=NOON))
    assert not await send(scope, WarmUp(lamp, at=NOON))
    assert await send(scope, WarmUp(mug, at=NOON))
    await send(scope, MarkHot(mug, True, at=later(1)))
    assert await send(scope, CoolDown(at=later(10_000))) == 0
    assert sorted(await hot(shop)) == sorted([lamp, mug])
    await send(scope, MarkHot(mug, False, at=later(2)))
    assert await hot(shop) == [lamp]
    never = await shop.article("never")
    assert not await send(scope, WarmUp(never, at=NOON)), "there is none of it anywhere"


def test_more_make_hot_than_keep_hot() -> None:
    now = [0.0]
    shop, lamp = TenantId(uuid4()), VariantId(uuid4())
    settings = TenantSettings().changed(
        {"hot_wishes_to_become": 5, "hot_wishes_to_stay": 2, "hot_minutes_min": 1}
    )
    is_hot: set[VariantId] = set()
    interest = Interest(lambda: now[0])

    def warms(count: int) -> bool:
        interest.note(shop, [lamp] * count)
        found = interest.looked_at(lambda _: settings, lambda _, one: one in is_hot)
        return bool(found)

    assert [warms(n) for n in (4, 0, 1)] == [False, False, True]
    is_hot.add(lamp)
    assert not warms(9), "it was kept hot a moment ago"
    now[0] = 20.0
    assert [warms(n) for n in (1, 1)] == [False, True]
    is_hot.clear()
    now[0] = 40.0
    assert [warms(n) for n in (4,)] == [False]
    now[0] = 60.0
    assert [warms(n) for n in (4,)] == [False], "a window of its own"
