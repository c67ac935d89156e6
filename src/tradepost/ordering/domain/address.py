"""Where goods or papers go."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.contact import CountryCode, Phone
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods or papers go; ``country`` is ISO 3166-1 alpha-2, or ZZ where unknown."""

    country: str
    name: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    phone: str = ""

    @classmethod
    def parse(cls, country: str, **told: str) -> Address:
        """The address that people have written.

        :raises BadCountry: or ``BadText`` or ``BadPhone``, naming the field.
        """
        code = CountryCode.parse(country)
        phone = told.pop("phone", "").strip()
        kept = {name: one_line(text, name, shortest=0) for name, text in told.items()}
        called = Phone.parse(phone, code).value if phone else ""
        return cls(code.code, phone=called, **kept)

    def anonymized(self) -> Address:
        """What tax needs of it: country and region."""
        return Address(self.country, region=self.region)


NOWHERE = Address(country="ZZ")
"""Where an order goes that names no address."""
