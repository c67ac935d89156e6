"""A shift at the corner shop: scanned sales, cash with change, a card, a return, a parked sale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tradepost.counter.commands.baskets import RungLine
from tradepost.counter.commands.checkout import CompleteSale
from tradepost.counter.commands.giving_back import TakeBackSold
from tradepost.counter.commands.parking import ParkSale
from tradepost.counter.commands.registers import CreateRegister
from tradepost.counter.commands.shifts import MoveCash, OpenShift
from tradepost.counter.domain import MovementKind
from tradepost.counter.domain.tender import Given
from tradepost.kernel.ids import RegisterId, SaleId
from tradepost.wiring.demo.goods import CORNER
from tradepost.wiring.demo.shops import Shop
from tradepost.wiring.replay import named_id

FLOAT: Final = 5000
BEGAN: Final = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)
CODES: Final = {ware.sku: ware.barcode for ware in CORNER}
SALES: Final[tuple[tuple[dict[str, int], tuple[tuple[str, int], ...]], ...]] = (
    ({"MILK-1L": 2, "BREAD-RYE": 1}, (("cash", 1000),)),
    ({"EGGS-6": 1, "TEA-80": 1, "JAM-PLUM": 1}, (("card_terminal", 830),)),
    ({"CANDLE": 4, "MATCHES": 2}, (("card_terminal", 300), ("cash", 200))),
    ({"SOAP": 3}, (("cash", 400),)),
)
"""What was scanned, and what was tendered for it."""


async def a_shift(shop: Shop) -> None:
    """Open the till, sell, take a bar of soap back; somebody has left to fetch her purse."""
    till = CreateRegister(shop.location_id, "till-1", "Till by the door")
    register_id = await shop.once("register", till)
    shift = await shop.once("shift", OpenShift(register_id, FLOAT))
    for place, (scanned, tenders) in enumerate(SALES):
        given = tuple(Given(method, amount) for method, amount in tenders)
        lines = _scanned(scanned)
        wish = CompleteSale(_sale(shop, f"{place}"), register_id, lines, given)
        await shop.once(f"sale/{place}", wish)
    back = TakeBackSold(register_id, _sale(shop, "0"), reason="the bread was yesterday's")
    await shop.once("back", back)
    cleaner = MoveCash(shift.shift_id, MovementKind.PAID_OUT, 250, "window cleaner")
    await shop.once("paid-out", cleaner)
    await _park(shop, register_id)


async def _park(shop: Shop, register_id: RegisterId) -> None:
    lines = _scanned({"JAM-PLUM": 2, "TEA-80": 1})
    wish = ParkSale(_sale(shop, "parked"), register_id, lines, label="fetches her purse")
    await shop.once("parked", wish)


def _scanned(wanted: dict[str, int]) -> tuple[RungLine, ...]:
    return tuple(RungLine(units, barcode=CODES[sku]) for sku, units in wanted.items())


def _sale(shop: Shop, name: str) -> SaleId:
    return SaleId(named_id(shop.scope.tenant_id, f"sale/{name}", BEGAN))
