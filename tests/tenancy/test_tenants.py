"""Tenants through the bus on both stores: made, led through life, changed, kept apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shops import open_place, open_shop, told
from tradepost.kernel.errors import BadValue, Refusal, Stale, Unknown
from tradepost.kernel.hosts import BadHost
from tradepost.kernel.ids import RandomIds, StoreId, TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.kernel.states import WrongState
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import Statement, param, platform_update
from tradepost.platform.db.work import Store, Work
from tradepost.tenancy.commands import (
    ChangeHosts,
    ChangeLocation,
    ChangeStore,
    ChangeTenant,
    CreateLocation,
    CreateStore,
    CreateTenant,
    MoveTenant,
)
from tradepost.tenancy.domain import LocationKind, PlaceStatus, TenantProfile, TenantState
from tradepost.tenancy.errors import BadSetting, CodeTaken, HostTaken, UnknownSetting
from tradepost.tenancy.queries import (
    TenantProfiles,
    hosts_page,
    life_page,
    locations_page,
    stores_page,
)
from tradepost.tenancy.storage import tenants


async def _profile(bus: Bus, scope: Scope) -> TenantProfile:
    found = await TenantProfiles(bus.store).by_id(scope.tenant_id)
    assert found is not None
    return found


def _fresh() -> Scope:
    return Scope(TenantId(RandomIds().new()), Actor("staff", RandomIds().new()), reason="by hand")


async def test_a_tenant_is_drafted_and_led_through_its_whole_life(bus: Bus) -> None:
    scope = _fresh()
    code = f"life-{scope.tenant_id.hex[-8:]}"
    await bus.send(scope, CreateTenant(code, "Life", "JPY", locale="ja-JP", time_zone="Asia/Tokyo"))
    profile = await _profile(bus, scope)
    assert profile.state is TenantState.DRAFT
    assert profile.default_currency.code == "JPY"
    steps = ["provision", "withdraw", "provision", "activate", "suspend", "reactivate", "archive"]
    for action in steps:
        await bus.send(scope, MoveTenant(action, f"because of {action}"))
    life = await bus.ask(scope, life_page)
    assert [step.action for step in life] == steps
    assert [step.version for step in life] == list(range(2, 9))
    assert {step.changed_by for step in life} == {scope.actor.id}
    assert life[4].reason == "because of suspend"
    assert life[-1].state_after is TenantState.ARCHIVED
    facts = await told(bus, scope, scope.tenant_id)
    assert facts == [
        ("tenant.created", 1),
        *(("tenant.state_changed", version) for version in range(2, 9)),
    ]
    with pytest.raises(WrongState):
        await bus.send(scope, MoveTenant("reactivate"))
    with pytest.raises(WrongState):
        await bus.send(scope, ChangeTenant(8, name="Other"))


async def test_an_opened_tenant_has_its_steps_recorded(bus: Bus) -> None:
    scope = await open_shop(bus)
    profile = await _profile(bus, scope)
    assert (profile.state, profile.version) == (TenantState.ACTIVE, 3)
    assert [step.action for step in await bus.ask(scope, life_page)] == ["provision", "activate"]


@pytest.mark.parametrize("action", ["activate", "suspend", "archive", "fly", ""])
async def test_a_draft_cannot_jump(bus: Bus, action: str) -> None:
    scope = _fresh()
    code = f"jump-{scope.tenant_id.hex[-8:]}"
    await bus.send(scope, CreateTenant(code, "Jump", "EUR"))
    with pytest.raises(WrongState):
        await bus.send(scope, MoveTenant(action))
    assert (await _profile(bus, scope)).version == 1


async def test_codes_and_hosts_are_nobodys_or_one_tenants(bus: Bus) -> None:
    first, second = _fresh(), _fresh()
    code = f"one-{first.tenant_id.hex[-8:]}"
    host = f"{code}.example"
    await bus.send(first, CreateTenant(code, "One", "EUR", hosts=(f"{host.upper()}.:443",)))
    with pytest.raises(CodeTaken):
        await bus.send(second, CreateTenant(code, "Two", "EUR"))
    with pytest.raises(HostTaken):
        await bus.send(second, CreateTenant(f"{code}-2", "Two", "EUR", hosts=(host,)))
    await bus.send(second, CreateTenant(f"{code}-2", "Two", "EUR"))
    with pytest.raises(HostTaken):
        await bus.send(second, ChangeHosts(1, add=(host,)))
    await bus.send(second, ChangeHosts(1, remove=(host,)))
    assert await bus.ask(first, hosts_page) == [host]
    version = await bus.send(first, ChangeHosts(1, add=("bücher.example",), remove=(host,)))
    assert version == 2
    assert await bus.ask(first, hosts_page) == ["xn--bcher-kva.example"]
    await bus.send(first, ChangeHosts(2, remove=("BÜCHER.example",)))
    assert await bus.ask(first, hosts_page) == []
    with pytest.raises(BadHost):
        await bus.send(first, ChangeHosts(3, add=("two words.example",)))


@pytest.mark.parametrize(
    "change",
    [
        {"code": "Not A Code"},
        {"name": ""},
        {"name": "a\x00b"},
        {"default_currency": "XXX"},
        {"default_currency": "euro"},
        {"locale": "english"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
    ],
)
async def test_a_tenant_of_odd_values_is_refused_and_nothing_is_left(
    bus: Bus, change: dict[str, str]
) -> None:
    scope = _fresh()
    wish = CreateTenant(f"odd-{scope.tenant_id.hex[-8:]}", "Odd", "EUR")
    with pytest.raises(BadValue):
        await bus.send(scope, replace(wish, **change))  # type: ignore[arg-type]  # text fields only
    assert await TenantProfiles(bus.store).by_id(scope.tenant_id) is None
    assert await told(bus, scope, scope.tenant_id) == []


async def test_settings_change_whole_or_not_at_all(bus: Bus) -> None:
    scope = await open_shop(bus)
    changes = {"hold_starts": "cart", "hold_minutes": 20, "payment_methods": ["cash", "cod"]}
    assert await bus.send(scope, ChangeTenant(3, settings=changes)) == 4
    settings = (await _profile(bus, scope)).settings
    assert (settings.hold_starts, settings.hold_minutes) == ("cart", 20)
    assert settings.payment_methods == ("cod", "cash")
    for wrong in ({"hold_minutes": 5, "hold_hours": 1}, {"hold_minutes": 0}, {"sign_up": 1}):
        with pytest.raises((UnknownSetting, BadSetting)):
            await bus.send(scope, ChangeTenant(4, settings=wrong))
    assert (await _profile(bus, scope)).settings == settings
    with pytest.raises(Stale) as stale:
        await bus.send(scope, ChangeTenant(3, name="Late"))
    assert stale.value.current == 4


async def test_two_tenants_have_the_same_places_side_by_side(bus: Bus) -> None:
    first, second = await open_shop(bus), await open_shop(bus)
    store_id, location_id = await open_place(bus, first)
    await open_place(bus, second)
    with pytest.raises(CodeTaken):
        await bus.send(first, CreateStore("main", "Again"))
    with pytest.raises(CodeTaken):
        await bus.send(first, CreateLocation(store_id, "main", "Again"))
    other = await bus.send(first, CreateLocation(store_id, "till", "Till", LocationKind.SHOP))
    assert [place.id for place in await bus.ask(first, locations_page)] == [location_id, other]
    assert [store.id for store in await bus.ask(first, stores_page)] == [store_id]
    with pytest.raises(Unknown):
        await bus.send(second, ChangeStore(store_id, "Mine now", PlaceStatus.CLOSED, 1))
    with pytest.raises(Unknown):
        await bus.send(second, CreateLocation(store_id, "theirs", "Theirs"))


async def test_places_change_under_their_version(bus: Bus) -> None:
    scope = await open_shop(bus)
    store_id, location_id = await open_place(bus, scope)
    assert await bus.send(scope, ChangeStore(store_id, "New", PlaceStatus.CLOSED, 1)) == 2
    assert await bus.send(scope, ChangeLocation(location_id, "Old", PlaceStatus.CLOSED, 1)) == 2
    with pytest.raises(Stale):
        await bus.send(scope, ChangeStore(store_id, "Newer", PlaceStatus.ACTIVE, 1))
    (store,) = await bus.ask(scope, stores_page)
    assert (store.name, store.status, store.version) == ("New", PlaceStatus.CLOSED, 2)
    assert await told(bus, scope, store_id) == [("store.created", 1), ("store.updated", 2)]
    with pytest.raises(Unknown):
        await bus.send(
            scope, ChangeStore(StoreId(RandomIds().new()), "None", PlaceStatus.ACTIVE, 1)
        )


async def test_no_tenant_can_write_another_ones_row(bus: Bus, store: Store) -> None:
    """A statement that forgets whose row it may touch: the second line, on PostgreSQL."""
    mine, theirs = await open_shop(bus), await open_shop(bus)
    forgetful = Statement(
        platform_update(tenants).where(tenants.c.id == param("id")).values(name=param("name"))
    )

    async def steal(work: Work) -> int:
        return await work.run(forgetful, id=theirs.tenant_id, name="Mine")

    async def forge(work: Work) -> None:
        work.add(tenants, {**_row(theirs.tenant_id), "code": f"forged-{mine.tenant_id.hex[-8:]}"})

    if store.dialect == "postgresql":
        assert await store.write(mine, steal) == 0
        with pytest.raises(StoreError):
            await store.write(mine, forge)
    assert (await _profile(bus, theirs)).name == "A shop"


def _row(tenant_id: TenantId) -> dict[str, object]:
    from datetime import UTC, datetime

    from tradepost.tenancy.domain import TenantSettings

    return {
        "id": RandomIds().new(),
        "type": "single_brand",
        "name": str(tenant_id),
        "default_currency": "EUR",
        "locale": "en",
        "time_zone": "UTC",
        "state": "active",
        "settings": TenantSettings(),
        "created_at": datetime.now(UTC),
        "version": 1,
    }


async def test_handlers_get_the_profile_without_asking_the_store(bus: Bus) -> None:
    scope = await open_shop(bus, hold_minutes=7)
    from tradepost.platform.bus import Bound

    async def job(work: Work) -> TenantProfile:
        return Bound(bus, work, scope).get(TenantProfile)

    await bus.send(scope, CreateStore("s", "S"))
    profile = await bus.store.write(scope, job)
    assert profile.settings.hold_minutes == 7
    nobody = Scope(TenantId(RandomIds().new()), SYSTEM)

    async def job_of_nobody(work: Work) -> TenantProfile:
        return Bound(bus, work, nobody).get(TenantProfile)

    with pytest.raises(Refusal):
        await bus.store.write(nobody, job_of_nobody)
