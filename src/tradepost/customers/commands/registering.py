"""Registering customers, one by one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tradepost.customers.domain import Contact, Customer
from tradepost.customers.errors import ExternalCodeTaken
from tradepost.customers.ports import Customers, Groups
from tradepost.events.customers import CustomerCreated
from tradepost.kernel.batch import Batch
from tradepost.kernel.codes import ExternalCode
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CustomerGroupId, CustomerId, Ids
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class CreateCustomer(Command):
    """Register a customer; telephone numbers without a country code are of ``region``."""

    contact: Contact
    external_code: str | None = None
    group_id: CustomerGroupId | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class EnsureCustomer(Command):
    """Find the customer whom another system knows by a code, or register them."""

    external_code: str
    contact: Contact = field(default_factory=Contact)


async def create_customers(
    wishes: list[CreateCustomer], customers: Customers, groups: Groups, facts: Facts, ids: Ids
) -> list[CustomerId | Refusal]:
    """Register those whose external code nobody has yet, in the batch or before it."""
    batch = Batch(wishes)
    batch.each(lambda wish: _registered(wish, ids))
    taken = set(await customers.coded([one.external_code for one in batch.live]))
    known = await groups.known([one.group_id for one in batch.live])
    batch.each(lambda one: _admitted(one, taken, known))
    customers.add(batch.live)
    _tell(batch.live, facts)
    batch.each(lambda one: one.id)
    return batch.answers


async def ensure_customers(
    wishes: list[EnsureCustomer], customers: Customers, facts: Facts, ids: Ids
) -> list[CustomerId | Refusal]:
    """Answer with the customer of each code; those that nobody has are registered."""
    batch = Batch(wishes)
    batch.each(_with_code)
    known = dict(await customers.coded([wish.external_code for wish in batch.live]))
    fresh: dict[str, Customer] = {}
    batch.each(lambda wish: _found_or_fresh(wish, known, fresh, ids))
    if fresh:
        added = await customers.add_unless_coded(list(fresh.values()))
        _tell(added, facts)
        known |= await customers.coded(fresh)
    batch.each(lambda code: known[code])
    return batch.answers


HANDLERS = {CreateCustomer: create_customers, EnsureCustomer: ensure_customers}


def _registered(wish: CreateCustomer, ids: Ids) -> Customer:
    return Customer.registered(
        CustomerId(ids.new()),
        wish.contact,
        wish.at,
        external_code=wish.external_code,
        group_id=wish.group_id,
        region=wish.region,
    )


def _admitted(one: Customer, taken: set[str], known: frozenset[CustomerGroupId | None]) -> Customer:
    if one.group_id is not None and one.group_id not in known:
        raise Unknown("group", str(one.group_id))
    if one.external_code is not None:
        if one.external_code in taken:
            raise ExternalCodeTaken(one.external_code)
        taken.add(one.external_code)
    return one


def _with_code(wish: EnsureCustomer) -> EnsureCustomer:
    return replace(wish, external_code=ExternalCode.parse(wish.external_code).value)


def _found_or_fresh(
    wish: EnsureCustomer, known: dict[str, CustomerId], fresh: dict[str, Customer], ids: Ids
) -> str:
    code = wish.external_code
    if code not in known and code not in fresh:
        made = CustomerId(ids.new())
        fresh[code] = Customer.registered(made, wish.contact, wish.at, external_code=code)
    return code


def _tell(customers: Sequence[Customer], facts: Facts) -> None:
    for one in customers:
        facts.tell(CustomerCreated(one.id, one.group_id), one.version, one.created_at)
