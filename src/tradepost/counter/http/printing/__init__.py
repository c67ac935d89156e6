"""Receipts on paper and screen: one layout, written as HTML, PDF and ESC/POS."""

from tradepost.counter.http.printing.escpos import escpos
from tradepost.counter.http.printing.layout import Row, rows_of
from tradepost.counter.http.printing.page import html
from tradepost.counter.http.printing.pdf import pdf
from tradepost.counter.http.printing.words import Language

__all__ = ["Language", "Row", "escpos", "html", "pdf", "rows_of"]
