"""What is rung up, with its articles by what was scanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradepost.counter.domain import SaleLine
from tradepost.counter.errors import BarcodeUnknown, LineUnnamed
from tradepost.counter.ports import Assortment
from tradepost.kernel.codes import Gtin, folded
from tradepost.kernel.errors import BadCode, Unknown
from tradepost.kernel.ids import VariantId


@dataclass(frozen=True, slots=True)
class RungLine:
    """A line as it is rung up: an article by identifier, SKU or barcode, and how much of it."""

    quantity: int
    variant_id: VariantId | None = None
    sku: str | None = None
    barcode: str | None = None
    price_micros: int | None = None
    discount: int = 0


async def named(lines: Sequence[RungLine], assortment: Assortment) -> tuple[SaleLine, ...]:
    """The lines with their articles.

    :raises LineUnnamed: unless each names one in one way.
    :raises BarcodeUnknown: or ``Unknown`` for what is no article's.
    """
    codes = {line.barcode: _key(line.barcode) for line in lines if line.barcode is not None}
    skus = {line.sku: folded(line.sku) for line in lines if line.sku is not None}
    by_code = await assortment.by_barcode(codes.values()) if codes else {}
    by_sku = await assortment.by_sku(skus.values()) if skus else {}
    scanned = {code: by_code.get(key) for code, key in codes.items()}
    typed = {sku: by_sku.get(key) for sku, key in skus.items()}
    return tuple(
        SaleLine(_article(line, scanned, typed), line.quantity, line.price_micros, line.discount)
        for line in lines
    )


def _article(
    line: RungLine,
    scanned: Mapping[str, VariantId | None],
    typed: Mapping[str, VariantId | None],
) -> VariantId:
    names = [name for name in (line.variant_id, line.sku, line.barcode) if name is not None]
    if len(names) != 1:
        raise LineUnnamed
    if line.variant_id is not None:
        return line.variant_id
    if line.barcode is not None:
        found = scanned[line.barcode]
        if found is None:
            raise BarcodeUnknown(line.barcode)
        return found
    assert line.sku is not None
    found = typed[line.sku]
    if found is None:
        raise Unknown("article", line.sku)
    return found


def _key(barcode: str) -> str:
    try:
        return Gtin.parse(barcode, "barcode").key
    except BadCode as odd:
        raise BarcodeUnknown(barcode) from odd
