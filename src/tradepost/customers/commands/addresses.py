"""The address book of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.customers.domain import ADDRESSES_MAX, Address, Customer, Place
from tradepost.customers.errors import TooManyAddresses
from tradepost.customers.ports import Addresses, Customers
from tradepost.events.customers import CustomerUpdated
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import AddressId, CustomerId, Ids
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class AddAddress(Command):
    """Note an address."""

    customer_id: CustomerId
    place: Place
    label: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class ChangeAddress(Command):
    """Correct an address of a customer."""

    customer_id: CustomerId
    address_id: AddressId
    place: Place
    version: int
    label: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class RemoveAddress(Command):
    """Let go of an address of a customer."""

    customer_id: CustomerId
    address_id: AddressId


async def add_address(
    wish: AddAddress, customers: Customers, addresses: Addresses, facts: Facts, ids: Ids
) -> AddressId:
    """Keep a new address of somebody who is still a customer."""
    customer = (await customers.get(wish.customer_id)).moved("change")
    if len(await addresses.of(customer.id)) >= ADDRESSES_MAX:
        raise TooManyAddresses(ADDRESSES_MAX)
    made = AddressId(ids.new())
    address = Address.noted(made, customer.id, wish.place, wish.label, wish.is_default)
    if address.is_default:
        await addresses.make_default(customer.id, address.id)
    addresses.add(address)
    await _told(customer, customers, facts, wish.at)
    return address.id


async def change_address(
    wish: ChangeAddress, customers: Customers, addresses: Addresses, facts: Facts
) -> int:
    """Keep a corrected address."""
    customer = (await customers.get(wish.customer_id)).moved("change")
    address = await _owned(addresses, wish.customer_id, wish.address_id)
    changed = address.changed(wish.place, wish.label, wish.is_default)
    version = await addresses.save(changed, wish.version)
    if changed.is_default:
        await addresses.make_default(wish.customer_id, address.id)
    await _told(customer, customers, facts, wish.at)
    return version


async def remove_address(
    wish: RemoveAddress, customers: Customers, addresses: Addresses, facts: Facts
) -> None:
    """Remove an address; orders keep their copy."""
    customer = await customers.get(wish.customer_id)
    await _owned(addresses, wish.customer_id, wish.address_id)
    await addresses.remove(wish.address_id)
    await _told(customer, customers, facts, wish.at)


HANDLERS = {
    AddAddress: add_address,
    ChangeAddress: change_address,
    RemoveAddress: remove_address,
}


async def _owned(addresses: Addresses, customer_id: CustomerId, address_id: AddressId) -> Address:
    """The address, if it is this customer's; anybody else's is not there."""
    for address in await addresses.of(customer_id):
        if address.id == address_id:
            return address
    raise Unknown("address", str(address_id))


async def _told(customer: Customer, customers: Customers, facts: Facts, at: datetime) -> None:
    """The address book is a part of the customer, who has changed by it."""
    version = await customers.touch(customer.id)
    fact = CustomerUpdated(customer.id, ("addresses",), customer.status, customer.group_id)
    facts.tell(fact, version, at)
