"""Transfers between accounts, and what each business fact posts.

One row is one transfer: so much from a credit account to a debit account. It cannot be unbalanced.
Amounts are above zero, in minor units; a business amount below zero turns its accounts around, and
nothing posts nothing. Balances are never stored, only added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tradepost.kernel.ids import Ids, JournalId, TransferId
from tradepost.kernel.money import Currency, Money
from tradepost.ledger.errors import AccountUnknown, SameAccount


class Account(StrEnum):
    """The chart of accounts; what belongs to somebody carries their id: ``vendor_payable:<id>``."""

    RECEIVABLE = "receivable"
    REVENUE_GOODS = "revenue.goods"
    REVENUE_SERVICE = "revenue.service"
    RETURNS_GOODS = "returns.goods"
    RETURNS_SERVICE = "returns.service"
    ALLOWANCES = "allowances"
    DISCOUNTS = "discounts"
    SHIPPING_INCOME = "shipping_income"
    TAX_PAYABLE = "tax_payable"
    BANK = "bank"
    CASH = "cash"
    CARD_CLEARING = "card_clearing"
    GATEWAY_CLEARING = "gateway_clearing"
    COD_RECEIVABLE = "cod_receivable"
    COD_FEES = "cod_fees"
    CASH_ROUNDING = "cash_rounding"
    CUSTOMER_CREDIT = "customer_credit"
    TIPS_PAYABLE = "tips_payable"
    PAYMENT_FEES = "payment_fees"
    BAD_DEBT = "bad_debt"


class AccountKind(StrEnum):
    """Where an account stands in the balance sheet or in the profit and loss account."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    CONTRA_INCOME = "contra_income"
    EXPENSE = "expense"


CHART: dict[Account, tuple[AccountKind, str]] = {
    Account.BANK: (AccountKind.ASSET, "Money in the bank"),
    Account.CASH: (AccountKind.ASSET, "Cash in drawers and safes"),
    Account.CARD_CLEARING: (AccountKind.ASSET, "Taken by card terminal, not yet in the bank"),
    Account.GATEWAY_CLEARING: (AccountKind.ASSET, "Taken by gateways, not yet in the bank"),
    Account.COD_RECEIVABLE: (AccountKind.ASSET, "Collected at the door, not yet handed in"),
    Account.RECEIVABLE: (AccountKind.ASSET, "Owed by customers"),
    Account.CUSTOMER_CREDIT: (AccountKind.LIABILITY, "Owed to customers who paid too much"),
    Account.TIPS_PAYABLE: (AccountKind.LIABILITY, "Tips owed to those who served"),
    Account.TAX_PAYABLE: (AccountKind.LIABILITY, "Tax collected and owed to the state"),
    Account.REVENUE_GOODS: (AccountKind.INCOME, "Goods sold"),
    Account.REVENUE_SERVICE: (AccountKind.INCOME, "Services sold"),
    Account.SHIPPING_INCOME: (AccountKind.INCOME, "Shipping charged"),
    Account.COD_FEES: (AccountKind.INCOME, "Fees for paying at the door"),
    Account.RETURNS_GOODS: (AccountKind.CONTRA_INCOME, "Goods taken back"),
    Account.RETURNS_SERVICE: (AccountKind.CONTRA_INCOME, "Services taken back"),
    Account.ALLOWANCES: (AccountKind.CONTRA_INCOME, "Given up on sales though nothing came back"),
    Account.DISCOUNTS: (AccountKind.CONTRA_INCOME, "Discounts given"),
    Account.CASH_ROUNDING: (AccountKind.EXPENSE, "Rounding of cash amounts"),
    Account.PAYMENT_FEES: (AccountKind.EXPENSE, "Kept by carriers, card companies and gateways"),
    Account.BAD_DEBT: (AccountKind.EXPENSE, "Written off"),
}
"""The published chart; assets, expenses and contra income grow by debits, others by credits."""


class Code(StrEnum):
    """What a transfer is for; figures by kind are totals by code."""

    SALE = "sale"
    SERVICE = "service"
    TAX = "tax"
    SHIPPING = "shipping"
    COD_FEE = "cod_fee"
    DISCOUNT = "discount"
    PAYMENT = "payment"
    TIP = "tip"
    COD_HAND_IN = "cod_hand_in"
    SETTLEMENT = "settlement"
    FEE = "fee"
    CASH_ROUNDING = "cash_rounding"
    REFUND = "refund"
    RETURN = "return"
    SERVICE_RETURN = "service_return"
    TAX_RETURN = "tax_return"
    ALLOWANCE = "allowance"
    CREDIT = "credit"
    ADJUSTMENT = "adjustment"


TENDER_ACCOUNTS = {
    "bank_transfer": Account.BANK,
    "cash": Account.CASH,
    "card_terminal": Account.CARD_CLEARING,
    "cod": Account.COD_RECEIVABLE,
    "gateway": Account.GATEWAY_CLEARING,
}
"""Where the money of each payment method lands."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """``amount`` to ``debit`` from ``credit``; transfers of one business fact share a journal."""

    id: TransferId
    journal_id: JournalId
    code: Code
    debit: str
    credit: str
    currency: Currency
    amount: Money
    document_kind: str
    document_id: UUID
    business_date: date
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount on its way into the books; below zero it runs the other way round."""

    code: Code
    debit: str
    credit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Document:
    """What caused a posting, and when."""

    kind: str
    id: UUID
    currency: Currency
    business_date: date
    at: datetime


