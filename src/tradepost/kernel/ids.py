"""Typed identifiers: UUID version 7 (RFC 9562), one type per kind of record.

Near in time is near in the index; still, nothing orders by an identifier.
"""

from __future__ import annotations

import os
import time
from collections import deque
from datetime import datetime, timedelta
from typing import NewType, Protocol
from uuid import UUID, SafeUUID
from weakref import WeakSet

from tradepost.kernel.clock import EPOCH

TenantId = NewType("TenantId", UUID)
StoreId = NewType("StoreId", UUID)
LocationId = NewType("LocationId", UUID)
StaffId = NewType("StaffId", UUID)
RoleId = NewType("RoleId", UUID)
RefreshId = NewType("RefreshId", UUID)
CustomerId = NewType("CustomerId", UUID)
CustomerGroupId = NewType("CustomerGroupId", UUID)
AddressId = NewType("AddressId", UUID)
VendorId = NewType("VendorId", UUID)
CommissionRuleId = NewType("CommissionRuleId", UUID)
PayoutRunId = NewType("PayoutRunId", UUID)
PayoutId = NewType("PayoutId", UUID)
PayoutExportId = NewType("PayoutExportId", UUID)
CategoryId = NewType("CategoryId", UUID)
ProductId = NewType("ProductId", UUID)
VariantId = NewType("VariantId", UUID)
ImageId = NewType("ImageId", UUID)
PriceListId = NewType("PriceListId", UUID)
PriceId = NewType("PriceId", UUID)
RevisionId = NewType("RevisionId", UUID)
TaxRateId = NewType("TaxRateId", UUID)
TaxExemptionId = NewType("TaxExemptionId", UUID)
StockId = NewType("StockId", UUID)
ReceiptId = NewType("ReceiptId", UUID)
AdjustmentId = NewType("AdjustmentId", UUID)
MovementId = NewType("MovementId", UUID)
ReservationId = NewType("ReservationId", UUID)
ReservationRequestId = NewType("ReservationRequestId", UUID)
CountId = NewType("CountId", UUID)
TransferOrderId = NewType("TransferOrderId", UUID)
ShortfallId = NewType("ShortfallId", UUID)
CartId = NewType("CartId", UUID)
CartLineId = NewType("CartLineId", UUID)
OrderId = NewType("OrderId", UUID)
OrderLineId = NewType("OrderLineId", UUID)
OrderChangeId = NewType("OrderChangeId", UUID)
TransitionId = NewType("TransitionId", UUID)
ShipmentId = NewType("ShipmentId", UUID)
ShipmentLineId = NewType("ShipmentLineId", UUID)
PaymentId = NewType("PaymentId", UUID)
AllocationId = NewType("AllocationId", UUID)
RefundId = NewType("RefundId", UUID)
CreditNoteId = NewType("CreditNoteId", UUID)
ReturnId = NewType("ReturnId", UUID)
ReturnLineId = NewType("ReturnLineId", UUID)
DigitalFileId = NewType("DigitalFileId", UUID)
DownloadGrantId = NewType("DownloadGrantId", UUID)
DownloadId = NewType("DownloadId", UUID)
TransferId = NewType("TransferId", UUID)
JournalId = NewType("JournalId", UUID)
ZoneId = NewType("ZoneId", UUID)
SlotId = NewType("SlotId", UUID)
PickTaskId = NewType("PickTaskId", UUID)
PickLineId = NewType("PickLineId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
CourierId = NewType("CourierId", UUID)
HandInId = NewType("HandInId", UUID)
RegisterId = NewType("RegisterId", UUID)
ShiftId = NewType("ShiftId", UUID)
SaleId = NewType("SaleId", UUID)
TenderId = NewType("TenderId", UUID)
SlipId = NewType("SlipId", UUID)
CardChargeId = NewType("CardChargeId", UUID)
DrawerMovementId = NewType("DrawerMovementId", UUID)
FactId = NewType("FactId", UUID)
UnitId = NewType("UnitId", UUID)
AreaId = NewType("AreaId", UUID)
FloorTableId = NewType("FloorTableId", UUID)
StationId = NewType("StationId", UUID)
SoldOutMarkId = NewType("SoldOutMarkId", UUID)
TabId = NewType("TabId", UUID)
RoundId = NewType("RoundId", UUID)
RoundLineId = NewType("RoundLineId", UUID)
KitchenTicketId = NewType("KitchenTicketId", UUID)
KitchenLineId = NewType("KitchenLineId", UUID)
CheckId = NewType("CheckId", UUID)
CheckPaymentId = NewType("CheckPaymentId", UUID)
PersonId = NewType("PersonId", UUID)
SessionId = NewType("SessionId", UUID)
CallId = NewType("CallId", UUID)
DatabaseConfigId = NewType("DatabaseConfigId", UUID)


_fresh = object.__new__
_set_int = vars(UUID)["int"].__set__
_set_is_safe = vars(UUID)["is_safe"].__set__
_unknown = SafeUUID.unknown
_number = int.from_bytes


def uuid_of(number: int) -> UUID:
    """The UUID of a number that is known to have 128 bits.

    The class's own constructor sorts out seven ways of being called; stores read millions.
    """
    made: UUID = _fresh(UUID)
    _set_int(made, number)
    _set_is_safe(made, _unknown)
    return made


def uuid_from(raw: bytes) -> UUID:
    """The UUID of 16 bytes: :func:`uuid_of` once more, without a call between."""
    made: UUID = _fresh(UUID)
    _set_int(made, _number(raw, "big"))
    _set_is_safe(made, _unknown)
    return made


class Ids(Protocol):
    """Where new identifiers come from; a port, so that tests and simulation own them."""

    def new(self) -> UUID:
        """A fresh UUIDv7; wrap it in the type it is for: ``OrderId(ids.new())``."""
        ...


CHANCE_BYTES = 10
CHANCES_DRAWN = 400


class RandomIds:
    """UUIDv7 from the system's clock and randomness (RFC 9562 §5.7).

    Randomness is drawn for many at once; a forked process draws its own.
    """

    def __init__(self) -> None:
        self._drawn: deque[bytes] = deque()
        _makers.add(self)

    def new(self) -> UUID:
        stamp = time.time_ns() // 1_000_000
        try:
            drawn = self._drawn.pop()
        except IndexError:
            drawn = self._draw()
        chance = int.from_bytes(drawn, "big")
        return uuid_of(
            (stamp & 0xFFFF_FFFF_FFFF) << 80
            | 0x7 << 76
            | (chance >> 68) << 64
            | 0b10 << 62
            | chance & 0x3FFF_FFFF_FFFF_FFFF
        )

    def _draw(self) -> bytes:
        whole = os.urandom(CHANCE_BYTES * CHANCES_DRAWN)
        pieces = [whole[at : at + CHANCE_BYTES] for at in range(0, len(whole), CHANCE_BYTES)]
        first = pieces.pop()
        self._drawn.extend(pieces)
        return first

    def forget(self) -> None:
        """Use nothing of what was drawn."""
        self._drawn.clear()


_makers: WeakSet[RandomIds] = WeakSet()


def _forget_all() -> None:
    for maker in _makers:
        maker.forget()


if hasattr(os, "register_at_fork"):  # where processes can fork at all
    os.register_at_fork(after_in_child=_forget_all)


def made_at(id: UUID) -> datetime:
    """The instant at which a UUIDv7 was made, to the millisecond."""
    assert id.version == 7, id
    return EPOCH + timedelta(milliseconds=id.int >> 80)
