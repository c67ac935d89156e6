"""Vendors: taken in, agreed with, let sell, stopped."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.mall import VendorCreated, VendorStatusChanged, VendorUpdated
from tradepost.kernel.ids import Ids, VendorId
from tradepost.kernel.messages import Command, Facts
from tradepost.mall.domain import Vendor, VendorDetails
from tradepost.mall.errors import CodeTaken
from tradepost.mall.ports import Vendors


@dataclass(frozen=True, slots=True)
class CreateVendor(Command):
    """Take a vendor in, who sells once they are activated."""

    code: str
    details: VendorDetails


@dataclass(frozen=True, slots=True)
class ChangeVendor(Command):
    """Agree on other terms, for what is sold from now on."""

    vendor_id: VendorId
    details: VendorDetails
    version: int


@dataclass(frozen=True, slots=True)
class MoveVendor(Command):
    """Activate, suspend or close a vendor."""

    vendor_id: VendorId
    action: str
    version: int


async def create_vendor(wish: CreateVendor, vendors: Vendors, ids: Ids, facts: Facts) -> VendorId:
    """Keep a new vendor.

    :raises CodeTaken: if another has the code.
    """
    vendor = Vendor.applying(VendorId(ids.new()), wish.code, wish.details, wish.at)
    if await vendors.is_taken(vendor.code):
        raise CodeTaken(vendor.code)
    vendors.add(vendor)
    facts.tell(VendorCreated(vendor.id, vendor.code), vendor.version, wish.at)
    return vendor.id


async def change_vendor(wish: ChangeVendor, vendors: Vendors, facts: Facts) -> int:
    """Write the terms over those of the version named."""
    vendor = (await vendors.get(wish.vendor_id)).agreed(wish.details)
    version = await vendors.save(vendor, wish.version)
    facts.tell(VendorUpdated(vendor.id, vendor.commission_ppm), version, wish.at)
    return version


async def move_vendor(wish: MoveVendor, vendors: Vendors, facts: Facts) -> int:
    """Take a vendor a step further."""
    vendor = (await vendors.get(wish.vendor_id)).moved(wish.action)
    version = await vendors.save(vendor, wish.version)
    facts.tell(VendorStatusChanged(vendor.id, vendor.status.value), version, wish.at)
    return version


HANDLERS = {
    CreateVendor: create_vendor,
    ChangeVendor: change_vendor,
    MoveVendor: move_vendor,
}
