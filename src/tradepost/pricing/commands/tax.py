"""Tax rates come and are closed; exemptions are granted and end. Neither is ever rewritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradepost.events.pricing import (
    TaxExemptionEnded,
    TaxExemptionGranted,
    TaxRateClosed,
    TaxRateCreated,
)
from tradepost.kernel.ids import Ids, TaxExemptionId, TaxRateId
from tradepost.kernel.messages import Command, Facts
from tradepost.pricing.domain.exemption import ExemptionDraft, TaxExemption, new_exemption
from tradepost.pricing.domain.tax import TaxRate, TaxRateDraft, new_rate
from tradepost.pricing.ports import TaxExemptions, TaxRates


@dataclass(frozen=True, slots=True)
class CreateTaxRate(Command):
    """Bring a rate of tax into force from a day on."""

    draft: TaxRateDraft


@dataclass(frozen=True, slots=True)
class CloseTaxRate(Command):
    """Give a rate its last day."""

    tax_rate_id: TaxRateId
    last_day: date
    version: int


@dataclass(frozen=True, slots=True)
class GrantTaxExemption(Command):
    """Let a customer or a group buy without tax."""

    draft: ExemptionDraft


@dataclass(frozen=True, slots=True)
class EndTaxExemption(Command):
    """Give an exemption its last day."""

    tax_exemption_id: TaxExemptionId
    last_day: date
    version: int


@dataclass(frozen=True, slots=True)
class CreatedTaxRate:
    """A rate that has come to be."""

    tax_rate_id: TaxRateId
    version: int


@dataclass(frozen=True, slots=True)
class GrantedTaxExemption:
    """An exemption that has come to be."""

    tax_exemption_id: TaxExemptionId
    version: int


async def create_tax_rate(
    wish: CreateTaxRate, rates: TaxRates, facts: Facts, ids: Ids
) -> CreatedTaxRate:
    """Bring a rate into force; ``RateOverlaps`` if another one holds on some of its days."""
    rate = new_rate(wish.draft, TaxRateId(ids.new()), wish.at)
    rate.must_stand_beside(await rates.of_class(rate.tax_class, rate.country))
    rates.add(rate)
    facts.tell(TaxRateCreated(rate.id, 1, **_told(rate)), 1, wish.at)
    return CreatedTaxRate(rate.id, 1)


async def close_tax_rate(wish: CloseTaxRate, rates: TaxRates, facts: Facts) -> int:
    """Give a rate its last day; its new version."""
    rate = (await rates.get(wish.tax_rate_id)).closed(wish.last_day, wish.at)
    rate.must_stand_beside(await rates.of_class(rate.tax_class, rate.country))
    version = await rates.save(rate, wish.version)
    facts.tell(TaxRateClosed(rate.id, version, **_told(rate)), version, wish.at)
    return version


async def grant_tax_exemption(
    wish: GrantTaxExemption, exemptions: TaxExemptions, facts: Facts, ids: Ids
) -> GrantedTaxExemption:
    """Let somebody buy without tax."""
    made = new_exemption(wish.draft, TaxExemptionId(ids.new()), wish.at)
    exemptions.add(made)
    facts.tell(TaxExemptionGranted(made.id, 1, **_granted(made)), 1, wish.at)
    return GrantedTaxExemption(made.id, 1)


async def end_tax_exemption(wish: EndTaxExemption, exemptions: TaxExemptions, facts: Facts) -> int:
    """Give an exemption its last day; its new version."""
    ended = (await exemptions.get(wish.tax_exemption_id)).ended(wish.last_day, wish.at)
    version = await exemptions.save(ended, wish.version)
    facts.tell(TaxExemptionEnded(ended.id, version, **_granted(ended)), version, wish.at)
    return version


def _told(rate: TaxRate) -> dict[str, Any]:
    return {
        "tax_class": rate.tax_class,
        "country": rate.country,
        "region": rate.region,
        "supply": rate.supply.value,
        "rate_ppm": rate.rate_ppm,
        "title": rate.name,
        **_days(rate),
    }


def _granted(one: TaxExemption) -> dict[str, Any]:
    return {
        "customer_id": one.customer_id,
        "customer_group_id": one.customer_group_id,
        "country": one.country,
        **_days(one),
    }


def _days(one: TaxRate | TaxExemption) -> dict[str, str | None]:
    last = one.valid_to.isoformat() if one.valid_to else None
    return {"valid_from": one.valid_from.isoformat(), "valid_to": last}


TAX_HANDLERS: dict[type, Callable[..., Any]] = {
    CreateTaxRate: create_tax_rate,
    CloseTaxRate: close_tax_rate,
    GrantTaxExemption: grant_tax_exemption,
    EndTaxExemption: end_tax_exemption,
}
