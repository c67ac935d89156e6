"""A customer: a record of the shop, with or without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.customers.errors import BadConsent, SameCustomer
from tradepost.kernel.codes import Code, ExternalCode, folded, slug_text
from tradepost.kernel.contact import CountryCode, Email, Phone
from tradepost.kernel.errors import BadCode
from tradepost.kernel.ids import CustomerGroupId, CustomerId
from tradepost.kernel.states import States, WrongState
from tradepost.kernel.text import many_lines, one_line

SEARCH_WORDS_MAX = 5
CONSENTS_MAX = 50
_NAME_LENGTH_MAX = 120


class CustomerStatus(StrEnum):
    """Where the record of a customer is in its life."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    MERGED = "merged"
    ERASED = "erased"


CUSTOMER_STATES = States(
    "customer",
    {
        CustomerStatus.ACTIVE: {
            "change": CustomerStatus.ACTIVE,
            "block": CustomerStatus.BLOCKED,
            "merge": CustomerStatus.MERGED,
            "erase": CustomerStatus.ERASED,
        },
        CustomerStatus.BLOCKED: {
            "change": CustomerStatus.BLOCKED,
            "unblock": CustomerStatus.ACTIVE,
            "merge": CustomerStatus.MERGED,
            "erase": CustomerStatus.ERASED,
        },
        CustomerStatus.MERGED: {"erase": CustomerStatus.ERASED},
        CustomerStatus.ERASED: {},
    },
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who somebody is and how to reach them, in the stored form; empty text is not known."""

    given_name: str = ""
    family_name: str = ""
    company: str = ""
    email: str | None = None
    phone: str | None = None

    def checked(self, region: str | None = None) -> Contact:
        """The stored form of what was written; numbers without a country code are the region's.

        :raises BadText: ``BadEmail`` or ``BadPhone``, by the name of the field.
        """
        home = CountryCode(region) if region else None
        return Contact(
            one_line(self.given_name, "given_name", _NAME_LENGTH_MAX, 0),
            one_line(self.family_name, "family_name", _NAME_LENGTH_MAX, 0),
            one_line(self.company, "company", _NAME_LENGTH_MAX, 0),
            Email.parse(self.email).value if self.email else None,
            Phone.parse(self.phone, home).value if self.phone else None,
        )

    def filled_from(self, other: Contact) -> Contact:
        """This contact, with the other's facts where this one has none."""
        return Contact(
            self.given_name or other.given_name,
            self.family_name or other.family_name,
            self.company or other.company,
            self.email or other.email,
            self.phone or other.phone,
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """What a customer has agreed to, or no longer agrees to, since when, and how we know."""

    purpose: str
    granted: bool
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """Customers who are treated alike: trade customers, staff, a club."""

    id: CustomerGroupId
    code: str
    name: str
    version: int

    @classmethod
    def made(cls, id: CustomerGroupId, code: str, name: str) -> CustomerGroup:
        """A new group."""
        return cls(id, Code.parse(code).value, one_line(name, "name"), 1)

    def renamed(self, name: str) -> CustomerGroup:
        """The group under another name."""
        return replace(self, name=one_line(name, "name"))


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of one shop. ``search_key`` is what staff's searches look at, case folded."""

    id: CustomerId
    external_code: str | None
    given_name: str
    family_name: str
    company: str
    email: str | None
    email_key: str | None
    phone: str | None
    group_id: CustomerGroupId | None
    tax_exempt: bool
    tax_number: str
    consents: tuple[Consent, ...]
    notes: str
    status: CustomerStatus
    merged_into: CustomerId | None
    search_key: str
    created_at: datetime
    version: int

    @classmethod
    def registered(
        cls,
        id: CustomerId,
        contact: Contact,
        at: datetime,
        *,
        external_code: str | None = None,
        group_id: CustomerGroupId | None = None,
        region: str | None = None,
    ) -> Customer:
        """A new customer.

        :raises BadValue: for the first field that cannot be what it should be.
        """
        code = ExternalCode.parse(external_code).value if external_code is not None else None
        blank = cls(
            id, code, "", "", "", None, None, None, group_id, False, "", (), "",
            CustomerStatus.ACTIVE, None, "", at, 1,
        )  # fmt: skip
        return blank._with(contact.checked(region))

    @property
    def contact(self) -> Contact:
        """Name, mail address and telephone number."""
        return Contact(self.given_name, self.family_name, self.company, self.email, self.phone)

    def reached(self, contact: Contact, region: str | None = None) -> Customer:
        """The customer under another name or address."""
        return self.moved("change")._with(contact.checked(region))

    def treated(
        self, group_id: CustomerGroupId | None, *, tax_exempt: bool, tax_number: str, notes: str
    ) -> Customer:
        """The customer as the shop's staff want them treated."""
        return replace(
            self.moved("change"),
            group_id=group_id,
            tax_exempt=tax_exempt,
            tax_number=one_line(tax_number, "tax_number", 40, 0),
            notes=many_lines(notes, "notes", 5000),
        )

    def moved(self, action: str) -> Customer:
        """The customer after one step of its life.

        :raises WrongState: if its status does not allow the action.
        """
        return replace(self, status=CUSTOMER_STATES.after(self.status, action))

    def barred(self, action: str) -> Customer:
        """The customer after "block" or "unblock"; no other step is taken by this way."""
        if action not in ("block", "unblock"):
            raise WrongState("customer", self.status.value, action, "block, unblock")
        return self.moved(action)

    def consenting(self, purpose: str, granted: bool, source: str, at: datetime) -> Customer:
        """The customer with its latest word about a purpose."""
        try:
            about = slug_text(purpose, "purpose", 60)
        except BadCode as why:
            raise BadConsent("purpose", why.problem) from why
        given = Consent(about, granted, at, one_line(source, "source", 120, 0))
        others = tuple(one for one in self.consents if one.purpose != about)
        if len(others) >= CONSENTS_MAX:
            raise BadConsent("purpose", f"is one more than the {CONSENTS_MAX} that are kept")
        return replace(self.moved("change"), consents=(*others, given))

    def absorbing(self, other: Customer) -> tuple[Customer, Customer]:
        """This customer with the other's facts where it has none, and the other, now merged.

        :raises SameCustomer: or ``WrongState``.
        """
        if other.id == self.id:
            raise SameCustomer()
        if self.status in (CustomerStatus.MERGED, CustomerStatus.ERASED):
            raise WrongState("customer", self.status.value, "merge", "nothing")
        code = self.external_code or other.external_code
        known = {consent.purpose for consent in self.consents}
        consents = self.consents + tuple(c for c in other.consents if c.purpose not in known)
        notes = "\n\n".join(filter(None, (self.notes, other.notes)))
        kept = replace(self, external_code=code, consents=consents, notes=notes[:5000])
        kept = replace(
            kept,
            group_id=self.group_id or other.group_id,
            tax_exempt=self.tax_exempt or other.tax_exempt,
            tax_number=self.tax_number or other.tax_number,
        )
        gone = replace(other.moved("merge"), merged_into=self.id)
        if code == other.external_code:
            gone = replace(gone, external_code=None)
        return kept._with(self.contact.filled_from(other.contact)), gone._with(other.contact)

    def erased(self) -> Customer:
        """The record without the person; documents that name its identifier keep their meaning."""
        empty = replace(
            self.moved("erase"), external_code=None, consents=(), notes="", tax_number=""
        )
        return empty._with(Contact())

    def _with(self, contact: Contact) -> Customer:
        key = folded(contact.email) if contact.email else None
        parts = (
            contact.family_name,
            contact.given_name,
            contact.company,
            contact.email,
            contact.phone,
            self.external_code,
        )
        return replace(
            self,
            given_name=contact.given_name,
            family_name=contact.family_name,
            company=contact.company,
            email=contact.email,
            email_key=key,
            phone=contact.phone,
            search_key=folded(" ".join(part for part in parts if part)),
        )


def search_words(text: str) -> list[str]:
    """The words of a search, case folded; all of them must occur."""
    return folded(one_line(text, "q", 100, 0)).split()[:SEARCH_WORDS_MAX]
