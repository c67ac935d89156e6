"""What tills send."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tradepost.counter.commands.baskets import RungLine
from tradepost.counter.commands.checkout import CompleteSale
from tradepost.counter.domain import MovementKind, RegisterStatus
from tradepost.counter.domain.register import FAVOURITES_MAX
from tradepost.counter.domain.tender import Given
from tradepost.counter.http.printing.words import Language
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import CardChargeId, CustomerId, RegisterId, SaleId, ShiftId, VariantId
from tradepost.platform.web import Body
from tradepost.platform.web.body import Amount, Code, Instant, Line, Units, Version

LINES_MAX = 1000
TENDERS_MAX = 20
BATCH_MAX = 50
Micros = Annotated[int, Meta(ge=0, le=10**15)]


FIRST_YEAR = 2000


class RegisterBody(Body, frozen=True):
    """A till to be set up."""

    location_id: UUID
    code: Code
    name: Line


class DescriptionBody(Body, frozen=True):
    """What a till is called, and whether it is in use."""

    name: Line
    status: RegisterStatus


class FavouritesBody(Body, frozen=True):
    """The articles on a till's buttons, in their order."""

    variants: Annotated[tuple[UUID, ...], Meta(max_length=2 * FAVOURITES_MAX)]


class OpeningBody(Body, frozen=True):
    """The float that is put into the drawer, in minor units."""

    opening: Amount


class ByHand(StrEnum):
    """Cash that is moved by hand."""

    PAID_IN = MovementKind.PAID_IN.value
    PAID_OUT = MovementKind.PAID_OUT.value
    DROP = MovementKind.DROP.value
    NO_SALE = MovementKind.NO_SALE.value


class CashBody(Body, frozen=True):
    """Cash put in, taken out or dropped to the safe, in minor units; 0 for a no-sale."""

    kind: ByHand
    amount: Amount = 0
    reason: Line = ""


class ShiftAction(StrEnum):
    """Where a shift goes next."""

    COUNTING = "counting"
    CLOSED = "closed"


class ShiftStatusBody(Body, frozen=True):
    """``counted`` is what lies in the drawer, in minor units; a close needs it."""

    status: ShiftAction
    counted: Amount | None = None
    version: Version | None = None


class LineBody(Body, frozen=True):
    """A line: one of variant_id, sku and barcode, and how many smallest units.

    ``discount`` in minor units, ``price_micros`` in millionths of the major unit, where it was
    agreed on.
    """

    quantity: Units
    variant_id: UUID | None = None
    sku: Code | None = None
    barcode: Code | None = None
    price_micros: Micros | None = None
    discount: Amount = 0

    def rung(self) -> RungLine:
        """The line as it is wished for."""
        variant_id = VariantId(self.variant_id) if self.variant_id else None
        return RungLine(
            self.quantity, variant_id, self.sku, self.barcode, self.price_micros, self.discount
        )


Lines = Annotated[tuple[LineBody, ...], Meta(min_length=1, max_length=LINES_MAX)]


class TenderBody(Body, frozen=True):
    """What is given, in minor units: cash, or a card by its charge or a terminal's reference."""

    method: Code
    amount: Amount
    charge_id: UUID | None = None
    reference: Line = ""

    def given(self) -> Given:
        """The tender as it is wished for."""
        charge_id = CardChargeId(self.charge_id) if self.charge_id else None
        return Given(self.method, self.amount, charge_id, self.reference)


class SaleBody(Body, frozen=True):
    """A sale that is paid, under its till's own identifier.

    ``sold_at`` marks one that a till made on its own and hands in now.
    """

    id: UUID
    register_id: UUID
    lines: Lines
    tenders: Annotated[tuple[TenderBody, ...], Meta(max_length=TENDERS_MAX)] = ()
    discount: Amount = 0
    customer_id: UUID | None = None
    shift_id: UUID | None = None
    expected_total: Amount | None = None
    sold_at: Instant | None = None

    def wish(self) -> CompleteSale:
        """What is wished for."""
        return CompleteSale(
            sale_id=SaleId(self.id),
            register_id=RegisterId(self.register_id),
            lines=tuple(line.rung() for line in self.lines),
            tenders=tuple(one.given() for one in self.tenders),
            discount=self.discount,
            customer_id=CustomerId(self.customer_id) if self.customer_id else None,
            shift_id=ShiftId(self.shift_id) if self.shift_id else None,
            expected_total=self.expected_total,
            sold_at=_plausible(self.sold_at),
        )


class BatchBody(Body, frozen=True):
    """Sales in any order; each is taken for itself."""

    sales: Annotated[tuple[SaleBody, ...], Meta(min_length=1, max_length=BATCH_MAX)]


class ParkBody(Body, frozen=True):
    """What was rung up so far."""

    id: UUID
    register_id: UUID
    lines: Lines
    discount: Amount = 0
    customer_id: UUID | None = None
    label: Line = ""


class VoidBody(Body, frozen=True):
    """Why a sale is void."""

    reason: Line = ""
    version: Version | None = None


class RecallBody(Body, frozen=True):
    """On which version a parked sale is gone on with."""

    version: Version | None = None


class ChargeBody(Body, frozen=True):
    """A card to be charged, in minor units, under the till's own identifier."""

    id: UUID
    sale_id: UUID
    register_id: UUID
    amount: Amount


class Disposal(StrEnum):
    """What becomes of goods that come back."""

    RESTOCK = "restock"
    WASTE = "waste"


class BackLineBody(Body, frozen=True):
    """Units of an order line that come back."""

    order_line_id: UUID
    quantity: Units


class ReturnBody(Body, frozen=True):
    """What comes back of a sale; all that is left of it without lines.

    The money goes back by ``method``, or the way it came.
    """

    sale_id: UUID
    lines: Annotated[tuple[BackLineBody, ...], Meta(max_length=LINES_MAX)] = ()
    method: Code | None = None
    disposition: Disposal = Disposal.RESTOCK
    reason: Line = ""


class LooseLineBody(Body, frozen=True):
    """An article that comes back without a receipt; the price is in millionths of the major."""

    sku: Code
    quantity: Units
    price_micros: Micros


class LooseReturnBody(Body, frozen=True):
    """What comes back without a receipt."""

    lines: Annotated[tuple[LooseLineBody, ...], Meta(min_length=1, max_length=LINES_MAX)]
    method: Code = "cash"
    disposition: Disposal = Disposal.RESTOCK
    reason: Line = ""


class Form(StrEnum):
    """What a receipt is printed as."""

    HTML = "html"
    PDF = "pdf"
    ESCPOS = "escpos"


class PrintBody(Body, frozen=True):
    """How a receipt is printed."""

    form: Form
    language: Language = Language.ENGLISH


class NoteBody(Body, frozen=True):
    """What was done about it."""

    note: Line


def _plausible(sold_at: datetime | None) -> datetime | None:
    """When a till says it sold; no till is older than :data:`FIRST_YEAR`."""
    if sold_at is not None and sold_at.year < FIRST_YEAR:
        raise BadValue("sold_at", f"is before the year {FIRST_YEAR}: set the clock of the till")
    return sold_at
