"""The end of a day of trade: what each article was last called and sold at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradepost.kernel.clock import business_date
from tradepost.transfer.retail.cells import TIME_ZONE
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.line import RetailLine


@dataclass(frozen=True, slots=True)
class ArticleOfDay:
    """An article's last title and price of the day; the price is in micro-pounds, above 0."""

    sku_key: str
    title: str
    unit_price_micros: int
    line_number: int


@dataclass(frozen=True, slots=True)
class DayEnd:
    """A local day is over: every document opened on it came before, none comes after.

    ``instant`` is the midnight that ends the day, in UTC: what is taken over holds from the next
    day on. ``articles`` come in the order of their keys.
    """

    day: date
    instant: datetime
    articles: tuple[ArticleOfDay, ...]


def day_of(instant: datetime) -> date:
    """The local day in London."""
    return business_date(instant, TIME_ZONE)


class TradingDay:
    """Gathers the lines of the documents opened on one local day.

    A line counts for the day on which its document was opened, also when it was written after
    midnight. Only lines with a price and a description are news of an article; the last one in
    the file wins, whichever document it is in. Adjustments are about money, not articles.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self._last: dict[str, RetailLine] = {}

    def note(self, kind: LineKind, line: RetailLine) -> None:
        """Remember the line if it is the article's last word so far."""
        if kind is LineKind.ADJUSTMENT or line.unit_price_micros <= 0 or not line.description:
            return
        before = self._last.setdefault(line.sku_key, line)
        if before.line_number < line.line_number:
            self._last[line.sku_key] = line

    def end(self) -> DayEnd:
        """The event that closes the day."""
        midnight = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(TIME_ZONE))
        articles = (
            ArticleOfDay(key, line.description, line.unit_price_micros, line.line_number)
            for key, line in sorted(self._last.items())
        )
        return DayEnd(self.day, midnight.astimezone(UTC), tuple(articles))
