"""What staff do with price lists. ETag and If-Match are the list's version."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from msgspec import Meta

from tradepost.kernel.errors import BadAmount
from tradepost.kernel.ids import CustomerGroupId, LocationId, PriceListId, VariantId
from tradepost.kernel.whole import scaled_decimal
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    JSONBody,
    Page,
    door,
    versioned,
)
from tradepost.platform.web.body import Code
from tradepost.pricing.commands import (
    ArchivePriceList,
    CreatedPriceList,
    CreatePriceList,
    RestorePriceList,
    SetListPrices,
    UpdatePriceList,
)
from tradepost.pricing.domain.lists import (
    CHANNEL_LONGEST,
    NAME_LONGEST,
    PRICES_A_COMMAND_MAX,
    PRIORITY_MAX,
    ListPriceLine,
    PriceListDraft,
    PriceListStatus,
)
from tradepost.pricing.queries import (
    ListPriceView,
    PriceListView,
    list_prices_page,
    price_list_page,
    price_lists_page,
)

TAGS = ["Price lists"]
READ, WRITE = "prices.read", "prices.write"
PRICE_DECIMALS = 6
One = Response[PriceListView]
Price = Annotated[
    str, Meta(max_length=40, description='Major units as decimal text: "12.99", "0.001".')
]


class ConditionsBody(Body, frozen=True):
    """For whom a list is, and when; what is left out holds for all. Days are its first and last."""

    name: Annotated[str, Meta(max_length=NAME_LONGEST)]
    channel: Annotated[str, Meta(max_length=CHANNEL_LONGEST)] | None = None
    location_id: UUID | None = None
    customer_group_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    priority: Annotated[int, Meta(ge=-PRIORITY_MAX, le=PRIORITY_MAX)] = 0

    def draft(self, currency: str) -> PriceListDraft:
        """The same as the domain has it."""
        return PriceListDraft(
            self.name,
            currency,
            self.channel,
            LocationId(self.location_id) if self.location_id else None,
            CustomerGroupId(self.customer_group_id) if self.customer_group_id else None,
            self.valid_from,
            self.valid_to,
            self.priority,
        )


class PriceListBody(ConditionsBody, frozen=True, kw_only=True):
    """A new price list; its currency never changes."""

    currency: Code


class PriceListStatusBody(Body, frozen=True):
    """The status that a list is to have."""

    status: PriceListStatus


class ListPriceBody(Body, frozen=True):
    """The price of a variant on the list; none takes it off."""

    variant_id: UUID
    price: Price | None

    def line(self, field: str) -> ListPriceLine:
        """The same as the domain has it."""
        price = self.price
        micros = None if price is None else scaled_decimal(price, PRICE_DECIMALS, field, BadAmount)
        return ListPriceLine(VariantId(self.variant_id), micros)


class ListPricesBody(Body, frozen=True):
    """Prices to be set; those that are not named stay."""

    prices: Annotated[
        tuple[ListPriceBody, ...], Meta(min_length=1, max_length=PRICES_A_COMMAND_MAX)
    ]


@get("/api/v1/price-lists", opt=door(READ), tags=TAGS)
async def list_price_lists(caller: FromCaller, paging: FromPaging) -> Page[PriceListView]:
    """Price lists by name, archived ones too."""
    rows = await caller.ask(price_lists_page, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.name, str(row.id)))


@post("/api/v1/price-lists", opt=door(WRITE), tags=TAGS)
async def create_price_list(
    data: JSONBody[PriceListBody], caller: FromCaller
) -> Response[CreatedPriceList]:
    """Make a price list, still without prices."""
    made: CreatedPriceList = await caller.send(CreatePriceList(data.draft(data.currency)))
    place = f"/api/v1/price-lists/{made.price_list_id}"
    return versioned(made, made.version, status=201, location=place)


@get("/api/v1/price-lists/{price_list_id:uuid}", opt=door(READ), tags=TAGS)
async def read_price_list(price_list_id: FromPath[UUID], caller: FromCaller) -> One:
    """One price list."""
    return await _one(caller, price_list_id)


@put("/api/v1/price-lists/{price_list_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def update_price_list(
    price_list_id: FromPath[UUID], data: JSONBody[ConditionsBody], caller: FromCaller
) -> One:
    """Give a list another name, other conditions or another priority."""
    id = PriceListId(price_list_id)
    await caller.send(UpdatePriceList(id, data.draft(""), caller.matched))
    return await _one(caller, price_list_id)


@put("/api/v1/price-lists/{price_list_id:uuid}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def set_price_list_status(
    price_list_id: FromPath[UUID], data: JSONBody[PriceListStatusBody], caller: FromCaller
) -> One:
    """Archive a list or restore it."""
    step = RestorePriceList if data.status is PriceListStatus.ACTIVE else ArchivePriceList
    await caller.send(step(PriceListId(price_list_id), caller.matched))
    return await _one(caller, price_list_id)


@get("/api/v1/price-lists/{price_list_id:uuid}/prices", opt=door(READ), tags=TAGS)
async def read_list_prices(
    price_list_id: FromPath[UUID], caller: FromCaller, paging: FromPaging
) -> Page[ListPriceView]:
    """The prices on a list."""
    rows = await caller.ask(
        list_prices_page, PriceListId(price_list_id), paging.after, paging.limit + 1
    )
    return paging.page(rows, lambda row: (str(row.variant_id),))


@put("/api/v1/price-lists/{price_list_id:uuid}/prices", opt=door(WRITE, if_match=True), tags=TAGS)
async def set_list_prices(
    price_list_id: FromPath[UUID], data: JSONBody[ListPricesBody], caller: FromCaller
) -> One:
    """Set prices on a list, or take variants off; those that are not named stay."""
    lines = tuple(one.line(f"prices[{place}].price") for place, one in enumerate(data.prices))
    await caller.send(SetListPrices(PriceListId(price_list_id), lines, caller.matched))
    return await _one(caller, price_list_id)


async def _one(caller: Caller, price_list_id: UUID) -> One:
    view = await caller.ask(price_list_page, PriceListId(price_list_id))
    return versioned(view, view.version)


ROUTES = (
    list_price_lists,
    create_price_list,
    read_price_list,
    update_price_list,
    set_price_list_status,
    read_list_prices,
    set_list_prices,
)
