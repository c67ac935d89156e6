"""The counter in the house: catalogue, stock, orders, payments and books answer its ports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from tradepost.catalog.storage import Articles
from tradepost.counter import commands, ports
from tradepost.counter.commands.checkout import Checkout
from tradepost.counter.commands.giving_back import Counterhand
from tradepost.counter.commands.till import Till
from tradepost.counter.domain import DrawerMovement, MovementKind
from tradepost.counter.gateway.desk import TerminalDesk
from tradepost.counter.gateway.terminal import SandboxTerminal
from tradepost.counter.ports import Terms
from tradepost.counter.queries import unanswered_charges
from tradepost.counter.storage.registers import SqlDrawers, SqlRegisters, SqlShifts
from tradepost.counter.storage.sales import SqlCharges, SqlSales, SqlSetAside
from tradepost.counter.storage.slips import SqlSlips
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RegisterId, VariantId
from tradepost.kernel.messages import Facts, Scope
from tradepost.ledger.commands import Journal
from tradepost.ledger.domain import Account, Code, Document, Entry
from tradepost.platform.bus import Bound, Bus
from tradepost.platform.db.work import Reader
from tradepost.platform.sweeps import Sweep
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.counter_trade import Spine
from tradepost.wiring.places import Places

POSTED = {
    MovementKind.FLOAT: (Code.FLOAT, Account.CASH),
    MovementKind.SALE: (Code.DRAWER, Account.CASH),
    MovementKind.REFUND: (Code.DRAWER, Account.CASH),
    MovementKind.PAID_IN: (Code.PAID_IN, Account.PETTY_CASH),
    MovementKind.PAID_OUT: (Code.PAID_OUT, Account.PETTY_CASH),
    MovementKind.DROP: (Code.DROP, Account.CASH),
    MovementKind.NO_SALE: (Code.DRAWER, Account.CASH),
    MovementKind.DIFFERENCE: (Code.OVER_SHORT, Account.CASH_OVER_SHORT),
    MovementKind.EMPTIED: (Code.DROP, Account.CASH),
}
"""Where the other end of each movement of a drawer is, and what it is for."""


def drawer_account(register_id: RegisterId) -> str:
    """The account of a register's drawer."""
    return f"{Account.CASH.value}:{register_id}"


class Postings:
    """Posts what moves drawers.

    What sales and refunds are paid by lies in the till's cash first, and goes from there into the
    drawer at once, so that a drawer's balance is the sum of its movements and of nothing else.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def moved(self, one: DrawerMovement) -> None:
        """Post a movement, and what coins made of a refund."""
        code, other = POSTED[one.kind]
        document = Document("drawer_movement", one.id, one.currency, one.business_date, one.at)
        drawer, more = drawer_account(one.register_id), one.rounding.amount
        entries = [
            Entry(code, drawer, other, one.amount.amount),
            Entry(Code.CASH_ROUNDING, Account.CASH_ROUNDING, Account.CASH, more),
        ]
        self._journal.post(document, entries)


class Assortment:
    """Answers the counter's Assortment from the catalogue."""

    def __init__(self, db: Reader) -> None:
        self._articles = Articles(db)

    async def by_barcode(self, keys: Collection[str]) -> Mapping[str, VariantId]:
        """Articles by the keys of their barcodes."""
        return await self._articles.by_barcodes(keys)

    async def by_sku(self, keys: Collection[str]) -> Mapping[str, VariantId]:
        """Articles by their folded SKUs."""
        found = await self._articles.by_sku_keys(keys)
        return {key: one.variant_id for key, one in found.items()}

    async def check(self, variants: Collection[VariantId]) -> None:
        """Go on if there are such articles."""
        found = await self._articles.by_ids(variants) if variants else {}
        for variant_id in variants:
            if variant_id not in found:
                raise Unknown("variant", str(variant_id))


def _terms(bound: Bound) -> Terms:
    profile = bound.get(TenantProfile)
    settings = profile.settings
    return Terms(
        shop=profile.name,
        currency=profile.default_currency,
        time_zone=profile.time_zone,
        cutoff_hour=settings.business_day_cutoff_hour,
        cash_step=settings.cash_rounding_step_amount,
        rounding_mode=settings.rounding.mode,
        locations=bound.get(Places).ids_of(bound.scope.tenant_id),
    )


def _drawers(bound: Bound) -> SqlDrawers:
    return SqlDrawers(bound.work, Postings(bound.get(Journal)).moved)


def _till(bound: Bound) -> Till:
    work = bound.work
    kept = SqlRegisters(work), SqlShifts(work), _drawers(bound), SqlSlips(work)
    return Till(*kept, bound.get(Terms), bound.ids)


def _checkout(bound: Bound) -> Checkout:
    work = bound.work
    return Checkout(
        bound.get(Till),
        SqlShifts(work),
        SqlSales(work),
        SqlSlips(work),
        SqlCharges(work),
        SqlSetAside(work),
        Assortment(work),
        Spine(bound),
        bound.ids,
        _facts(bound),
    )


def _facts(bound: Bound) -> Facts:
    return bound.facts


TERMINAL = SandboxTerminal()
"""The sandbox's own, for as long as the process lives: it knows which answers it has lost once."""


def terminal_desk(bus: Bus) -> TerminalDesk:
    """The desk that asks the terminals of a house."""
    return TerminalDesk(bus, TERMINAL, unanswered_charges)


async def _ask_again(bus: Bus, scope: Scope) -> int:
    """Ask terminals again what was never answered."""
    return await terminal_desk(bus).complete(scope, bus.clock.now())


SWEEPS = {"counter.terminal": Sweep("counter.terminal", 30, _ask_again)}
HANDLERS = commands.HANDLERS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Terms: _terms,
    Till: _till,
    Checkout: _checkout,
    Counterhand: lambda bound: Counterhand(bound.get(Till), _drawers(bound), Spine(bound)),
    ports.Registers: lambda bound: SqlRegisters(bound.work),
    ports.Shifts: lambda bound: SqlShifts(bound.work),
    ports.Drawers: _drawers,
    ports.Sales: lambda bound: SqlSales(bound.work),
    ports.Slips: lambda bound: SqlSlips(bound.work),
    ports.Charges: lambda bound: SqlCharges(bound.work),
    ports.SetAside: lambda bound: SqlSetAside(bound.work),
    ports.Assortment: lambda bound: Assortment(bound.work),
    ports.Trade: Spine,
}
