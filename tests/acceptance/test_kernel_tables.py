"""The tables that ship with the kernel agree with the standards they were made from."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from stdnum import ean

from tradepost.kernel import countries
from tradepost.kernel.codes import Gtin
from tradepost.kernel.currencies import EXPONENTS
from tradepost.kernel.errors import BadCode, BadCurrency
from tradepost.kernel.money import Currency

pytestmark = pytest.mark.acceptance


def test_currencies_are_those_of_iso_4217_that_have_a_minor_unit(reference: Path) -> None:
    entries = ElementTree.parse(reference / "iso4217_list_one.xml").iter("CcyNtry")
    published = {entry.findtext("Ccy"): entry.findtext("CcyMnrUnts") for entry in entries}
    del published[None]
    without_minor_unit = {code for code, minor in published.items() if minor == "N.A."}
    assert (len(published), len(without_minor_unit)) == (178, 13)
    assert dict(EXPONENTS) == {
        code: int(minor or "")
        for code, minor in published.items()
        if code not in without_minor_unit
    }
    for code in without_minor_unit:
        with pytest.raises(BadCurrency):
            Currency(str(code))


def test_countries_are_those_of_iso_3166_1(reference: Path) -> None:
    published = json.loads((reference / "iso3166-1.json").read_text())["3166-1"]
    assert {country["alpha_2"] for country in published} == countries.ASSIGNED
    assert len(published) == 249
    assert {"XK", "ZZ"} == countries.KNOWN - countries.ASSIGNED


def test_barcodes_that_people_scanned_are_told_from_noise(shared_data: Path) -> None:
    path = shared_data / "catalogue" / "open_food_facts_small.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        scanned = [row["barcode"] for row in csv.DictReader(lines)]
    taken = [code for code in scanned if _gtin(code)]
    assert (len(scanned), len(taken)) == (5_000, 4_959)
    assert [code for code in scanned if ean.is_valid(code)] == taken
    assert any(code.startswith("0") for code in taken)


def _gtin(text: str) -> Gtin | None:
    try:
        gtin = Gtin.parse(text)
    except BadCode:
        return None
    assert gtin.value == text
    return gtin
