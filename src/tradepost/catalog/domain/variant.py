"""A variant: what is bought. It has the SKU, the base price and the unit it is sold in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tradepost.catalog.domain.parts import FulfillmentType, Option
from tradepost.catalog.errors import OptionsMismatch
from tradepost.events.catalog import VariantFace
from tradepost.kernel.codes import Code, Gtin, Sku
from tradepost.kernel.ids import ProductId, VariantId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.kernel.quantity import SalesUnit, Unit
from tradepost.kernel.states import States
from tradepost.kernel.whole import whole_number

WEIGHT_GRAMS_MAX: Final = 10**9
STANDARD_TAX_CLASS: Final = "standard"


class VariantStatus(StrEnum):
    """Whether a variant is offered when its product is."""

    ACTIVE = "active"
    ARCHIVED = "archived"


VARIANT_STATES: Final = States(
    "variant",
    {
        VariantStatus.ACTIVE: {"archive": VariantStatus.ARCHIVED},
        VariantStatus.ARCHIVED: {"restore": VariantStatus.ACTIVE},
    },
)


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant as it is wished for; prices in millionths of the product's currency."""

    sku: str
    price_micros: int
    compare_at_micros: int | None = None
    barcode: str | None = None
    fulfillment_type: FulfillmentType = FulfillmentType.PHYSICAL
    tax_class: str = STANDARD_TAX_CLASS
    unit: Unit = Unit.PIECE
    price_per: int = 1
    step: int = 1
    weight_grams: int | None = None
    backorder: bool = False
    option_values: tuple[str, ...] = ()
    stocked: bool = True


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as it is kept.

    ``title`` tells it apart from its siblings and is empty for an only one. ``price`` is the base
    price of ``price_per`` units, sold by the ``step``; ``listed`` says that a price list may have
    another price for it. Of what is not ``stocked`` no stock is kept: a dish that is made to order.
    """

    id: VariantId
    product_id: ProductId
    position: int
    title: str
    sku: str
    sku_key: str
    barcode: str | None
    barcode_key: str | None
    fulfillment_type: FulfillmentType
    price: UnitPrice
    compare_at: UnitPrice | None
    tax_class: str
    unit: Unit
    price_per: int
    step: int
    weight_grams: int | None
    backorder: bool
    stocked: bool
    listed: bool
    option_values: tuple[str, ...]
    status: VariantStatus
    version: int

    def repriced(self, price: UnitPrice, compare_at: UnitPrice | None) -> Variant:
        """The variant at another base price."""
        return replace(self, price=price, compare_at=compare_at)

    def after(self, action: str) -> Variant:
        """The variant in the state that an action leads to."""
        return replace(self, status=VARIANT_STATES.after(self.status, action))

    def in_place_of(self, old: Variant) -> Variant:
        """The variant with what a draft does not say taken from the one that it replaces."""
        return replace(self, listed=old.listed, status=old.status, version=old.version)

    @property
    def is_active(self) -> bool:
        """Whether it is offered when its product is."""
        return self.status is VariantStatus.ACTIVE

    def face(self) -> VariantFace:
        """What others are told of it."""
        return VariantFace(
            self.id,
            self.sku,
            self.barcode,
            self.title,
            self.status.value,
            self.fulfillment_type.value,
            self.price.micros,
            self.unit.value,
            self.price_per,
        )


def new_variant(
    draft: VariantDraft,
    variant_id: VariantId,
    product_id: ProductId,
    position: int,
    currency: Currency,
    options: Sequence[Option],
) -> Variant:
    """The variant that a draft describes; refused by the name of the field that is wrong."""
    sku = Sku.parse(draft.sku)
    gtin = Gtin.parse(draft.barcode) if draft.barcode else None
    sales_unit = SalesUnit(Unit(draft.unit), draft.price_per, draft.step)
    weight = draft.weight_grams
    if weight is not None:
        weight = whole_number(weight, "weight_grams", 0, WEIGHT_GRAMS_MAX)
    compare_at = draft.compare_at_micros
    chosen = chosen_values(sku.value, draft.option_values, options)
    return Variant(
        id=variant_id,
        product_id=product_id,
        position=position,
        title=" / ".join(chosen),
        sku=sku.value,
        sku_key=sku.key,
        barcode=gtin.value if gtin else None,
        barcode_key=gtin.key if gtin else None,
        fulfillment_type=FulfillmentType(draft.fulfillment_type),
        price=UnitPrice(draft.price_micros, currency),
        compare_at=None if compare_at is None else UnitPrice(compare_at, currency),
        tax_class=Code.parse(draft.tax_class, "tax_class").value,
        unit=sales_unit.unit,
        price_per=sales_unit.price_per,
        step=sales_unit.step,
        weight_grams=weight,
        backorder=draft.backorder,
        stocked=draft.stocked,
        listed=False,
        option_values=chosen,
        status=VariantStatus.ACTIVE,
        version=1,
    )


def chosen_values(sku: str, values: Sequence[str], options: Sequence[Option]) -> tuple[str, ...]:
    """The values, if they are one of each option; else :class:`OptionsMismatch`."""
    fits = len(values) == len(options) and all(
        value in option.values for value, option in zip(values, options, strict=True)
    )
    if not fits:
        raise OptionsMismatch(sku, "; ".join(f"{o.name}: {', '.join(o.values)}" for o in options))
    return tuple(values)
