"""Settings: bounds of every one, odd values, and the doors a state opens."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.tenancy.domain import (
    Tenant,
    TenantProfile,
    TenantSettings,
    TenantState,
    TenantType,
    Use,
)
from tradepost.tenancy.domain.settings import BOUNDED
from tradepost.tenancy.domain.taking import Choice, Choices, Whole
from tradepost.tenancy.errors import BadSetting, ShopArchived, ShopSuspended

NAMES = [setting.name for setting in fields(TenantSettings)]


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_takes_its_default_and_refuses_odd_values(name: str) -> None:
    settings = TenantSettings()
    default = getattr(settings, name)
    assert settings.changed({name: default}) == settings
    for odd in ({}, object(), 1.5, "no such word", [["nested"]], [1], float("inf"), b"x"):
        with pytest.raises(BadSetting):
            settings.changed({name: odd})


@pytest.mark.parametrize("name", [n for n in NAMES if isinstance(BOUNDED[n], Whole)])
def test_every_number_has_bounds_that_hold(name: str) -> None:
    bounds = BOUNDED[name]
    assert isinstance(bounds, Whole)
    settings = TenantSettings()
    for value in (bounds.at_least, bounds.at_most):
        assert getattr(settings.changed({name: value}), name) == value
    odd: tuple[object, ...] = (bounds.at_least - 1, bounds.at_most + 1, True, "1")
    for wrong in odd:
        with pytest.raises(BadSetting):
            settings.changed({name: wrong})


@pytest.mark.parametrize("name", [n for n in NAMES if isinstance(BOUNDED[n], Choice)])
def test_every_word_of_a_choice_is_taken(name: str) -> None:
    choice = BOUNDED[name]
    assert isinstance(choice, Choice)
    settings = TenantSettings(tax_country="GB")
    for word in choice.kind:
        assert getattr(settings.changed({name: str(word)}), name) is word


def test_lists_of_words_are_taken_once_each() -> None:
    assert isinstance(BOUNDED["payment_methods"], Choices)
    for odd in ([], ["cod", "cod"], ["cod", "barter"], "cod"):
        with pytest.raises(BadSetting):
            TenantSettings().changed({"payment_methods": odd})


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example.com",
        "https://shop.example.com/",
        "https://shop.example.com/path",
        "https://user@shop.example.com",
        "https://SHOP.example.com",
        "ftp://shop.example.com",
        "https://",
        "https://shop.example.com:99999",
        "https://shop.example.com?x",
        "https://[",
    ],
)
def test_an_origin_is_exact_or_refused(origin: str) -> None:
    with pytest.raises(BadSetting):
        TenantSettings().changed({"cors_origins": [origin]})


def test_good_origins_are_kept_once() -> None:
    given = ["https://b.example:8443", "http://localhost:5173", "https://b.example:8443"]
    settings = TenantSettings().changed({"cors_origins": given})
    assert settings.cors_origins == ("http://localhost:5173", "https://b.example:8443")


def test_the_sellers_place_needs_a_country() -> None:
    with pytest.raises(BadSetting):
        TenantSettings().changed({"tax_place": "seller"})
    settings = TenantSettings().changed({"tax_place": "seller", "tax_country": "gb"})
    assert settings.tax_country == "GB"
    assert (
        TenantSettings().changed({"tax_place": "seller", "charges_tax": False}).charges_tax is False
    )


def test_a_document_kept_by_an_older_version_is_read_with_defaults() -> None:
    old: Any = msgspec.json.decode(b'{"hold_minutes": 3, "gone": 1}', type=TenantSettings)
    assert old == TenantSettings(hold_minutes=3)
    settings = TenantSettings().changed({"payment_methods": ["cod"], "rounding_mode": "up"})
    kept = msgspec.json.decode(msgspec.json.encode(settings), type=TenantSettings)
    assert kept == settings
    assert (kept.rounding.mode, kept.rounding.level) == ("up", "line")


def _profile(state: TenantState) -> TenantProfile:
    tenant = Tenant.drafted(
        id=TenantId(RandomIds().new()),
        type=TenantType.MALL,
        code="a",
        name="A",
        default_currency="eur",
        locale="en",
        time_zone="America/New_York",
        settings={"business_day_cutoff_hour": 4},
        at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    return replace(tenant, state=state).profile


DOORS: dict[TenantState, dict[Use, type[Exception] | None]] = {
    TenantState.DRAFT: dict.fromkeys(Use, Unknown),
    TenantState.PROVISIONING: dict.fromkeys(Use, Unknown),
    TenantState.ACTIVE: dict.fromkeys(Use),
    TenantState.SUSPENDED: {**dict.fromkeys(Use, ShopSuspended), Use.COMPLIANCE: None},
    TenantState.ARCHIVED: {
        Use.SHOP: ShopArchived,
        Use.WORK: ShopArchived,
        Use.READ: None,
        Use.COMPLIANCE: None,
    },
}


@pytest.mark.parametrize("state", TenantState)
@pytest.mark.parametrize("use", Use)
def test_each_state_admits_what_its_row_says(state: TenantState, use: Use) -> None:
    refusal = DOORS[state][use]
    if refusal is None:
        _profile(state).admit(use)
    else:
        with pytest.raises(refusal):
            _profile(state).admit(use)


def test_the_trading_day_follows_zone_and_cutoff() -> None:
    profile = _profile(TenantState.ACTIVE)
    assert (
        profile.business_date(datetime(2024, 6, 2, 7, 59, tzinfo=UTC)).isoformat() == "2024-06-01"
    )
    assert profile.business_date(datetime(2024, 6, 2, 8, 0, tzinfo=UTC)).isoformat() == "2024-06-02"
