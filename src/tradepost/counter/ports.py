"""What the counter needs: its repositories, and what it asks of its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tradepost.counter.domain import DrawerMovement, Register, Sale, SaleLine, Shift
from tradepost.counter.domain.charge import CardCharge
from tradepost.counter.domain.set_aside import SetAsideSale
from tradepost.counter.domain.slip import Slip, SlipTax, SlipTender
from tradepost.counter.domain.tender import Tender
from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import (
    CardChargeId,
    CustomerId,
    LocationId,
    OrderId,
    OrderLineId,
    PaymentId,
    RegisterId,
    ReturnId,
    SaleId,
    ShiftId,
    VariantId,
)
from tradepost.kernel.messages import Scope
from tradepost.kernel.money import Currency, RoundingMode


@dataclass(frozen=True, slots=True)
class Terms:
    """The shop's rules at the counter; coins come in steps of ``cash_step`` minor units."""

    shop: str
    currency: Currency
    time_zone: str
    cutoff_hour: int
    cash_step: int
    rounding_mode: RoundingMode
    locations: tuple[LocationId, ...]

    def day_of(self, instant: datetime) -> date:
        """The business day of an instant."""
        return business_date(instant, self.time_zone, self.cutoff_hour)


class Registers(Protocol):
    """Where registers are kept."""

    def add(self, register: Register) -> None:
        """Keep a fresh register."""
        ...

    async def coded(self, code: str) -> Register | None:
        """The register of a code."""
        ...

    async def lock(self, register_id: RegisterId) -> Register:
        """The register, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def save(self, register: Register, version: int) -> int:
        """Write what people say of a locked register; the new version, or :class:`Stale`."""
        ...

    async def keep(self, register: Register) -> None:
        """Write the counts and the shift of a locked register."""
        ...


class Shifts(Protocol):
    """Where shifts are kept."""

    def add(self, shift: Shift) -> None:
        """Keep a fresh shift."""
        ...

    async def register_of(self, shift_id: ShiftId) -> RegisterId:
        """Whose shift it is; :class:`Unknown` if there is none."""
        ...

    async def lock(self, shift_id: ShiftId) -> Shift:
        """The shift, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def at(self, register_id: RegisterId, instant: datetime) -> ShiftId | None:
        """The shift that was open last at an instant, or the first there was."""
        ...

    async def save(self, shift: Shift) -> None:
        """Write a locked shift back."""
        ...


class Drawers(Protocol):
    """Where drawer movements are kept, and posted."""

    def add(self, movement: DrawerMovement) -> None:
        """Keep a fresh movement and post it."""
        ...

    async def of(self, shift_id: ShiftId) -> list[DrawerMovement]:
        """The movements of a shift, the oldest first."""
        ...

    async def expected(self, shift_id: ShiftId) -> int:
        """What should lie in the drawer before it is counted, in minor units."""
        ...


class Sales(Protocol):
    """Where sales are kept, with their tenders."""

    def add(self, sale: Sale) -> None:
        """Keep a fresh sale."""
        ...

    def tendered(self, tenders: Sequence[Tender]) -> None:
        """Keep what was given for a sale."""
        ...

    async def find(self, sale_id: SaleId) -> Sale | None:
        """The sale, nobody else's until the transaction ends, if there is one."""
        ...

    async def register_of(self, sale_id: SaleId) -> RegisterId:
        """At which register it was rung up; :class:`Unknown` if missing."""
        ...

    async def lock(self, sale_id: SaleId) -> Sale:
        """As :meth:`find`; :class:`Unknown` if missing."""
        ...

    async def unfinished(self, register_id: RegisterId) -> list[Sale]:
        """The sales of a register that are neither done nor void, locked."""
        ...

    async def save(self, sale: Sale) -> None:
        """Write a locked sale back."""
        ...


class Slips(Protocol):
    """Where receipts are kept."""

    def add(self, slip: Slip) -> None:
        """Keep a fresh receipt."""
        ...

    async def of_sale(self, sale_id: SaleId) -> Slip:
        """The receipt of a sale that is done, locked."""
        ...

    async def numbered(self, register_id: RegisterId, number: int) -> Slip:
        """A register's receipt, locked; :class:`Unknown` if missing."""
        ...

    async def of_shift(self, shift_id: ShiftId) -> list[Slip]:
        """All receipts that were given in a shift."""
        ...

    async def save(self, slip: Slip) -> None:
        """Write back whether it is void, and how often it was printed."""
        ...


