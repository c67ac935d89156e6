"""Numbers in columns never contradict the exact order that they begin."""

from __future__ import annotations

from random import Random

import pytest
from tests.search.builders import assortment, product, product_id

from tradepost.search.domain import Sort
from tradepost.search.gateway.order import PLACED, order_key, place

_EDGES = [edge + step for edge in (0, 2**39, 2**62) for step in range(-4, 5) if edge + step >= 0]


@pytest.mark.parametrize("sort", sorted(PLACED))
def test_places_rise_with_keys(sort: Sort) -> None:
    prices = [*_EDGES, 2**63 - 1, 2**63 - 2, None]
    edges = [
        product(
            "Edge", seq=(price or 0) + 1, price_min=price, product_id=product_id(f"{n} {price}")
        )
        for price in prices
        for n in range(4)
    ]
    keys = sorted(order_key(each, sort) for each in (*edges, *assortment(9, 300)))
    places = [place(key, sort) for key in keys]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] < 2**64


@pytest.mark.parametrize("sort", sorted(PLACED))
def test_any_position_has_a_place(sort: Sort) -> None:
    rnd = Random(3)
    for length in (16, 17, 32, 256):
        for digits in (
            "0" * length,
            "f" * length,
            "".join(rnd.choices("0123456789abcdef", k=length)),
        ):
            assert 0 <= place(digits, sort) < 2**64
