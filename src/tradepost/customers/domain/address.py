"""Addresses that a customer keeps for the next order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.contact import CountryCode, Phone
from tradepost.kernel.ids import AddressId, CustomerId
from tradepost.kernel.text import one_line

ADDRESSES_MAX = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods or papers go; ``country`` is ISO 3166-1 alpha-2."""

    country: str
    name: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    phone: str = ""

    def checked(self) -> Place:
        """The stored form of what was written.

        :raises BadText: ``BadCountry`` or ``BadPhone``, by the name of the field.
        """
        country = CountryCode.parse(self.country)
        return Place(
            country.code,
            one_line(self.name, "name", 120, 0),
            one_line(self.line1, "line1"),
            one_line(self.line2, "line2", shortest=0),
            one_line(self.postcode, "postcode", 20, 0),
            one_line(self.city, "city", 120),
            one_line(self.region, "region", 120, 0),
            Phone.parse(self.phone, country).value if self.phone else "",
        )


@dataclass(frozen=True, slots=True)
class Address:
    """One entry of a customer's address book."""

    id: AddressId
    customer_id: CustomerId
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
    def noted(
        cls, id: AddressId, customer_id: CustomerId, place: Place, label: str, is_default: bool
    ) -> Address:
        """A new entry."""
        blank = cls(id, customer_id, "", "ZZ", "", "", "", "", "", "", "", False, 1)
        return blank.changed(place, label, is_default)

    def changed(self, place: Place, label: str, is_default: bool) -> Address:
        """The entry with another place, label, or standing."""
        to = place.checked()
        return replace(
            self,
            label=one_line(label, "label", 60, 0),
            country=to.country,
            name=to.name,
            line1=to.line1,
            line2=to.line2,
            postcode=to.postcode,
            city=to.city,
            region=to.region,
            phone=to.phone,
            is_default=is_default,
        )

    @property
    def place(self) -> Place:
        """The address itself."""
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
