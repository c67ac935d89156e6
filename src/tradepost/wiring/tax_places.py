"""Whose rates of tax a basket bears."""

from __future__ import annotations

from tradepost.ordering.domain import Basket, Delivery
from tradepost.ordering.domain.terms import Policy
from tradepost.pricing.domain.tax import WHOLE_COUNTRY
from tradepost.tenancy.domain.settings import TaxPlace, TenantSettings

Place = tuple[str, str]
"""Country and region."""


def taxed_at(basket: Basket, policy: Policy, settings: TenantSettings) -> Place:
    """Whose rates a basket bears: those of where it goes, or of the seller."""
    fetched = basket.delivery is Delivery.PICKUP or basket.ship_to is None
    if fetched or settings.tax_place is TaxPlace.SELLER:
        return policy.country, WHOLE_COUNTRY
    assert basket.ship_to is not None
    return basket.ship_to.country, basket.ship_to.region.upper()
