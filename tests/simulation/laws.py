"""What must be true after every commit; the doctor's whole book is read when a history is over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from uuid import UUID

from tests.simulation.disk import Committed, Disk
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.schema import metadata
from tradepost.platform.db.sqlite_work import SqliteReader, run_to_end
from tradepost.wiring.doctor import LAWS, View
from tradepost.wiring.doctor.law import NONE, Law, Look, Sight, in_turn, queried

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


def _queries(look: Look) -> Sequence[queried]:
    """The queries of a law, none if it is more than queries."""
    if isinstance(look, in_turn):
        return [query for one in look.looks for query in _queries(one)]
    return [look] if isinstance(look, queried) else []


def _read_by(text: str) -> frozenset[str]:
    """The tables that a query names: while nobody writes these, it finds what it found before."""
    return frozenset(metadata.tables.keys() & set(re.findall(r"\w+", text)))


class Several:
    """Laws whose queries say no more than whether they all hold, each asked where it has to be.

    What breaks one of them is then looked at law by law.
    """

    def __init__(self, laws: Sequence[Law]) -> None:
        self._laws = laws
        self._others = [law for law in laws if not _queries(law.look)]
        texts = [query.texts["sqlite"] for law in laws for query in _queries(law.look)]
        self._statements = [(f"SELECT EXISTS ({text})", _read_by(text)) for text in texts]
        self._by_written: dict[frozenset[str], list[str]] = {}

    def look(
        self, disk: Disk, tenant_id: TenantId, sight: Sight, written: Set[str] | None = None
    ) -> None:
        """See whether they hold; with ``written``, those that read one of these tables.

        :raises Broken: if one of them does not.
        """
        values = {"tenant": tenant_id.bytes, "none": NONE.bytes}
        execute = disk.connection.execute
        broken = any(execute(sql, values).fetchone()[0] for sql in self._that_read(written))
        for law in self._laws if broken else self._others:
            reader = SqliteReader(disk.connection, tenant_id if law.view is View.TENANT else None)
            found = run_to_end(law.look(reader, sight))
            if found.total:
                raise Broken(law.name, f"{law.sentence} {found.rows}")

    def _that_read(self, written: Set[str] | None) -> Sequence[str]:
        """The queries that read one of some tables, or all; histories write the same ones often."""
        if written is None:
            return [sql for sql, _ in self._statements]
        some = frozenset(written)
        found = self._by_written.get(some)
        if found is None:
            found = [sql for sql, tables in self._statements if not tables.isdisjoint(some)]
            self._by_written[some] = found
        return found


EVERY_COMMIT = (*_STOCK, *_ORDERS, *_PAYMENTS, *_BOOKS)
BOOK = Several(LAWS)
"""All laws of the doctor."""
_AT_COMMITS = Several(EVERY_COMMIT)
AT_THE_END = Several([law for law in LAWS if _queries(law.look) and law not in EVERY_COMMIT])
"""Those that are queries and no more, without what has been asked since its tables were written."""


class Broken(Exception):
    """A law is broken; ``law`` names it."""

    def __init__(self, law: str, told: str) -> None:
        super().__init__(f"{law}: {told}")
        self.law = law


class Laws:
    """Looks at every commit of a history."""

    def __init__(
        self, disk: Disk, tenant_id: TenantId, sight: Sight, before: Iterable[UUID]
    ) -> None:
        self.sight = sight
        self.written = set[str]()
        """The tables that the history has written."""
        self._versions: dict[tuple[str, UUID], int] = {}
        self._granted: set[str] = set()
        self._told = set(before)
        self._heard: set[tuple[str, UUID]] = set()
        self._last: dict[tuple[str, UUID], int] = {}
        self._disk = disk
        self._tenant_id = tenant_id
        self._owed: dict[bytes, int] = {}

    def look(self, left: Committed) -> None:
        """See whether all is well after a commit.

        :raises Broken: if it is not.
        """
        self.written |= left.tables
        self._dense(left)
        self._once(left)
        self._in_order(left)
        if "orders" in left.tables:
            self._owes_no_more(left)
        if left.tables:
            _AT_COMMITS.look(self._disk, self._tenant_id, self.sight, left.tables)

    def heard(self, consumer: str, event_id: UUID) -> bool:
        """Whether a fact has had its effect for a consumer."""
        return (consumer, event_id) in self._heard

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
