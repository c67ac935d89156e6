"""What staff do with tax rates and exemptions. Both end on a last day and are never rewritten."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from msgspec import Meta

from tradepost.kernel.ids import CustomerGroupId, CustomerId, TaxExemptionId, TaxRateId
from tradepost.kernel.money import Rate
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)
from tradepost.platform.web.body import Code
from tradepost.pricing.commands import (
    CloseTaxRate,
    CreatedTaxRate,
    CreateTaxRate,
    EndTaxExemption,
    GrantedTaxExemption,
    GrantTaxExemption,
)
from tradepost.pricing.domain.exemption import EVERYWHERE, REASON_LONGEST, ExemptionDraft
from tradepost.pricing.domain.tax import (
    ALWAYS,
    NAME_LONGEST,
    REGION_LONGEST,
    WHOLE_COUNTRY,
    SupplyKind,
    TaxRateDraft,
)
from tradepost.pricing.queries import (
    ExemptionView,
    TaxRateView,
    exemption_page,
    exemptions_of,
    tax_rate_page,
    tax_rates_page,
)

TAGS = ["Tax"]
READ, WRITE = "taxes.read", "taxes.write"
Country = Annotated[str, Meta(max_length=2, description="ISO 3166-1 alpha-2.")]


class TaxRateBody(Body, frozen=True):
    """A rate in percent as decimal text, for a class of goods in a country or a region of it."""

    tax_class: Code
    country: Country
    percent: Annotated[str, Meta(max_length=40, description='Such as "20" or "8.875".')]
    name: Annotated[str, Meta(max_length=NAME_LONGEST)]
    region: Annotated[str, Meta(max_length=REGION_LONGEST)] = WHOLE_COUNTRY
    supply: SupplyKind = SupplyKind.ANY
    valid_from: date = ALWAYS
    valid_to: date | None = None

    def draft(self) -> TaxRateDraft:
        """The same as the domain has it."""
        return TaxRateDraft(
            self.tax_class,
            self.country,
            Rate.parse(self.percent, "percent").ppm,
            self.name,
            self.valid_from,
            self.valid_to,
            self.region,
            self.supply,
        )


class LastDayBody(Body, frozen=True):
    """The last day on which something holds."""

    last_day: date


class ExemptionBody(Body, frozen=True):
    """An exemption of a customer or of a group; without a country it holds everywhere."""

    reason: Annotated[str, Meta(max_length=REASON_LONGEST)]
    customer_id: UUID | None = None
    customer_group_id: UUID | None = None
    country: Country = EVERYWHERE
    valid_from: date = ALWAYS
    valid_to: date | None = None

    def draft(self) -> ExemptionDraft:
        """The same as the domain has it."""
        return ExemptionDraft(
            self.reason,
            _customer(self.customer_id),
            _group(self.customer_group_id),
            self.country,
            self.valid_from,
            self.valid_to,
        )


@get("/api/v1/tax-rates", opt=door(READ), tags=TAGS)
async def list_tax_rates(caller: FromCaller, paging: FromPaging) -> Page[TaxRateView]:
    """Tax rates by country and class, closed ones too."""
    rows = await caller.ask(tax_rates_page, paging.after, paging.limit + 1)
    return paging.page(
        rows, lambda row: (row.country, row.tax_class, row.valid_from.isoformat(), str(row.id))
    )


@post("/api/v1/tax-rates", opt=door(WRITE), tags=TAGS)
async def create_tax_rate(
    data: JSONBody[TaxRateBody], caller: FromCaller
) -> Response[CreatedTaxRate]:
    """Bring a rate into force."""
    made: CreatedTaxRate = await caller.send(CreateTaxRate(data.draft()))
    place = f"/api/v1/tax-rates/{made.tax_rate_id}"
    return versioned(made, made.version, status=201, location=place)


@get("/api/v1/tax-rates/{tax_rate_id:uuid}", opt=door(READ), tags=TAGS)
async def read_tax_rate(tax_rate_id: FromPath[UUID], caller: FromCaller) -> Response[TaxRateView]:
    """One tax rate."""
    return await _rate(caller, tax_rate_id)


@put("/api/v1/tax-rates/{tax_rate_id:uuid}/last-day", opt=door(WRITE, if_match=True), tags=TAGS)
async def close_tax_rate(
    tax_rate_id: FromPath[UUID], data: JSONBody[LastDayBody], caller: FromCaller
) -> Response[TaxRateView]:
    """Give a rate its last day."""
    await caller.send(CloseTaxRate(TaxRateId(tax_rate_id), data.last_day, caller.matched))
    return await _rate(caller, tax_rate_id)


@get("/api/v1/tax-exemptions", opt=door(READ), tags=TAGS)
async def list_exemptions(
    caller: FromCaller,
    customer_id: FromQuery[UUID | None] = None,
    customer_group_id: FromQuery[UUID | None] = None,
) -> list[ExemptionView]:
    """The exemptions of a customer and of a group, ended ones too."""
    return await caller.ask(exemptions_of, _customer(customer_id), _group(customer_group_id))


@post("/api/v1/tax-exemptions", opt=door(WRITE), tags=TAGS)
async def grant_exemption(
    data: JSONBody[ExemptionBody], caller: FromCaller
) -> Response[GrantedTaxExemption]:
    """Let a customer or a group buy without tax."""
    made: GrantedTaxExemption = await caller.send(GrantTaxExemption(data.draft()))
    place = f"/api/v1/tax-exemptions/{made.tax_exemption_id}"
    return versioned(made, made.version, status=201, location=place)


@get("/api/v1/tax-exemptions/{exemption_id:uuid}", opt=door(READ), tags=TAGS)
async def read_exemption(
    exemption_id: FromPath[UUID], caller: FromCaller
) -> Response[ExemptionView]:
    """One exemption."""
    return await _exemption(caller, exemption_id)


@put(
    "/api/v1/tax-exemptions/{exemption_id:uuid}/last-day",
    opt=door(WRITE, if_match=True),
    tags=TAGS,
)
async def end_exemption(
    exemption_id: FromPath[UUID], data: JSONBody[LastDayBody], caller: FromCaller
) -> Response[ExemptionView]:
    """Give an exemption its last day."""
    wish = EndTaxExemption(TaxExemptionId(exemption_id), data.last_day, caller.matched)
    await caller.send(wish)
    return await _exemption(caller, exemption_id)


async def _rate(caller: Caller, rate_id: UUID) -> Response[TaxRateView]:
    view = await caller.ask(tax_rate_page, TaxRateId(rate_id))
    return versioned(view, view.version)


async def _exemption(caller: Caller, exemption_id: UUID) -> Response[ExemptionView]:
    view = await caller.ask(exemption_page, TaxExemptionId(exemption_id))
    return versioned(view, view.version)


def _customer(id: UUID | None) -> CustomerId | None:
    return CustomerId(id) if id else None


def _group(id: UUID | None) -> CustomerGroupId | None:
    return CustomerGroupId(id) if id else None


ROUTES = (
    list_tax_rates,
    create_tax_rate,
    read_tax_rate,
    close_tax_rate,
    list_exemptions,
    grant_exemption,
    read_exemption,
    end_exemption,
)
