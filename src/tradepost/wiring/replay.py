"""Books documents of retail trade by the house's own commands, each under a key of its invoice.

What a document causes is one transaction with others of its chunk; only the command that makes
the document itself carries a key, since the rest lives or dies with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tradepost.catalog.commands import CreateProduct, ReviseArticles
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.catalog.domain.revision import ArticleLine
from tradepost.catalog.storage import Articles
from tradepost.customers.commands import EnsureCustomer
from tradepost.fulfillment.commands import ShipOrder, TakeBack
from tradepost.fulfillment.commands.take_back import GivenBack
from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.queries import on_hand_of
from tradepost.kernel.clock import to_micros
from tradepost.kernel.ids import CustomerId, LocationId, OrderId, TenantId, VariantId
from tradepost.kernel.messages import Actor, Command, Scope
from tradepost.kernel.money import Currency, RoundingMode, line_minor_units
from tradepost.ledger.commands import PostAdjustment
from tradepost.ordering.commands import CompleteOrder, PlaceOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands.record import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.db.work import Reader
from tradepost.platform.idempotency import keys_known
from tradepost.transfer.retail.days import DayEnd
from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.line import RetailLine
from tradepost.transfer.retail.stock import Receipt

CURRENCY = Currency("GBP")
IMPORTER = Actor(
    "import",
    permissions=frozenset(
        {
            "catalog.write",
            "prices.write",
            "customers.write",
            "inventory.adjust",
            "inventory.receive",
            "orders.place",
            "orders.price_override",
            "orders.fulfill",
            "returns.without_receipt",
            "payments.record",
            "ledger.adjust",
        }
    ),
    origin="replay",
)
_GOODS = {LineKind.SALE, LineKind.RETURN, LineKind.WRITE_OFF, LineKind.FOUND}
_SOLD = (LineKind.SALE, LineKind.SERVICE)
_GIVEN_BACK = (LineKind.RETURN, LineKind.SERVICE_RETURN)


class RetailDesk:
    """Answers the replay's Desk for one tenant and one location."""

    def __init__(self, bus: Bus, tenant_id: TenantId, location_id: LocationId) -> None:
        self._bus = bus
        self._scope = Scope(tenant_id, IMPORTER, reason="replay")
        self._location_id = location_id
        self._variants: dict[str, VariantId] = {}
        self._customers: dict[str, CustomerId] = {}

    async def booked(self, documents: Sequence[Document]) -> set[str]:
        """The invoices whose keys are known."""
        keys = {key_of(document.invoice): document.invoice for document in documents}
        found = await self._bus.ask(self._scope, keys_known, self._scope, list(keys))
        return {keys[key] for key in found}

    async def register(self, documents: Sequence[Document]) -> None:
        """Products appear with their first line, customers with their first document."""
        await self._register_articles(documents)
        codes = {one.customer: one.opened_at for one in reversed(documents) if one.customer}
        new = [code for code in codes if code not in self._customers]
        if new:
            wishes = [Wish(EnsureCustomer(code, at=codes[code])) for code in new]
            found = await self._bus.send_all(self._scope, wishes, whole=True)
            self._customers |= dict(zip(new, found, strict=True))

    async def _register_articles(self, documents: Sequence[Document]) -> None:
        firsts: dict[str, tuple[LineKind, RetailLine]] = {}
        for document in documents:
            for kind, line in zip(document.kinds, document.lines, strict=True):
                if kind is not LineKind.ADJUSTMENT and line.sku_key not in self._variants:
                    firsts.setdefault(line.sku_key, (kind, line))
        if not firsts:
            return

        async def look(db: Reader) -> dict[str, VariantId]:
            found = await Articles(db).by_sku_keys(firsts)
            return {key: article.variant_id for key, article in found.items()}

        self._variants |= await self._bus.ask(self._scope, look)
        new = [pair for key, pair in firsts.items() if key not in self._variants]
        if new:
            wishes = [Wish(_product(kind, line)) for kind, line in new]
            for made in await self._bus.send_all(self._scope, wishes, whole=True):
                (variant,) = made.variants
                self._variants[variant.sku.casefold()] = variant.variant_id

    async def shelves(self, sku_keys: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Units free and ever received, by folded SKU."""
        names = {self._variants[key]: key for key in sku_keys}
        found = await self._bus.ask(self._scope, on_hand_of, list(names)) if names else {}
        return {
            key: (found[id].available, found[id].received_total) if id in found else (0, 0)
            for id, key in names.items()
        }

    async def book(self, documents: Sequence[Document], receipts: Sequence[Receipt]) -> None:
        """One transaction: what gives stock first, then what takes it, then money and parcels."""
        wishes = [self._receipt(receipt) for receipt in receipts]
        for step in (self._given, self._placed, self._written_off, self._money, self._closed):
            wishes += [wish for document in documents for wish in step(document)]
        wishes.sort(key=lambda wish: _ORDER[type(wish.command)])
        await self._bus.send_all(self._scope, wishes, whole=True)

    async def end_day(self, day: DayEnd) -> None:
        """One bulk command a day, under the day's key."""
        key = key_of(f"day/{day.day.isoformat()}")
        done = await self._bus.ask(self._scope, keys_known, self._scope, [key])
        if done or not day.articles:
            return
        lines = tuple(
            ArticleLine(one.sku_key, one.title, one.unit_price_micros) for one in day.articles
        )
        command = ReviseArticles(lines, CURRENCY.code, at=day.instant)
        await self._bus.send(self._scope, command, key=key)

    def _goods(self, lines: Sequence[RetailLine]) -> tuple[GoodsLine, ...]:
        return tuple(GoodsLine(self._variants[line.sku_key], line.quantity) for line in lines)

    def _receipt(self, receipt: Receipt) -> Wish:
        line = GoodsLine(self._variants[receipt.sku_key], receipt.quantity)
        command = ReceiveStock(
            self._location_id, (line,), reference=receipt.invoice, at=receipt.instant
        )
        return Wish(command, key_of(f"{receipt.invoice}/{receipt.sku_key}"))

    def _given(self, document: Document) -> list[Wish]:
        wishes = []
        if found := document.of(LineKind.FOUND):
            command = AdjustStock(
                self._location_id,
                self._goods(found),
                _reason(found, "found"),
                at=document.opened_at,
            )
            wishes.append(Wish(command, key_of(document.invoice)))
        if back := document.of(*_GIVEN_BACK):
            lines = tuple(
                GivenBack(line.sku_key, -line.quantity, line.unit_price_micros) for line in back
            )
            returned = TakeBack(
                lines,
                customer_id=self._customer(document),
                external_code=document.invoice,
                country=document.country,
                at=document.opened_at,
            )
            wishes.append(Wish(returned, key_of(document.invoice)))
        return wishes

    def _placed(self, document: Document) -> list[Wish]:
        sold = document.of(*_SOLD)
        if not sold:
            return []
        basket = Basket(
            lines=tuple(
                Wanted(line.quantity, self._variants[line.sku_key], None, line.unit_price_micros)
                for line in sold
            ),
            ship_to=Address(document.country),
            customer_id=self._customer(document),
            external_code=document.invoice,
            order_id=self._order_id(document),
        )
        return [Wish(PlaceOrder(basket, at=document.opened_at), key_of(document.invoice))]

    def _written_off(self, document: Document) -> list[Wish]:
        lost = document.of(LineKind.WRITE_OFF)
        if not lost:
            return []
        reason = _reason(lost, "written off")
        command = AdjustStock(
            self._location_id, self._goods(lost), reason, wasted=True, at=document.opened_at
        )
        return [Wish(command, key_of(document.invoice))]

    def _money(self, document: Document) -> list[Wish]:
        adjusted = document.of(LineKind.ADJUSTMENT)
        return [
            Wish(
                PostAdjustment(
                    _minor(line), f"{document.invoice} {line.title}", at=document.opened_at
                ),
                key_of(document.invoice),
            )
            for line in adjusted
        ]

    def _closed(self, document: Document) -> list[Wish]:
        sold = document.of(*_SOLD)
        if not sold:
            return []
        order_id, at = self._order_id(document), document.opened_at
        wishes: list[Command] = []
        if sum(map(_minor, sold)):
            wishes.append(RecordPayment((Share(order_id),), reference=document.invoice, at=at))
        if document.of(LineKind.SALE):
            wishes.append(ShipOrder(order_id, at=at))
        wishes.append(CompleteOrder(order_id, at=at))
        return [Wish(wish) for wish in wishes]

    def _customer(self, document: Document) -> CustomerId | None:
        return self._customers[document.customer] if document.customer else None

    def _order_id(self, document: Document) -> OrderId:
        return OrderId(named_id(self._scope.tenant_id, document.invoice, document.opened_at))


_ORDER = {
    command: place
    for place, command in enumerate(
        (
            ReceiveStock,
            TakeBack,
            AdjustStock,
            PlaceOrder,
            PostAdjustment,
            RecordPayment,
            ShipOrder,
            CompleteOrder,
        )
    )
}


def named_id(tenant_id: TenantId, name: str, at: datetime) -> UUID:
    """The same UUIDv7 for the same name and instant, whoever asks and however often.

    The time of RFC 9562 §5.7 is the business instant, so that rows near in time lie near in the
    index; what is random there is a hash of the name here.
    """
    digest = int.from_bytes(hashlib.sha256(tenant_id.bytes + name.encode()).digest()[:10], "big")
    stamp = to_micros(at) // 1000
    return UUID(
        int=(stamp & 0xFFFF_FFFF_FFFF) << 80
        | 0x7 << 76
        | (digest >> 68) << 64
        | 0b10 << 62
        | digest & 0x3FFF_FFFF_FFFF_FFFF
    )


def key_of(name: str) -> str:
    """The idempotency key of something a replay books."""
    return f"retail-replay/{name}"


def _product(kind: LineKind, line: RetailLine) -> CreateProduct:
    goods = kind in _GOODS
    variant = VariantDraft(
        sku=line.stock_code,
        price_micros=line.unit_price_micros,
        fulfillment_type=FulfillmentType.PHYSICAL if goods else FulfillmentType.SERVICE,
    )
    return CreateProduct(
        ProductDetails(title=line.title),
        CURRENCY.code,
        (variant,),
        ProductStatus.ACTIVE,
        at=line.instant,
    )


def _reason(lines: Sequence[RetailLine], otherwise: str) -> str:
    return next((line.description for line in lines if line.description), otherwise)


def _minor(line: RetailLine) -> int:
    return line_minor_units(line.unit_price_micros, line.quantity, CURRENCY, RoundingMode.HALF_UP)
