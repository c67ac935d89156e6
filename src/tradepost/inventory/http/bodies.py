"""The forms in which staff send receipts, adjustments, counts and transfers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tradepost.inventory.commands.counts import Counted
from tradepost.inventory.domain.bookings import LINES_MAX, GoodsLine
from tradepost.kernel.ids import VariantId
from tradepost.kernel.quantity import LARGEST
from tradepost.platform.web import Body
from tradepost.platform.web.body import Count, Line, Units

Change = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
Some = Meta(min_length=1, max_length=LINES_MAX)


class UnitsLine(Body, frozen=True):
    """Units of a variant."""

    variant_id: UUID
    quantity: Units


class ChangeLine(Body, frozen=True):
    """Units of a variant that were found (above zero) or lost (below)."""

    variant_id: UUID
    quantity: Change


class CountedLine(Body, frozen=True):
    """How many units of a variant lie there; none is a number too."""

    variant_id: UUID
    quantity: Count


class ReceiptBody(Body, frozen=True):
    """Goods that arrived at a location."""

    location_id: UUID
    lines: Annotated[list[UnitsLine], Some]
    reference: Line = ""


class AdjustmentBody(Body, frozen=True):
    """Goods that were found or lost, and why; ``wasted`` if they were thrown away."""

    location_id: UUID
    lines: Annotated[list[ChangeLine], Some]
    reason: Line
    wasted: bool = False


class SafetyBody(Body, frozen=True):
    """Units that are promised to nobody."""

    quantity: Count


class BackorderBody(Body, frozen=True):
    """Whether goods may be promised before they arrive."""

    allowed: bool


class HotBody(Body, frozen=True):
    """Whether everybody wants it at once."""

    is_hot: bool


class CountBody(Body, frozen=True):
    """A stocktake to begin."""

    location_id: UUID
    note: Line = ""


class CountedBody(Body, frozen=True):
    """Figures of a stocktake."""

    lines: Annotated[list[CountedLine], Some]


class CountStatusBody(Body, frozen=True):
    """How a stocktake ends."""

    status: Literal["closed", "cancelled"]


class TransferBody(Body, frozen=True):
    """Goods to move from one location to another."""

    from_location_id: UUID
    to_location_id: UUID
    lines: Annotated[list[UnitsLine], Some]
    note: Line = ""


class TransferStatusBody(Body, frozen=True):
    """The next step of a transfer; ``lines`` says what arrived if that is not all."""

    status: Literal["sent", "received", "cancelled"]
    lines: Annotated[list[CountedLine], Meta(max_length=LINES_MAX)] | None = None


class SettlementBody(Body, frozen=True):
    """What was done about missing units."""

    note: Line


def goods(lines: Sequence[UnitsLine | ChangeLine | CountedLine]) -> tuple[GoodsLine, ...]:
    """Lines as the stock room takes them."""
    return tuple(GoodsLine(VariantId(line.variant_id), line.quantity) for line in lines)


def counted(lines: Sequence[CountedLine]) -> tuple[Counted, ...]:
    """Figures as a stocktake takes them."""
    return tuple(Counted(VariantId(line.variant_id), line.quantity) for line in lines)
