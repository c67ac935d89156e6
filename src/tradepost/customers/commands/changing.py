"""Changing, blocking, merging and erasing customers."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.customers.domain import Contact, Customer
from tradepost.customers.ports import Addresses, Customers, Groups, SignIns
from tradepost.events.customers import CustomerErased, CustomerMerged, CustomerUpdated
from tradepost.kernel.ids import CustomerGroupId, CustomerId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class ChangeContact(Command):
    """Give a customer another name, mail address or telephone number, all of them at once."""

    customer_id: CustomerId
    contact: Contact
    version: int
    region: str | None = None


@dataclass(frozen=True, slots=True)
class TreatCustomer(Command):
    """Say how the shop treats a customer: group, tax, notes of its staff."""

    customer_id: CustomerId
    version: int
    group_id: CustomerGroupId | None = None
    tax_exempt: bool = False
    tax_number: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class MoveCustomer(Command):
    """Block or unblock a customer."""

    customer_id: CustomerId
    action: str
    version: int


@dataclass(frozen=True, slots=True)
class RecordConsent(Command):
    """Note what a customer agrees to, or no longer does."""

    customer_id: CustomerId
    purpose: str
    granted: bool
    version: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class MergeCustomers(Command):
    """Two records are one person: keep the first, with what only the second knew."""

    into_id: CustomerId
    from_id: CustomerId
    version: int


@dataclass(frozen=True, slots=True)
class EraseCustomer(Command):
    """Remove the person; orders, payments and the books keep the bare identifier."""

    customer_id: CustomerId
    version: int


async def change_contact(wish: ChangeContact, customers: Customers, facts: Facts) -> int:
    """Change who they are."""
    customer = await customers.get(wish.customer_id)
    changed = customer.reached(wish.contact, wish.region)
    return await _saved(changed, wish.version, "contact", wish, customers, facts)


async def treat_customer(
    wish: TreatCustomer, customers: Customers, groups: Groups, facts: Facts
) -> int:
    """Change how they are treated."""
    customer = await customers.get(wish.customer_id)
    if wish.group_id is not None:
        await groups.get(wish.group_id)
    changed = customer.treated(
        wish.group_id,
        tax_exempt=wish.tax_exempt,
        tax_number=wish.tax_number,
        notes=wish.notes,
    )
    return await _saved(changed, wish.version, "treatment", wish, customers, facts)


async def move_customer(
    wish: MoveCustomer, customers: Customers, sign_ins: SignIns, facts: Facts
) -> int:
    """Block or unblock, and their account with them."""
    customer = (await customers.get(wish.customer_id)).barred(wish.action)
    await sign_ins.bar(customer.id, wish.action == "block", wish.at)
    return await _saved(customer, wish.version, "status", wish, customers, facts)


async def record_consent(wish: RecordConsent, customers: Customers, facts: Facts) -> int:
    """Keep the latest word about a purpose."""
    customer = await customers.get(wish.customer_id)
    changed = customer.consenting(wish.purpose, wish.granted, wish.source, wish.at)
    return await _saved(changed, wish.version, "consents", wish, customers, facts)


async def merge_customers(
    wish: MergeCustomers,
    customers: Customers,
    addresses: Addresses,
    sign_ins: SignIns,
    facts: Facts,
) -> int:
    """Keep one record of two, with the addresses and the sign-in of both."""
    into, other = await customers.get(wish.into_id), await customers.get(wish.from_id)
    kept, gone = into.absorbing(other)
    gone_version = await customers.save(gone, other.version)
    version = await _saved(kept, wish.version, "merge", wish, customers, facts)
    await addresses.hand_over(gone.id, kept.id)
    await sign_ins.hand_over(gone.id, kept.id, wish.at)
    facts.tell(CustomerMerged(gone.id, kept.id), gone_version, wish.at)
    return version


async def erase_customer(
    wish: EraseCustomer,
    customers: Customers,
    addresses: Addresses,
    sign_ins: SignIns,
    facts: Facts,
) -> int:
    """Keep the record and nothing of the person, nor of those who turned out to be them."""
    customer = (await customers.get(wish.customer_id)).erased()
    version = await customers.save(customer, wish.version)
    facts.tell(CustomerErased(customer.id), version, wish.at)
    known = [customer.id]
    for id in known:
        await addresses.remove_all(id)
        await sign_ins.close(id, wish.at)
        for same in await customers.merged_into(id):
            gone = await customers.save(same.erased(), same.version)
            facts.tell(CustomerErased(same.id), gone, wish.at)
            known.append(same.id)
    return version


HANDLERS = {
    ChangeContact: change_contact,
    TreatCustomer: treat_customer,
    MoveCustomer: move_customer,
    RecordConsent: record_consent,
    MergeCustomers: merge_customers,
    EraseCustomer: erase_customer,
}


async def _saved(
    customer: Customer,
    version_was: int,
    changed: str,
    wish: Command,
    customers: Customers,
    facts: Facts,
) -> int:
    version = await customers.save(customer, version_was)
    fact = CustomerUpdated(customer.id, (changed,), customer.status, customer.group_id)
    facts.tell(fact, version, wish.at)
    return version
