"""Tax rates by class, place, day and kind of supply; exemptions of customers and groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.catalog.shelf import told
from tradepost.kernel.errors import BadAmount, BadCode, BadCountry, BadText, Refusal, Stale
from tradepost.kernel.ids import CustomerGroupId, CustomerId, RandomIds
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader
from tradepost.pricing.commands import (
    CloseTaxRate,
    CreateTaxRate,
    EndTaxExemption,
    GrantTaxExemption,
)
from tradepost.pricing.domain import ExemptionDraft, SupplyKind, TaxRateDraft, TaxTable
from tradepost.pricing.errors import DaysReversed, ExemptionOfNobody, RateOverlaps
from tradepost.pricing.storage import TaxBook

DAY = date(2026, 5, 4)
EAT_IN, TAKE_AWAY, ANY = SupplyKind.EAT_IN, SupplyKind.TAKE_AWAY, SupplyKind.ANY


def rate(name: str, ppm: int, country: str = "JP", **more: Any) -> CreateTaxRate:
    """A rate of class "food" unless said otherwise."""
    return CreateTaxRate(
        TaxRateDraft(**{"tax_class": "food", **more}, country=country, rate_ppm=ppm, name=name)
    )


async def table(db: Reader, *countries: str) -> TaxTable:
    """The table of some countries."""
    return await TaxBook(db).table(countries)


async def free(
    db: Reader, country: str, day: date, who: CustomerId | None, group: CustomerGroupId | None
) -> str | None:
    """Why a sale is free of tax."""
    found = await TaxBook(db).exemption(country, day, who, group)
    return found.reason if found else None


def named(found: TaxTable, *asked: Any, **more: Any) -> str | None:
    applied = found.rate(*asked, **more)
    return applied.name if applied else None


async def test_the_rate_follows_from_class_place_day_and_supply(bus: Bus, scope: Scope) -> None:
    for wish in (
        rate("reduced", 80_000),
        rate("eating in", 100_000, supply=EAT_IN),
        rate("standard", 100_000, tax_class="standard"),
        rate("state", 60_000, "US", tax_class="standard"),
        rate("Kyoto", 90_000, region="26"),
        rate("old", 50_000, tax_class="paper", valid_to=DAY - timedelta(1)),
        rate("new", 60_000, tax_class="paper", valid_from=DAY),
    ):
        await bus.send(scope, wish)
    found = await bus.ask(scope, table, "JP")
    assert named(found, "food", "JP", DAY) == "reduced"
    assert named(found, "food", "JP", DAY, EAT_IN) == "eating in"
    assert named(found, "food", "JP", DAY, TAKE_AWAY) == "reduced"
    assert named(found, "food", "JP", DAY, EAT_IN, region="26") == "Kyoto"
    assert named(found, "standard", "JP", DAY) == "standard"
    assert named(found, "paper", "JP", DAY - timedelta(1)) == "old"
    assert named(found, "paper", "JP", DAY) == "new"
    assert named(found, "books", "JP", DAY) is None
    assert named(found, "standard", "US", DAY) is None, "only the countries asked for"
    assert named(TaxTable(), "food", "JP", DAY) is None


async def test_a_rate_is_closed_and_another_follows(bus: Bus, scope: Scope) -> None:
    old = await bus.send(scope, rate("five", 50_000))
    with pytest.raises(RateOverlaps):
        await bus.send(scope, rate("eight", 80_000, valid_from=DAY))
    last = DAY - timedelta(1)
    assert await bus.send(scope, CloseTaxRate(old.tax_rate_id, last, 1)) == 2
    await bus.send(scope, rate("eight", 80_000, valid_from=DAY))
    found = await bus.ask(scope, table, "JP")
    assert named(found, "food", "JP", last) == "five" and named(found, "food", "JP", DAY) == "eight"
    with pytest.raises(RateOverlaps):
        await bus.send(scope, CloseTaxRate(old.tax_rate_id, DAY, 2))
    with pytest.raises(Stale):
        await bus.send(scope, CloseTaxRate(old.tax_rate_id, last, 1))
    facts = await bus.ask(scope, told)
    assert [(name, version) for name, _, version, _ in facts] == [
        ("tax_rate.created", 1),
        ("tax_rate.closed", 2),
        ("tax_rate.created", 1),
    ]
    assert facts[1][3]["valid_to"] == last.isoformat() and facts[1][3]["rate_ppm"] == 50_000


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (rate("x", -1), BadAmount),
        (rate("x", 10_000_001), BadAmount),
        (rate("x", 1, "QQ"), BadCountry),
        (rate("", 1), BadText),
        (rate("x", 1, tax_class="No Class"), BadCode),
        (rate("x", 1, valid_from=DAY, valid_to=DAY - timedelta(1)), DaysReversed),
        (GrantTaxExemption(ExemptionDraft("why")), ExemptionOfNobody),
    ],
)
async def test_what_cannot_be_is_refused(
    bus: Bus, scope: Scope, wish: CreateTaxRate, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await bus.send(scope, wish)
    assert await bus.ask(scope, told) == []


async def test_exemptions_hold_for_their_own_place_and_days(bus: Bus, scope: Scope) -> None:
    who, group = CustomerId(RandomIds().new()), CustomerGroupId(RandomIds().new())
    mine = ExemptionDraft("reverse charge", who, country="DE", valid_from=DAY)
    made = await bus.send(scope, GrantTaxExemption(mine))
    await bus.send(scope, GrantTaxExemption(ExemptionDraft("embassy", customer_group_id=group)))
    assert await bus.ask(scope, free, "DE", DAY, who, None) == "reverse charge"
    assert await bus.ask(scope, free, "FR", DAY, who, None) is None
    assert await bus.ask(scope, free, "DE", DAY - timedelta(1), who, None) is None
    assert await bus.ask(scope, free, "FR", DAY, who, group) == "embassy"
    assert await bus.ask(scope, free, "DE", DAY, None, None) is None
    ended = EndTaxExemption(made.tax_exemption_id, DAY, 1)
    assert await bus.send(scope, ended) == 2
    assert await bus.ask(scope, free, "DE", DAY, who, None) == "reverse charge"
    assert await bus.ask(scope, free, "DE", DAY + timedelta(1), who, None) is None
    facts = [name for name, *_ in await bus.ask(scope, told)]
    assert facts == ["tax_exemption.granted"] * 2 + ["tax_exemption.ended"]
