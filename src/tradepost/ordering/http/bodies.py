"""Forms of requests that both doors of ordering share."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import LocationId, SlotId, VariantId
from tradepost.kernel.text import one_line
from tradepost.ordering.domain import Address, Delivery, Wanted
from tradepost.ordering.domain.substitution import LISTED_MAX, Substitution, SubstitutionRule
from tradepost.platform.web import Body
from tradepost.platform.web.body import Line, Units

EmailText = Annotated[str, Meta(min_length=3, max_length=600, examples=["a.shopper@example.com"])]
Sku = Annotated[str, Meta(min_length=1, max_length=128, examples=["MUG-01"])]
Country = Annotated[str, Meta(min_length=2, max_length=2, examples=["GB"])]
Method = Annotated[str, Meta(min_length=1, max_length=40, examples=["bank_transfer"])]


class AddressBody(Body, frozen=True):
    """Where the goods go; ``country`` is ISO 3166-1 alpha-2."""

    country: Country
    name: Line = ""
    line1: Line = ""
    line2: Line = ""
    postcode: Line = ""
    city: Line = ""
    region: Line = ""
    phone: Line = ""

    def parsed(self) -> Address:
        """The address, checked."""
        return Address.parse(
            self.country,
            name=self.name,
            line1=self.line1,
            line2=self.line2,
            postcode=self.postcode,
            city=self.city,
            region=self.region,
            phone=self.phone,
        )


class SubstitutionBody(Body, frozen=True):
    """What is taken where the article is not there; the rule ``list`` names ``variant_ids``."""

    rule: SubstitutionRule
    variant_ids: Annotated[tuple[UUID, ...], Meta(max_length=LISTED_MAX)] = ()

    def parsed(self) -> Substitution | None:
        """The choice, checked."""
        return Substitution.parse(self.rule, tuple(map(VariantId, self.variant_ids)))


class LineBody(Body, frozen=True):
    """So many smallest units of an article, named by ``variant_id`` or ``sku``."""

    quantity: Units
    variant_id: UUID | None = None
    sku: Sku | None = None
    substitution: SubstitutionBody | None = None

    def parsed(self) -> Wanted:
        """The line, naming one article.

        :raises BadValue: if it names none or two.
        """
        variant_id, sku = article(self.variant_id, self.sku)
        instead = self.substitution.parsed() if self.substitution else None
        return Wanted(self.quantity, variant_id, sku, substitution=instead)


class ChoicesBody(Body, frozen=True):
    """How the goods travel and are paid for, to whom and where.

    ``local`` delivery wants a ``slot_id`` of the address, ``pickup`` may name the location.
    """

    delivery: Delivery
    payment_method: Method
    email: EmailText | None = None
    ship_to: AddressBody | None = None
    location_id: UUID | None = None
    slot_id: UUID | None = None

    @property
    def place(self) -> LocationId | None:
        """The location that the goods are fetched from."""
        return None if self.location_id is None else LocationId(self.location_id)

    @property
    def slot(self) -> SlotId | None:
        """The hours in which the goods come."""
        return None if self.slot_id is None else SlotId(self.slot_id)


def article(variant_id: UUID | None, sku: str | None) -> tuple[VariantId | None, str | None]:
    """The one way in which an article is named.

    :raises BadValue: if it is named in no way, or in two.
    """
    if (variant_id is None) == (sku is None):
        raise BadValue("variant_id", "or sku has to name the article, one of them")
    named = None if sku is None else one_line(sku, "sku", longest=128)
    return (None if variant_id is None else VariantId(variant_id)), named


def email_of(text: str | None) -> str | None:
    """A mail address as it is kept.

    :raises BadEmail: if it is none.
    """
    return None if text is None else Email.parse(text).value


def address_of(body: AddressBody | None) -> Address | None:
    """An address, if there is one."""
    return None if body is None else body.parsed()
