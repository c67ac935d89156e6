"""What is sent and answered about customers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from tradepost.customers.domain import Address, Consent, Contact, Customer, CustomerStatus, Place
from tradepost.kernel.contact import CountryCode
from tradepost.platform.web import Body
from tradepost.platform.web.body import Code, Line

Note = Annotated[str, Meta(max_length=20_000)]
Country = Annotated[str, Meta(min_length=2, max_length=2)]


class ContactBody(Body, frozen=True):
    """Who somebody is; what is left out is emptied. ``region`` reads a national phone number."""

    given_name: Line = ""
    family_name: Line = ""
    company: Line = ""
    email: Line | None = None
    phone: Line | None = None
    region: Country | None = None

    def contact(self) -> Contact:
        """As the domain wants it."""
        return Contact(self.given_name, self.family_name, self.company, self.email, self.phone)

    def home(self) -> str | None:
        """The region as a country's code."""
        return CountryCode.parse(self.region, "region").code if self.region else None


class NewCustomerBody(ContactBody, frozen=True):
    """A customer whom the shop has no record of yet."""

    external_code: Code | None = None
    group_id: UUID | None = None


class TreatmentBody(Body, frozen=True):
    """How the shop treats a customer; what is left out is emptied."""

    group_id: UUID | None = None
    tax_exempt: bool = False
    tax_number: Line = ""
    notes: Note = ""


class StatusBody(Body, frozen=True):
    """What is to be done: ``block`` or ``unblock``."""

    action: Code


class MergeBody(Body, frozen=True):
    """The record that is given up."""

    from_id: UUID


class ConsentBody(Body, frozen=True):
    """Whether somebody agrees, and how we know."""

    granted: bool
    source: Line = ""


class AddressBody(Body, frozen=True):
    """An address as it should be; what is left out is emptied."""

    country: Country
    line1: Line
    city: Line
    name: Line = ""
    line2: Line = ""
    postcode: Line = ""
    region: Line = ""
    phone: Line = ""
    label: Line = ""
    is_default: bool = False

    def place(self) -> Place:
        """As the domain wants it."""
        return Place(
            self.country,
            self.name,
            self.line1,
            self.line2,
            self.postcode,
            self.city,
            self.region,
            self.phone,
        )


class GroupBody(Body, frozen=True):
    """A group's name."""

    name: Line


class NewGroupBody(Body, frozen=True):
    """A group that there is none of yet."""

    code: Code
    name: Line


class AccountView(msgspec.Struct, frozen=True):
    """What a customer sees of their own record."""

    id: UUID
    given_name: str
    family_name: str
    company: str
    email: str | None
    phone: str | None
    consents: tuple[Consent, ...]
    version: int

    @classmethod
    def of(cls, customer: Customer) -> AccountView:
        """The view of a record."""
        return cls(
            customer.id,
            customer.given_name,
            customer.family_name,
            customer.company,
            customer.email,
            customer.phone,
            customer.consents,
            customer.version,
        )


class CustomerView(msgspec.Struct, frozen=True):
    """What staff see of a customer's record."""

    id: UUID
    external_code: str | None
    given_name: str
    family_name: str
    company: str
    email: str | None
    phone: str | None
    group_id: UUID | None
    tax_exempt: bool
    tax_number: str
    consents: tuple[Consent, ...]
    notes: str
    status: CustomerStatus
    merged_into: UUID | None
    created_at: datetime
    version: int

    @classmethod
    def of(cls, customer: Customer) -> CustomerView:
        """The view of a record."""
        return cls(**{name: getattr(customer, name) for name in cls.__struct_fields__})


class AddressView(msgspec.Struct, frozen=True):
    """An entry of an address book."""

    id: UUID
    label: str
    country: str
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    phone: str
    is_default: bool
    version: int

    @classmethod
    def of(cls, address: Address) -> AddressView:
        """The view of an entry."""
        return cls(**{name: getattr(address, name) for name in cls.__struct_fields__})
