"""Statements and export files as people and banks take them: one HTML page, or CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from tradepost.kernel.money import Currency, Money
from tradepost.mall.queries import ExportFile, Statement

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{padding:.35rem .5rem;border-bottom:1px solid #bbb;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot th{border-top:2px solid #111}dt{color:#444}dd{margin:0 0 .4rem}
@media print{body{margin:0;max-width:none}}
"""
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Payout statement",
        "vendor": "Vendor",
        "period": "Period",
        "state": "State",
        "number": "Payout",
        "entries": "Entries",
        "date": "Date",
        "what": "What",
        "document": "Document",
        "amount": "Amount",
        "total": "Payout amount",
        "by_kind": "Sums",
        "up_to": "up to {until}",
        "open": "open",
        "exported": "sent to the bank",
        "paid": "paid",
        "cancelled": "cancelled",
        "sale": "Goods sold",
        "service": "Services sold",
        "shipping": "Shipping",
        "cod_fee": "Fee for paying at the door",
        "tax": "Tax collected",
        "discount": "Discount",
        "commission": "Commission",
        "return": "Goods taken back",
        "service_return": "Services taken back",
        "tax_return": "Tax given back",
        "allowance": "Refund",
        "adjustment": "Adjustment",
        "order": "Order {number}",
        "credit_note": "Credit note {number}",
        "credit_note_reversal": "Credit note {number}, void",
        "other": "{number}",
    },
    "ja": {
        "title": "支払明細書",
        "vendor": "出店者",
        "period": "対象期間",
        "state": "状態",
        "number": "支払番号",
        "entries": "明細",
        "date": "日付",
        "what": "内容",
        "document": "伝票",
        "amount": "金額",
        "total": "支払金額",
        "by_kind": "内訳",
        "up_to": "{until} まで",
        "open": "未処理",
        "exported": "銀行送付済み",
        "paid": "支払済み",
        "cancelled": "取消",
        "sale": "商品売上",
        "service": "サービス売上",
        "shipping": "送料",
        "cod_fee": "代引手数料",
        "tax": "消費税等",
        "discount": "値引き",
        "commission": "販売手数料",
        "return": "返品(商品)",
        "service_return": "返品(サービス)",
        "tax_return": "返品に伴う税",
        "allowance": "返金",
        "adjustment": "調整",
        "order": "注文 {number}",
        "credit_note": "返金伝票 {number}",
        "credit_note_reversal": "返金伝票 {number}(無効)",
        "other": "{number}",
    },
}


def statement_html(told: Statement, language: str) -> str:
    """The statement as one page that needs nothing else."""
    words, payout = WORDS[language], told.payout
    currency = Currency(payout.currency)
    since = payout.since.isoformat() + " – " if payout.since else ""
    period = since + (payout.until.isoformat() if since else _up_to(told, words))
    facts = (
        (words["vendor"], f"{told.vendor_name} ({told.vendor_code})"),
        (words["period"], period),
        (words["state"], words[payout.state]),
        (words["number"], str(payout.id)),
    )
    rows = "".join(
        f"<tr><td>{one.business_date}</td><td>{escape(_word(one.code, words))}</td>"
        f"<td>{escape(_document(one.document_kind, one.document_number, words))}</td>"
        f'<td class="n">{_money(one.amount, currency)}</td></tr>'
        for one in told.lines
    )
    sums = "".join(
        f'<tr><td>{escape(_word(code, words))}</td><td class="n">{_money(n, currency)}</td></tr>'
        for code, n in _sums(told).items()
    )
    total = _money(payout.amount, currency)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words['title'])} {escape(told.vendor_name)} {payout.until}</title>"
        f"<style>{_STYLE}</style></head><body>"
        f"<h1>{escape(words['title'])}</h1><p>{escape(told.shop)}</p>"
        "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in facts) + "</dl>"
        f"<table><caption>{escape(words['by_kind'])}</caption><tbody>{sums}</tbody>"
        f'<tfoot><tr><th scope="row">{escape(words["total"])}</th>'
        f'<th class="n">{total} {currency.code}</th></tr></tfoot></table>'
        f"<table><caption>{escape(words['entries'])}</caption><thead><tr>"
        + "".join(f'<th scope="col">{escape(words[one])}</th>' for one in ("date", "what"))
        + f'<th scope="col">{escape(words["document"])}</th>'
        f'<th scope="col" class="n">{escape(words["amount"])}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></body></html>"
    )


def statement_csv(told: Statement) -> str:
    """The entries, and last the amount of the payout."""
    currency = Currency(told.payout.currency)
    rows: list[Sequence[object]] = [
        (
            one.business_date,
            one.code,
            one.document_kind,
            one.document_number or one.document_id,
            _money(one.amount, currency),
            currency.code,
        )
        for one in told.lines
    ]
    amount = _money(told.payout.amount, currency)
    rows.append((told.payout.until, "payout", "payout", told.payout.id, amount, currency.code))
    return _csv(("date", "code", "document", "number", "amount", "currency"), rows)


def export_csv(file: ExportFile) -> str:
    """One row a transfer for the bank."""
    head = ("payout", "vendor", "holder", "account", "bank_code", "bank_name")
    rows: list[Sequence[object]] = []
    for payout, vendor in file.items:
        bank = vendor.bank
        place = (bank.holder, bank.account, bank.bank_code, bank.bank_name) if bank else ("",) * 4
        amount = _money(payout.amount, Currency(payout.currency))
        about = f"{vendor.code} {payout.until}"
        rows.append((payout.id, vendor.code, *place, amount, payout.currency, about))
    return _csv((*head, "amount", "currency", "reference"), rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_harmless(one) for one in row] for row in rows)
    return out.getvalue()


def _harmless(value: object) -> object:
    """Text that a spreadsheet does not take for a formula (CWE-1236); amounts are digits anyway."""
    text = str(value)
    risky = text[:1] in {"=", "+", "@", "\t", "\r"} or (text[:1] == "-" and not _is_number(text))
    return f"'{text}" if risky else text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def _sums(told: Statement) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in told.lines:
        sums[one.code] = sums.get(one.code, 0) + one.amount
    return sums


def _up_to(told: Statement, words: Mapping[str, str]) -> str:
    return words["up_to"].format(until=told.payout.until.isoformat())


def _word(code: str, words: Mapping[str, str]) -> str:
    return words.get(code, code)


def _document(kind: str, number: int | None, words: Mapping[str, str]) -> str:
    known = {"return": "credit_note"}.get(kind, kind)
    return words.get(known, words["other"]).format(number=number or "")


def _money(amount: int, currency: Currency) -> str:
    return Money(amount, currency).decimal_text
