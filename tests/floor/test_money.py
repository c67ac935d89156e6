"""Tax on top, service charge and the cut-off hour: what a bill is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.floor.house import dish, open_house
from tradepost.floor import errors
from tradepost.floor.commands.plan import ChangeUnit
from tradepost.floor.commands.tabs import OpenTab
from tradepost.floor.commands.voids import VoidLine
from tradepost.floor.domain.bill import Split
from tradepost.kernel.ids import RoundLineId
from tradepost.ledger.queries import totals_by_code
from tradepost.platform.db.work import Store

LONG_AGO, LATER = date(2000, 1, 1), date(2100, 1, 1)


async def test_service_is_charged_with_the_check_and_shared_by_items(store: Store) -> None:
    house = await open_house(store)
    await house.shop.article("service", "0.00", service=True)
    with pytest.raises(errors.ServiceArticleMissing):
        await house.send(ChangeUnit(house.unit_id, "Bistro", 100_000, "soup"))
    await house.send(ChangeUnit(house.unit_id, "Bistro", 100_000, "service"))
    tab_id = await house.seated()
    await house.round(tab_id, dish("soup", 3), dish("steak"))
    view = await house.tab(tab_id)
    assert view.due == 1350 + 2190
    soup, steak = (RoundLineId(line.id) for line in view.rounds[0].lines)
    (first,) = await house.checks(tab_id, Split(items=((soup, 3),)))
    assert first.amount == 1350 + 135
    (rest,) = await house.checks(tab_id, Split(items=((steak, 1),)))
    assert first.amount + rest.amount == 3540 + 354
    await house.pay(tab_id, first, tip=100)
    paid = await house.pay(tab_id, rest)
    assert paid.tab.state == "closed"
    totals = await house.shop.bus.ask(house.shop.scope, totals_by_code, LONG_AGO, LATER)
    by_code = {one.code: one.amount for one in totals}
    assert (by_code["sale"], by_code["service"], by_code["payment"]) == (3540, 354, 3894)
    assert by_code["tip"] == 100


async def test_a_void_before_the_check_takes_its_service_along(store: Store) -> None:
    house = await open_house(store)
    await house.shop.article("service", "0.00", service=True)
    await house.send(ChangeUnit(house.unit_id, "Bistro", 100_000, "service"))
    tab_id = await house.seated()
    await house.round(tab_id, dish("soup", 2), dish("beer"))
    view = await house.tab(tab_id)
    await house.send(VoidLine(tab_id, RoundLineId(view.rounds[0].lines[0].id), "cold", 1))
    (check,) = await house.checks(tab_id)
    assert check.amount == 450 + 380 + 83


async def test_after_midnight_it_is_still_yesterday(store: Store) -> None:
    house = await open_house(store, business_day_cutoff_hour=5)
    late = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    made = await house.send(OpenTab(house.unit_id, name="bar", at=late))
    assert (await house.tab(made.tab_id)).tab.business_date == date(2026, 3, 1)
    early = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    made = await house.send(OpenTab(house.unit_id, name="breakfast", at=early))
    assert (await house.tab(made.tab_id)).tab.business_date == date(2026, 3, 2)