def transfers_of(document: Document, entries: Iterator[Entry], ids: Ids) -> list[Transfer]:
    """The transfers of one journal; entries of nothing are left out."""
    journal_id = JournalId(ids.new())
    made = []
    for entry in entries:
        if not entry.amount:
            continue
        if entry.debit == entry.credit:
            raise SameAccount(entry.debit)
        turned = entry.amount < 0
        made.append(
            Transfer(
                id=TransferId(ids.new()),
                journal_id=journal_id,
                code=entry.code,
                debit=entry.credit if turned else entry.debit,
                credit=entry.debit if turned else entry.credit,
                currency=document.currency,
                amount=Money(abs(entry.amount), document.currency),
                document_kind=document.kind,
                document_id=document.id,
                business_date=document.business_date,
                posted_at=document.at,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Sold:
    """The parts of a sale that go to accounts of their own, in minor units, tax left out."""

    goods: int = 0
    services: int = 0
    shipping: int = 0
    tax: int = 0
    discount: int = 0
    rounding: int = 0
    cod_fee: int = 0

    def less(self, other: Sold) -> Sold:
        """What this is more than another, part by part; below zero where it is less."""
        return Sold(
            self.goods - other.goods,
            self.services - other.services,
            self.shipping - other.shipping,
            self.tax - other.tax,
            self.discount - other.discount,
            self.rounding - other.rounding,
            self.cod_fee - other.cod_fee,
        )


def sale(sold: Sold) -> Iterator[Entry]:
    """A placed order: the customer owes it, the shop has earned it, the state gets its part."""
    yield Entry(Code.SALE, Account.RECEIVABLE, Account.REVENUE_GOODS, sold.goods)
    yield Entry(Code.SERVICE, Account.RECEIVABLE, Account.REVENUE_SERVICE, sold.services)
    yield Entry(Code.SHIPPING, Account.RECEIVABLE, Account.SHIPPING_INCOME, sold.shipping)
    yield Entry(Code.COD_FEE, Account.RECEIVABLE, Account.COD_FEES, sold.cod_fee)
    yield Entry(Code.TAX, Account.RECEIVABLE, Account.TAX_PAYABLE, sold.tax)
    yield Entry(Code.DISCOUNT, Account.DISCOUNTS, Account.RECEIVABLE, sold.discount)
    yield Entry(Code.CASH_ROUNDING, Account.RECEIVABLE, Account.CASH_ROUNDING, sold.rounding)


def call_off(sold: Sold) -> Iterator[Entry]:
    """A cancelled order, or a part of one: its sale the other way round, under the same codes."""
    return undone(sale(sold))


def undone(entries: Iterator[Entry]) -> Iterator[Entry]:
    """What was posted before, the other way round, under the same codes."""
    for entry in entries:
        yield replace(entry, amount=-entry.amount)


def given_back(sold: Sold) -> Iterator[Entry]:
    """Goods and services taken back: the shop owes the customer what it gave up."""
    yield Entry(Code.RETURN, Account.RETURNS_GOODS, Account.RECEIVABLE, sold.goods)
    yield Entry(Code.SERVICE_RETURN, Account.RETURNS_SERVICE, Account.RECEIVABLE, sold.services)
    yield Entry(Code.TAX_RETURN, Account.TAX_PAYABLE, Account.RECEIVABLE, sold.tax)


def allowance(net: int, tax: int) -> Iterator[Entry]:
    """Money the shop gives up on a sale though nothing came back."""
    yield Entry(Code.ALLOWANCE, Account.ALLOWANCES, Account.RECEIVABLE, net)
    yield Entry(Code.TAX_RETURN, Account.TAX_PAYABLE, Account.RECEIVABLE, tax)


def payment(method: str, amount: int) -> Iterator[Entry]:
    """Money taken for what is owed."""
    yield Entry(Code.PAYMENT, tender_account(method), Account.RECEIVABLE, amount)


def payment_on_account(method: str, amount: int) -> Iterator[Entry]:
    """Money taken for nothing in particular: the shop owes it to the customer."""
    yield Entry(Code.PAYMENT, tender_account(method), Account.CUSTOMER_CREDIT, amount)


def tipped(method: str, amount: int) -> Iterator[Entry]:
    """Money taken for those who served: the shop owes it to them."""
    yield Entry(Code.TIP, tender_account(method), Account.TIPS_PAYABLE, amount)


def credit_used(amount: int) -> Iterator[Entry]:
    """A customer's credit pays for what is owed."""
    yield Entry(Code.CREDIT, Account.CUSTOMER_CREDIT, Account.RECEIVABLE, amount)


def credit_refund(method: str, amount: int) -> Iterator[Entry]:
    """A customer's credit is paid back."""
    yield Entry(Code.REFUND, Account.CUSTOMER_CREDIT, tender_account(method), amount)


def refund(method: str, amount: int) -> Iterator[Entry]:
    """Money paid back."""
    yield Entry(Code.REFUND, Account.RECEIVABLE, tender_account(method), amount)


def settled(method: str, amount: int, fee: int) -> Iterator[Entry]:
    """Money that a carrier, card company or gateway held reaches the bank, less what it kept."""
    code = Code.COD_HAND_IN if method == "cod" else Code.SETTLEMENT
    yield Entry(code, Account.BANK, tender_account(method), amount - fee)
    yield Entry(Code.FEE, Account.PAYMENT_FEES, tender_account(method), fee)


def adjustment(debit: str, credit: str, amount: int) -> Iterator[Entry]:
    """A correction by a person, between two accounts of the chart."""
    yield Entry(Code.ADJUSTMENT, charted(debit), charted(credit), amount)


def tender_account(method: str) -> Account:
    """The account of a payment method."""
    return TENDER_ACCOUNTS[method]


def charted(account: str) -> str:
    """An account of the chart, with or without its owner."""
    if account.split(":", 1)[0] not in tuple(Account):
        raise AccountUnknown(account, ", ".join(Account))
    return account
