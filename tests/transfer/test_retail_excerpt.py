"""The excerpt that ships with the product reads without a fault, and names its source."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.transfer.retail_samples import read
from tradepost.transfer.retail import DEMO_EXCERPT
from tradepost.transfer.retail.days import DayEnd
from tradepost.transfer.retail.report import decimal_text
from tradepost.transfer.retail.tally import FileTally


def test_excerpt_is_three_weeks_of_trade() -> None:
    counted, days, seen = FileTally(), list[date](), Counter[str]()
    for event in read(DEMO_EXCERPT):
        if isinstance(event, DayEnd):
            days.append(event.day)
            continue
        counted.add(event)
        seen.update(kind.value for kind in event.mix)
    assert (counted.documents, counted.lines) == (2_025, 42_481)
    assert decimal_text(counted.micros) == "748957.02"
    assert (days[0], days[-1], len(days)) == (date(2010, 12, 1), date(2010, 12, 23), 20)
    assert set(seen) == {"sale", "service", "return", "service_return", "write_off", "found"}


def test_excerpt_is_small_and_says_nothing_of_when_it_was_packed() -> None:
    packed = DEMO_EXCERPT.read_bytes()
    assert len(packed) < 700_000
    assert packed[3:8] == bytes(5), "no name, no time (RFC 1952)"


def test_excerpt_is_attributed() -> None:
    text = (DEMO_EXCERPT.parent / "ATTRIBUTION.md").read_text("utf-8")
    for part in ("Online Retail", "Daqing Chen", "UCI Machine Learning Repository", "CC BY 4.0"):
        assert part in text
    assert "10.24432/C5BW33" in text
    assert "Changes:" in text
