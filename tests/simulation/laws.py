"""What must be true after every commit; the doctor's whole book is read when a history is over."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tests.simulation.disk import Committed, Disk
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.sqlite_work import SqliteReader, run_to_end
from tradepost.platform.relay.log import after
from tradepost.wiring.doctor import LAWS
from tradepost.wiring.doctor.law import Law, Sight

_RISING = ("product", "payment", "refund")
"""Documents whose version others' facts raise too; see ``wiring/doctor/facts.py``."""


def _named(*names: str) -> tuple[Law, ...]:
    book = {one.name: one for one in LAWS}
    return tuple(book[name] for name in names)


_STOCK = _named(
    "stock.not_oversold",
    "stock.on_hand",
    "stock.held",
    "stock.allocated",
    "stock.promised",
    "stock.of_orders",
    "stock.of_carts",
)
_ORDERS = _named(
    "orders.one_per_cart", "orders.subtotal", "orders.total", "orders.lines", "ledger.orders"
)
_PAYMENTS = _named("payments.within", "payments.orders_paid", "payments.orders_refunded")
_OWED = """
    SELECT id, total_amount - credited_amount - (paid_amount - refunded_amount)
               + (SELECT coalesce(sum(r.amount_amount), 0) FROM refunds AS r
                   WHERE r.tenant_id = o.tenant_id AND r.order_id = o.id AND r.state = 'pending')
      FROM orders AS o WHERE tenant_id = ? AND state <> 'cancelled'"""
"""What orders owe; money on its way back is gone."""
_BOOKS = _named("ledger.sound", "ledger.clearing")
_BY_TABLE: dict[str, tuple[Law, ...]] = {
    "stocks": _STOCK,
    "reservations": _STOCK,
    "orders": _ORDERS,
    "payments": _PAYMENTS,
    "refunds": _PAYMENTS,
    "transfers": _BOOKS,
}


def _known(disk: Disk) -> set[UUID]:
    """The facts of the time before the history."""
    return {
        row.event_id for row in run_to_end(after(SqliteReader(disk.connection, None), 0, 10**6))
    }


class Broken(Exception):
    """A law is broken; ``law`` names it."""

    def __init__(self, law: str, told: str) -> None:
        super().__init__(f"{law}: {told}")
        self.law = law


class Laws:
    """Looks at every commit of a history."""

    def __init__(self, disk: Disk, tenant_id: TenantId, sight: Sight) -> None:
        self._reader = SqliteReader(disk.connection, tenant_id)
        self.sight = sight
        self._versions: dict[tuple[str, UUID], int] = {}
        self._granted: set[str] = set()
        self._told = _known(disk)
        self._heard: set[tuple[str, UUID]] = set()
        self._last: dict[tuple[str, UUID], int] = {}
        self._disk = disk
        self._tenant_id = tenant_id
        self._owed: dict[bytes, int] = {}

    def look(self, left: Committed) -> None:
        """See whether all is well after a commit.

        :raises Broken: if it is not.
        """
        self._dense(left)
        self._once(left)
        self._in_order(left)
        if "orders" in left.tables:
            self._owes_no_more(left)
        for one in self._touched(left.tables):
            found = run_to_end(one.look(self._reader, self.sight))
            if found.total:
                raise Broken(one.name, f"{one.sentence} {found.rows}")

    def heard(self, consumer: str, event_id: UUID) -> bool:
        """Whether a fact has had its effect for a consumer."""
        return (consumer, event_id) in self._heard

    def _touched(self, tables: Iterable[str]) -> list[Law]:
        found = {one.name: one for name in sorted(tables) for one in _BY_TABLE.get(name, ())}
        return list(found.values())

    def _dense(self, left: Committed) -> None:
        for fact in left.facts:
            self._told.add(fact["event_id"])
            stream, document, version = fact["stream"], fact["stream_id"], fact["version"]
            last = self._versions.get((stream, document))
            if last is not None:
                gap = version < last or (version > last + 1 and stream not in _RISING)
                if gap:
                    raise Broken("facts.dense", f"{stream} {document}: {last}, then {version}")
            self._versions[stream, document] = version

    def _once(self, left: Committed) -> None:
        """What was wished under one key has had its effect in one transaction, if in any."""
        wished = {f["request_id"] for f in left.facts if f["request_id"] and not f["reason"]}
        twice = wished & self._granted
        if twice:
            raise Broken("keys.once", f"a second effect for {sorted(twice)}")
        self._granted |= wished

    def _owes_no_more(self, left: Committed) -> None:
        """A refund leaves nobody owing more: what goes back is credited, or was paid too much.

        A change may: units it calls off take what was conceded on them along.
        """
        before, self._owed = self._owed, self._owing()
        names = {fact["name"] for fact in left.facts}
        if "refund.issued" not in names or "order.changed" in names:
            return
        for order_id, owed in self._owed.items():
            if owed > max(0, before.get(order_id, 0)):
                raise Broken("orders.owe_no_more", f"{order_id.hex()}: {owed} after a refund")

    def _owing(self) -> dict[bytes, int]:
        """What each order still owes, in minor units; below zero where too much is paid."""
        return dict(self._disk.connection.execute(_OWED, (self._tenant_id.bytes,)).fetchall())

    def _in_order(self, left: Committed) -> None:
        for consumer, event_id, document, seq in left.effects:
            if event_id not in self._told:
                raise Broken("effects.told", f"{consumer} heard {event_id}, which never happened")
            if (consumer, event_id) in self._heard:
                raise Broken("effects.once", f"{consumer} heard {event_id} again")
            if seq < self._last.get((consumer, document), 0):
                raise Broken("effects.ordered", f"{consumer}: {document} out of order at {seq}")
            self._heard.add((consumer, event_id))
            self._last[consumer, document] = seq