class Charges(Protocol):
    """Where card charges are kept."""

    def add(self, charge: CardCharge) -> None:
        """Keep a fresh charge."""
        ...

    async def lock(self, ids: Collection[CardChargeId]) -> dict[CardChargeId, CardCharge]:
        """The charges, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def of_sale(self, sale_id: SaleId) -> list[CardCharge]:
        """All charges for a sale, locked."""
        ...

    async def save(self, charge: CardCharge) -> None:
        """Write a locked charge back."""
        ...


class SetAside(Protocol):
    """Where sales are kept that were paid and could not be booked."""

    def add(self, sale: SetAsideSale) -> None:
        """Keep one for a person."""
        ...

    async def find(self, sale_id: SaleId) -> SetAsideSale | None:
        """One that was set aside, locked, if it was."""
        ...

    async def save(self, sale: SetAsideSale) -> None:
        """Write a locked one back."""
        ...


class Assortment(Protocol):
    """Articles, asked of the catalogue."""

    async def by_barcode(self, keys: Collection[str]) -> Mapping[str, VariantId]:
        """Articles by the keys of their barcodes; unknown ones are left out."""
        ...

    async def by_sku(self, keys: Collection[str]) -> Mapping[str, VariantId]:
        """Articles by their folded SKUs; unknown ones are left out."""
        ...

    async def check(self, variants: Collection[VariantId]) -> None:
        """Go on if there are such articles; :class:`Unknown` if not."""
        ...


@dataclass(frozen=True, slots=True)
class Deal:
    """What is sold at a till, in minor units; so much of it is ``paid_otherwise`` than in coins.

    What was ``handed_over`` already is booked whether it is there or not, at agreed prices.
    """

    sale_id: SaleId
    location_id: LocationId
    lines: tuple[SaleLine, ...]
    discount: int
    customer_id: CustomerId | None
    in_coins: bool
    paid_otherwise: int
    expected_total: int | None
    handed_over: bool
    at: datetime
    by: Scope


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as the order has it."""

    line_id: OrderLineId
    variant_id: VariantId
    sku: str
    title: str
    quantity: int
    unit: str
    price: str
    price_per: int
    amount: int
    discount: int
    tax: int
    is_goods: bool


@dataclass(frozen=True, slots=True)
class PlacedDeal:
    """The order that a deal became; amounts in minor units.

    ``price_differs`` tells that a price which was agreed on is not the shop's.
    """

    order_id: OrderId
    number: int
    subtotal: int
    discount: int
    tax_included: bool
    tax: int
    taxes: tuple[SlipTax, ...]
    rounding: int
    total: int
    lines: tuple[PlacedLine, ...]
    price_differs: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """What a tender pays of an order, in minor units."""

    method: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True)
class BackLine:
    """Units of an order line that come back."""

    order_line_id: OrderLineId
    quantity: int


@dataclass(frozen=True, slots=True)
class LooseLine:
    """An article that comes back without a receipt, for a price in millionths of the major."""

    sku: str
    quantity: int
    price_micros: int


@dataclass(frozen=True, slots=True)
class GivenBackLine:
    """What came back, and what it was worth in minor units, tax inside."""

    sku: str
    title: str
    quantity: int
    price: str
    price_per: int
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A return that was paid for, by the methods that the money goes back by."""

    return_id: ReturnId
    order_number: int | None
    total: int
    lines: tuple[GivenBackLine, ...]
    ways: tuple[SlipTender, ...]


class Trade(Protocol):
    """Selling and taking back, asked of ordering, payments and fulfillment, all in this work."""

    async def place(self, deal: Deal) -> PlacedDeal:
        """Place the order."""
        ...

    async def pay(self, deal: Deal, order_id: OrderId, paid: Sequence[Paid]) -> list[PaymentId]:
        """Record what each tender pays."""
        ...

    async def hand_over(self, deal: Deal, placed: PlacedDeal) -> bool:
        """Let the goods go and close the order; whether less was there than was handed over."""
        ...

    async def lines_of(self, order_id: OrderId) -> list[BackLine]:
        """All that could come back of an order."""
        ...

    async def take_back(
        self,
        order_id: OrderId,
        lines: Sequence[BackLine],
        reason: str,
        disposition: str,
        method: str | None,
        location_id: LocationId,
        at: datetime,
        by: Scope,
    ) -> GivenBack:
        """Take goods of an order back and pay for them, by a method or as it came."""
        ...

    async def take_back_loose(
        self,
        lines: Sequence[LooseLine],
        reason: str,
        disposition: str,
        method: str,
        location_id: LocationId,
        at: datetime,
        by: Scope,
    ) -> GivenBack:
        """Take goods back that no receipt was shown for, and pay for them."""
        ...
