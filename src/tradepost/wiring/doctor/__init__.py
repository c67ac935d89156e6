"""The doctor: the laws of the house as queries on a live store."""

from tradepost.wiring.doctor import (
    books,
    counter,
    credits,
    delivery,
    downloads,
    facts,
    floor,
    lives,
    mall,
    orders,
    payments,
    people,
    records,
    retold,
    shipping,
    stock,
)
from tradepost.wiring.doctor.checking import BREACHES_MAX, Readable, Visit, examine, shops_of
from tradepost.wiring.doctor.law import Law, View
from tradepost.wiring.doctor.report import Breach, Report

LAWS: tuple[Law, ...] = (
    *stock.LAWS,
    *orders.LAWS,
    *shipping.LAWS,
    *delivery.LAWS,
    *downloads.LAWS,
    *payments.LAWS,
    *credits.LAWS,
    *books.LAWS,
    *counter.LAWS,
    *floor.LAWS,
    *mall.LAWS,
    *facts.LAWS,
    *retold.LAWS,
    *records.LAWS,
    *people.LAWS,
    *lives.LAWS,
)
"""Every law, in the order in which it is told."""

__all__ = [
    "BREACHES_MAX",
    "LAWS",
    "Breach",
    "Law",
    "Readable",
    "Report",
    "View",
    "Visit",
    "examine",
    "shops_of",
]
