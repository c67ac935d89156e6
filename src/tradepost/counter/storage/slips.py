"""Receipts as rows."""

from __future__ import annotations

from tradepost.counter.domain.slip import Slip
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RegisterId, SaleId, ShiftId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped, scoped_update
from tradepost.platform.db.work import Work

slips = tenant_table(
    "till_receipts",
    Slip,
    unique=[("register_id", "number"), ("sale_id",)],
    indexes=[("shift_id", "number")],
    references={
        "register_id": "registers",
        "shift_id": "shifts",
        "sale_id": "sales",
        "return_id": "returns",
    },
    checks={"number": "number > 0"},
)
SLIPS = Mapper(Slip, slips)
_select = scoped(slips, *SLIPS.columns)
_OF_SALE = Statement(_select.where(slips.c.sale_id == param("sale_id")).with_for_update())
_numbered = _select.where(slips.c.register_id == param("register_id")).where(
    slips.c.number == param("number")
)
_NUMBERED = Statement(_numbered.with_for_update())
RECEIPT = Statement(_numbered)
OF_SHIFT = Statement(_select.where(slips.c.shift_id == param("shift_id")).order_by(slips.c.number))
_SAVE = Statement(
    scoped_update(slips)
    .where(slips.c.id == param("id"))
    .values(is_void=param("is_void"), printed=param("printed"))
)


class SqlSlips:
    """Answers the Slips port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, slip: Slip) -> None:
        """Keep a fresh receipt."""
        self._work.add(slips, SLIPS.dump(slip))

    async def of_sale(self, sale_id: SaleId) -> Slip:
        """The receipt of a sale that is done, locked."""
        row = await self._work.one(_OF_SALE, sale_id=sale_id)
        if row is None:
            raise Unknown("receipt of sale", str(sale_id))
        return SLIPS.load(row)

    async def numbered(self, register_id: RegisterId, number: int) -> Slip:
        """A register's receipt, locked."""
        row = await self._work.one(_NUMBERED, register_id=register_id, number=number)
        if row is None:
            raise Unknown("receipt", str(number))
        return SLIPS.load(row)

    async def of_shift(self, shift_id: ShiftId) -> list[Slip]:
        """All receipts that were given in a shift, in the order of their numbers."""
        return [SLIPS.load(row) for row in await self._work.all(OF_SHIFT, shift_id=shift_id)]

    async def save(self, slip: Slip) -> None:
        """Write back whether it is void, and how often it was printed."""
        await self._work.run(_SAVE, id=slip.id, is_void=slip.is_void, printed=slip.printed)
