"""Sales with their tenders, card charges, and sales that were set aside, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_

from tradepost.counter.domain import Sale, SaleState
from tradepost.counter.domain.charge import CardCharge
from tradepost.counter.domain.set_aside import SetAsideSale
from tradepost.counter.domain.tender import Tender
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CardChargeId, RegisterId, SaleId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Work

sales = tenant_table(
    "sales",
    Sale,
    indexes=[("register_id", "state", "begun_at"), ("shift_id",), ("review", "sold_at")],
    references={"register_id": "registers", "order_id": "orders"},
)
tenders = tenant_table(
    "tenders",
    Tender,
    indexes=[("sale_id",)],
    references={"sale_id": "sales", "payment_id": "payments"},
    checks={"amount": "amount_amount > 0 and change_amount between 0 and amount_amount"},
)
card_charges = tenant_table(
    "card_charges",
    CardCharge,
    indexes=[("sale_id",), ("state", "asked_at")],
    references={"register_id": "registers"},
)
set_aside_sales = tenant_table(
    "set_aside_sales",
    SetAsideSale,
    indexes=[("state", "set_aside_at")],
    references={"register_id": "registers"},
)
SALES = Keeper("sale", Sale, sales)
TENDERS = Mapper(Tender, tenders)
CHARGES = Keeper("card charge", CardCharge, card_charges)
SET_ASIDE = Keeper("sale set aside", SetAsideSale, set_aside_sales)
UNFINISHED = or_(*(sales.c.state == one for one in (SaleState.OPEN, SaleState.PARKED)))
_LOCK = Statement(SALES.select.where(sales.c.id == param("id")).with_for_update())
_REGISTER_OF = Statement(scoped(sales, sales.c.register_id).where(sales.c.id == param("id")))
_UNFINISHED = Statement(
    SALES.select.where(sales.c.register_id == param("register_id"))
    .where(UNFINISHED)
    .order_by(sales.c.begun_at, sales.c.id)
    .with_for_update()
)
_CHARGES = Statement(
    CHARGES.select.where(any_of(card_charges.c.id, "ids"))
    .order_by(card_charges.c.id)
    .with_for_update()
)
_CHARGES_OF = Statement(
    CHARGES.select.where(card_charges.c.sale_id == param("sale_id"))
    .order_by(card_charges.c.id)
    .with_for_update()
)
_ASIDE = Statement(SET_ASIDE.select.where(set_aside_sales.c.id == param("id")).with_for_update())


class SqlSales:
    """Answers the Sales port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, sale: Sale) -> None:
        """Keep a fresh sale."""
        SALES.add(self._work, sale)

    def tendered(self, given: Sequence[Tender]) -> None:
        """Keep what was given for a sale."""
        self._work.add(tenders, *map(TENDERS.dump, given))

    async def find(self, sale_id: SaleId) -> Sale | None:
        """The sale, locked, if there is one."""
        return await SALES.first(self._work, _LOCK, id=sale_id)

    async def register_of(self, sale_id: SaleId) -> RegisterId:
        """At which register it was rung up."""
        row = await self._work.one(_REGISTER_OF, id=sale_id)
        if row is None:
            raise Unknown("sale", str(sale_id))
        register_id: RegisterId = row[0]
        return register_id

    async def lock(self, sale_id: SaleId) -> Sale:
        """The sale, locked."""
        found = await self.find(sale_id)
        if found is None:
            raise Unknown("sale", str(sale_id))
        return found

    async def unfinished(self, register_id: RegisterId) -> list[Sale]:
        """The sales of a register that are neither done nor void, locked."""
        return await SALES.all(self._work, _UNFINISHED, register_id=register_id)

    async def save(self, sale: Sale) -> None:
        """Write a locked sale back; whoever changed it raised its version."""
        await SALES.save(self._work, sale, sale.version - 1)


class SqlCharges:
    """Answers the Charges port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, charge: CardCharge) -> None:
        """Keep a fresh charge."""
        CHARGES.add(self._work, charge)

    async def lock(self, ids: Collection[CardChargeId]) -> dict[CardChargeId, CardCharge]:
        """The charges, locked in the order of their identifiers."""
        found = await CHARGES.all(self._work, _CHARGES, ids=sorted(ids))
        return {one.id: one for one in found}

    async def of_sale(self, sale_id: SaleId) -> list[CardCharge]:
        """All charges for a sale, locked."""
        return await CHARGES.all(self._work, _CHARGES_OF, sale_id=sale_id)

    async def save(self, charge: CardCharge) -> None:
        """Write a locked charge back."""
        await CHARGES.save(self._work, charge, charge.version - 1)


class SqlSetAside:
    """Answers the SetAside port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, sale: SetAsideSale) -> None:
        """Keep one for a person."""
        SET_ASIDE.add(self._work, sale)

    async def find(self, sale_id: SaleId) -> SetAsideSale | None:
        """One that was set aside, locked, if it was."""
        return await SET_ASIDE.first(self._work, _ASIDE, id=sale_id)

    async def save(self, sale: SetAsideSale) -> None:
        """Write a locked one back."""
        await SET_ASIDE.save(self._work, sale, sale.version - 1)
