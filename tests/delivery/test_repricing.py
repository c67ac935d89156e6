"""Whatever pickers say of an order, it adds up, and comes to no more than was agreed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.shops import open_place, open_shop
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.delivery.commands.opening import OpenPicking
from tradepost.delivery.commands.picking import CompletePicking, PickLines, StartPicking
from tradepost.delivery.commands.zones import MakeZone, OpenSlots
from tradepost.delivery.domain.slot import Window
from tradepost.delivery.domain.zone import ZoneTerms
from tradepost.delivery.errors import SubstituteNotAllowed, WeightBeyondTolerance
from tradepost.delivery.queries.picking import PickLineView, PickTaskView, pick_task_page
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import LocationId, OrderId, PickLineId, PickTaskId, SlotId, VariantId
from tradepost.kernel.messages import Scope
from tradepost.kernel.quantity import Unit
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.substitution import Substitution, SubstitutionRule
from tradepost.ordering.queries import OrderView, order_page
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain import TaxRateDraft
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.parts import build_bus

SEED = random.SystemRandom().randrange(1 << 32)
ROUNDS = 15
NEAR = Address("GB", line1="1 High Street", city="Leeds", postcode="LS1 4AP")
ARTICLES = 6
CURRENCIES = {"GBP": 2, "JPY": 0, "BHD": 3}


@dataclass
class Corner:
    """A shop with goods by the piece and by weight."""

    bus: Bus
    scope: Scope
    place: LocationId
    slot: SlotId
    pieces: list[VariantId]
    weighed: list[VariantId]
    tolerance: int


async def _article(
    bus: Bus, scope: Scope, currency: str, sku: str, micros: int, **more: Any
) -> Any:
    tax_class = "reduced" if sku.endswith(("1", "4")) else "standard"
    draft = VariantDraft(sku=sku, price_micros=micros, tax_class=tax_class, **more)
    details = ProductDetails(title=sku)
    wish = CreateProduct(details, currency, (draft,), ProductStatus.ACTIVE)
    return (await bus.send(scope, wish)).variants[0].variant_id


async def _corner(store: Store, chance: Random) -> Corner:
    bus, currency = build_bus(store), chance.choice(list(CURRENCIES))
    tolerance = chance.choice([0, 5, 20])
    scope = await open_shop(
        bus,
        currency=currency,
        charges_tax=True,
        prices_include_tax=chance.random() < 0.5,
        rounding_level=chance.choice(["unit", "line", "rate"]),
        rounding_mode=chance.choice(["half_up", "half_even", "down", "up"]),
        cash_rounding_step_amount=chance.choice([1, 1, 5]),
        cod_fee_amount=chance.choice([0, 33]),
        pick_weight_tolerance_percent=tolerance,
        quantity_per_line_max=100_000,
    )
    _, place = await open_place(bus, scope)
    unit = 10 ** (6 - CURRENCIES[currency])
    for name, ppm in (("standard", 200_000), ("reduced", 55_000)):
        rate = TaxRateDraft(name, "GB", ppm, "VAT", date(2020, 1, 1))
        await bus.send(scope, CreateTaxRate(rate))
    fine = chance.choice([1, unit]) if unit > 1000 else unit
    prices = [
        chance.randrange(1, 900) * unit + chance.randrange(unit) // fine * fine
        for _ in range(ARTICLES)
    ]
    pieces = [await _article(bus, scope, currency, f"p{n}", prices[n]) for n in range(ARTICLES)]
    kilo = {"unit": Unit.GRAM, "price_per": 1000, "step": 1}
    weighed = [
        await _article(bus, scope, currency, f"w{n}", prices[n] * 3, **kilo) for n in range(3)
    ]
    goods = tuple(GoodsLine(one, 10_000_000) for one in (*pieces, *weighed))
    await bus.send(scope, ReceiveStock(place, goods))
    terms = ZoneTerms(place, "All", "GB", ("LS",), fee=350, free_from=2000)
    zone = await bus.send(scope, MakeZone(terms))
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    window = (Window(datetime.min.time().replace(hour=9), datetime.min.time().replace(hour=12)),)
    (slot,) = await bus.send(scope, OpenSlots(zone, day, day, window, 1000, 0))
    return Corner(bus, scope, place, slot, pieces, weighed, tolerance)


def _wish(corner: Corner, chance: Random) -> list[Wanted]:
    made = []
    for variant_id in chance.sample(corner.pieces, chance.randrange(1, 4)):
        rule = chance.choice(list(SubstitutionRule))
        listed = tuple(chance.sample(corner.pieces, 3)) if rule is SubstitutionRule.LIST else ()
        instead = Substitution.parse(rule, listed)
        made.append(Wanted(chance.randrange(1, 6), variant_id, substitution=instead))
    weighed = chance.sample(corner.weighed, chance.randrange(3))
    return made + [Wanted(chance.randrange(50, 2000), one) for one in weighed]


async def _seen(corner: Corner, order_id: OrderId) -> OrderView:
    view: OrderView = await corner.bus.ask(corner.scope, order_page, order_id)
    net = sum(one.amount - one.discount for one in view.lines)
    fees = view.shipping + view.cod_fee
    on_top = 0 if view.tax_included else view.tax
    assert view.total == net + fees + on_top + view.rounding, SEED
    taxes = sum(one.tax for one in view.lines) + view.shipping_tax + view.cod_fee_tax
    assert (view.tax, view.due) == (taxes, view.total), SEED
    return view


async def _task(corner: Corner, task_id: PickTaskId) -> PickTaskView:
    return await corner.bus.ask(corner.scope, pick_task_page, task_id)


def _figures(corner: Corner, line: PickLineView, chance: Random) -> dict[str, Any]:
    """What became of a line; whether the shopper wants it so is another matter."""
    ordered = line.ordered
    if line.unit == "gram":
        spread = ordered * (corner.tolerance + 3) // 100
        return {"picked": max(0, ordered + chance.randrange(-spread, spread + 1))}
    short = chance.randrange(ordered + 1) if chance.random() < 0.5 else 0
    rest = ordered - short
    replaced = chance.randrange(rest + 1) if chance.random() < 0.6 else 0
    told: dict[str, Any] = {"picked": rest - replaced, "short": short, "replaced": replaced}
    if replaced:
        told["substitute_id"] = chance.choice(corner.pieces)
        told["substitute_units"] = chance.randrange(1, replaced + 2)
    return told


async def _pick(corner: Corner, task: PickTaskView, chance: Random) -> None:
    id = PickTaskId(task.id)
    for line in task.lines:
        whole = {"picked": line.ordered}
        for figures in (_figures(corner, line, chance), whole):
            try:
                wish = PickLines(id, PickLineId(line.id), **figures)
                await corner.bus.send(corner.scope, wish)
                break
            except (SubstituteNotAllowed, WeightBeyondTolerance):
                assert figures is not whole, SEED


async def _order(corner: Corner, chance: Random) -> None:
    method = chance.choice(["cod", "cod", "cod", "bank_transfer"])
    basket = Basket(
        tuple(_wish(corner, chance)),
        delivery=Delivery.LOCAL,
        payment_method=method,
        ship_to=NEAR,
        slot_id=corner.slot,
        discount=chance.choice([0, 0, 1]),
    )
    placed = await corner.bus.send(corner.scope, PlaceOrder(basket))
    agreed = (await _seen(corner, placed.order_id)).total
    task_id = await corner.bus.send(corner.scope, OpenPicking(placed.order_id))
    if method != "cod":  # nobody picks before it is paid
        assert task_id is None
        return
    await corner.bus.send(corner.scope, StartPicking(task_id))
    await _pick(corner, await _task(corner, task_id), chance)
    await _seen(corner, placed.order_id)
    await corner.bus.send(corner.scope, CompletePicking(task_id))
    after = await _seen_or_gone(corner, placed.order_id)
    assert after <= agreed, (SEED, after, agreed)
    for line in (await _task(corner, task_id)).lines:
        assert line.picked + line.short + line.replaced == line.ordered, SEED


async def _seen_or_gone(corner: Corner, order_id: OrderId) -> int:
    view: OrderView = await corner.bus.ask(corner.scope, order_page, order_id)
    if view.status == "cancelled":
        return 0
    assert view.status == "ready"
    return (await _seen(corner, order_id)).total


@pytest.mark.parametrize("number", range(4))
async def test_lines_tax_and_due_agree_and_never_rise_above_what_was_agreed(
    store: Store, number: int
) -> None:
    chance = Random(SEED + number)
    corner = await _corner(store, chance)
    for _ in range(ROUNDS):
        await _order(corner, chance)
    laws = [
        law for law in LAWS if law.name.startswith(("ledger.", "orders.", "stock.", "delivery."))
    ]
    report = await examine(store, laws, [Visit(corner.scope.tenant_id, "corner")])
    assert report.breaches == [], SEED
