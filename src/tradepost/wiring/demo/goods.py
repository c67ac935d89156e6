"""Goods of the demo's shops, made up for it; prices in the shop's major unit, as text."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.catalog.domain import FulfillmentType
from tradepost.kernel.quantity import Unit

PHYSICAL, DIGITAL = FulfillmentType.PHYSICAL, FulfillmentType.DIGITAL
PREPARED, SERVICE = FulfillmentType.PREPARED, FulfillmentType.SERVICE


@dataclass(frozen=True, slots=True)
class Ware:
    """An article, and how many smallest units of it lie on the shelf at first.

    ``price`` buys ``price_per`` units. ``by`` is the code of the vendor who sells it, where the
    shop is a mall.
    """

    sku: str
    title: str
    price: str
    stock: int = 0
    kind: FulfillmentType = PHYSICAL
    barcode: str | None = None
    unit: Unit = Unit.PIECE
    price_per: int = 1
    by: str | None = None


def _kilo(sku: str, title: str, price: str, stock_grams: int) -> Ware:
    return Ware(sku, title, price, stock_grams, unit=Unit.GRAM, price_per=1000)


HARBOUR = (
    Ware("LAMP-OAK", "Oak desk lamp", "79.00", 40, by="bright-ideas"),
    Ware("LAMP-PAPER", "Paper lantern, large", "24.50", 120, by="bright-ideas"),
    Ware("BULB-WARM", "Warm bulb, two of them", "9.90", 500, by="bright-ideas"),
    Ware("BOWL-BLUE", "Blue bowl, thrown by hand", "18.00", 60, by="clay-and-kiln"),
    Ware("CUP-SPECKLED", "Speckled cup", "12.50", 200, by="clay-and-kiln"),
    Ware("VASE-TALL", "Tall vase", "45.00", 25, by="clay-and-kiln"),
    Ware("WOOL-MERINO", "Merino yarn, 100 g", "8.75", 300, by="the-knit-room"),
    Ware("NEEDLES-4", "Bamboo needles, 4 mm", "6.20", 150, by="the-knit-room"),
    Ware("PATTERN-FJORD", "Fjord jumper, pattern as a file", "5.00", kind=DIGITAL),
)
"""A mall: three vendors, and one article of the mall's own that is a file."""

CORNER = (
    Ware("MILK-1L", "Milk, 1 l", "1.35", 90, barcode="2000000000015"),
    Ware("BREAD-RYE", "Rye bread", "2.80", 40, barcode="2000000000022"),
    Ware("EGGS-6", "Six eggs", "2.25", 60, barcode="2000000000039"),
    Ware("TEA-80", "Tea, 80 bags", "3.10", 45, barcode="2000000000046"),
    Ware("JAM-PLUM", "Plum jam", "2.95", 35, barcode="2000000000053"),
    Ware("SOAP", "Soap", "1.20", 80, barcode="2000000000060"),
    Ware("MATCHES", "Matches", "0.35", 200, barcode="2000000000077"),
    Ware("CANDLE", "Candle", "0.90", 150, barcode="2000000000084"),
)
"""A shop with a counter; barcodes are of the range for use inside a shop (GS1 prefix 20)."""

LANTERN = (
    Ware("SOBA", "そば Buckwheat noodles", "950", kind=PREPARED),
    Ware("TEMPURA", "天ぷら Tempura", "1450", kind=PREPARED),
    Ware("GYOZA", "餃子 Dumplings, six", "620", kind=PREPARED),
    Ware("DONBURI", "親子丼 Rice bowl with chicken and egg", "1100", kind=PREPARED),
    Ware("TOFU", "冷奴 Cold tofu", "420", kind=PREPARED),
    Ware("MATCHA", "抹茶アイス Green tea ice", "480", kind=PREPARED),
    Ware("BEER", "生ビール Draught beer", "650", kind=PREPARED),
    Ware("TEA-HOT", "お茶 Tea", "200", kind=PREPARED),
    Ware("SAKE-300", "冷酒 Sake, bottle of 300 ml", "1300", 48),
)
"""A restaurant; only the bottles are counted."""

GREENS = (
    _kilo("APPLES", "Apples, by weight", "3.20", 80_000),
    _kilo("TOMATOES", "Tomatoes, by weight", "4.10", 50_000),
    _kilo("POTATOES", "Potatoes, by weight", "1.60", 150_000),
    _kilo("CHEESE-HARD", "Hard cheese, cut for you", "19.50", 12_000),
    Ware("LETTUCE", "Lettuce", "1.80", 60),
    Ware("LEMONS-4", "Four lemons", "2.40", 70),
    Ware("OATS-1KG", "Oats, 1 kg", "3.60", 40),
    Ware("OATS-500G", "Oats, 500 g", "2.00", 40),
)
"""A grocer who delivers; what is weighed is counted in grams."""
