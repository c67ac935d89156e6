"""The words of receipts, by language."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """A language that receipts are printed in."""

    ENGLISH = "en"
    JAPANESE = "ja"


WORDS: Final[dict[Language, dict[str, str]]] = {
    Language.ENGLISH: {
        "sale": "Receipt",
        "return": "Goods returned",
        "copy": "COPY",
        "void": "VOID",
        "order": "Order",
        "of_receipt": "For receipt",
        "off": "Discount",
        "subtotal": "Subtotal",
        "discount": "Discounts",
        "tax": "Tax {rate} % on {net}",
        "tax_inside": "Tax inside",
        "rounding": "Cash rounding",
        "total": "TOTAL",
        "given_back": "GIVEN BACK",
        "cash": "Cash",
        "card_terminal": "Card",
        "bank_transfer": "Bank transfer",
        "gateway": "Online",
        "cod": "At the door",
        "change": "Change",
    },
    Language.JAPANESE: {
        "sale": "領収書",
        "return": "返品",
        "copy": "控え",
        "void": "取消済",
        "order": "注文",
        "of_receipt": "元の領収書",
        "off": "値引",
        "subtotal": "小計",
        "discount": "値引合計",
        "tax": "税 {rate} % 対象 {net}",
        "tax_inside": "内税",
        "rounding": "現金端数",
        "total": "合計",
        "given_back": "返金額",
        "cash": "現金",
        "card_terminal": "カード",
        "bank_transfer": "銀行振込",
        "gateway": "オンライン",
        "cod": "代金引換",
        "change": "お釣り",
    },
}
"""Every language has the same keys; a test compares them."""
