"""A receipt as a page of HTML that needs nothing else."""

from __future__ import annotations

from html import escape

from tradepost.counter.domain.slip import Slip
from tradepost.counter.http.printing.layout import RULE, Row, rows_of
from tradepost.counter.http.printing.words import WORDS, Language

_STYLE = (
    "body{font:16px/1.4 system-ui,sans-serif;max-width:22em;margin:1em auto;padding:0 1em;"
    "color:#000;background:#fff}table{width:100%;border-collapse:collapse}"
    "td{vertical-align:top;padding:.1em 0;overflow-wrap:anywhere}"
    "td+td{text-align:right;white-space:nowrap;padding-left:1em}"
    ".strong{font-weight:bold}.centred{text-align:center}hr{border:0;border-top:1px dashed #000}"
    "@media print{body{margin:0;max-width:72mm}}"
)


def html(slip: Slip, language: Language) -> bytes:
    """The page, in UTF-8."""
    title = f"{WORDS[language][slip.kind]} {slip.text.register}-{slip.number}"
    rows = "".join(map(_row, rows_of(slip, language)))
    page = (
        f'<!doctype html><html lang="{language.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><table>{rows}</table></main></body></html>"
    )
    return page.encode()


def _row(row: Row) -> str:
    if row is RULE:
        return '<tr><td colspan="2"><hr></td></tr>'
    names = " ".join(name for name, on in (("strong", row.strong), ("centred", row.centred)) if on)
    kind = f' class="{names}"' if names else ""
    left = escape(row.left.strip())
    if not row.right:
        return f'<tr{kind}><td colspan="2">{left}</td></tr>'
    return f"<tr{kind}><td>{left}</td><td>{escape(row.right)}</td></tr>"
