"""What stands on receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tradepost.counter.commands.till import Place
from tradepost.counter.domain.slip import SlipLine, SlipTender, SlipText
from tradepost.counter.domain.tender import Given
from tradepost.counter.ports import GivenBack, PlacedDeal, Terms


def sale_text(
    place: Place,
    placed: PlacedDeal,
    given: Sequence[Given],
    change: int,
    terms: Terms,
    at: datetime,
) -> SlipText:
    """The receipt of a sale."""
    return SlipText(
        shop=terms.shop,
        register=place.register.code,
        time_zone=terms.time_zone,
        at=at,
        currency=place.shift.currency.code,
        order_number=placed.number,
        lines=tuple(
            SlipLine(
                one.title,
                one.sku,
                one.quantity,
                one.unit,
                one.price,
                one.price_per,
                one.amount,
                one.discount,
            )
            for one in placed.lines
        ),
        subtotal=placed.subtotal,
        discount=placed.discount,
        tax_included=placed.tax_included,
        tax=placed.tax,
        taxes=placed.taxes,
        rounding=placed.rounding,
        total=placed.total,
        tenders=tuple(SlipTender(one.method, one.amount) for one in given),
        change=change,
    )


def return_text(
    place: Place,
    back: GivenBack,
    ways: tuple[SlipTender, ...],
    rounding: int,
    of_receipt: str,
    terms: Terms,
    at: datetime,
) -> SlipText:
    """The receipt of goods that came back; amounts are what the customer gets."""
    tax = sum(one.tax for one in back.lines)
    worth = sum(one.amount for one in back.lines)
    return SlipText(
        shop=terms.shop,
        register=place.register.code,
        time_zone=terms.time_zone,
        at=at,
        currency=place.shift.currency.code,
        order_number=back.order_number,
        lines=tuple(
            SlipLine(one.title, one.sku, one.quantity, "", one.price, one.price_per, one.amount)
            for one in back.lines
        ),
        subtotal=worth,
        discount=0,
        tax_included=True,
        tax=tax,
        taxes=(),
        rounding=rounding,
        total=sum(one.amount for one in ways),
        tenders=ways,
        change=0,
        of_receipt=of_receipt,
    )
