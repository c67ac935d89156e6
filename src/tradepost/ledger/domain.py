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
from functools import lru_cache
from uuid import UUID

from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import Ids, JournalId, TransferId, VendorId
from tradepost.kernel.money import Currency, Money
from tradepost.ledger.errors import AccountUnknown, BetweenVendors, SameAccount


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
    VENDOR_PAYABLE = "vendor_payable"
    COMMISSION_INCOME = "commission_income"
    PAYMENT_FEES = "payment_fees"
    BAD_DEBT = "bad_debt"
    CASH_OVER_SHORT = "cash_over_short"
    PETTY_CASH = "petty_cash"


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
    Account.VENDOR_PAYABLE: (AccountKind.LIABILITY, "Owed to a vendor for what was sold for them"),
    Account.TAX_PAYABLE: (AccountKind.LIABILITY, "Tax collected and owed to the state"),
    Account.REVENUE_GOODS: (AccountKind.INCOME, "Goods sold"),
    Account.REVENUE_SERVICE: (AccountKind.INCOME, "Services sold"),
    Account.SHIPPING_INCOME: (AccountKind.INCOME, "Shipping charged"),
    Account.COMMISSION_INCOME: (AccountKind.INCOME, "Commission on what was sold for vendors"),
    Account.COD_FEES: (AccountKind.INCOME, "Fees for paying at the door"),
    Account.RETURNS_GOODS: (AccountKind.CONTRA_INCOME, "Goods taken back"),
    Account.RETURNS_SERVICE: (AccountKind.CONTRA_INCOME, "Services taken back"),
    Account.ALLOWANCES: (AccountKind.CONTRA_INCOME, "Given up on sales though nothing came back"),
    Account.DISCOUNTS: (AccountKind.CONTRA_INCOME, "Discounts given"),
    Account.CASH_ROUNDING: (AccountKind.EXPENSE, "Rounding of cash amounts"),
    Account.PAYMENT_FEES: (AccountKind.EXPENSE, "Kept by carriers, card companies and gateways"),
    Account.BAD_DEBT: (AccountKind.EXPENSE, "Written off"),
    Account.CASH_OVER_SHORT: (AccountKind.EXPENSE, "Missing from cash when it was counted"),
    Account.PETTY_CASH: (AccountKind.EXPENSE, "Paid out of drawers, less what was paid in"),
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
    COMMISSION = "commission"
    PAYOUT = "payout"
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
    FLOAT = "float"
    DRAWER = "drawer"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    DROP = "drop"
    OVER_SHORT = "over_short"


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


def vendor_account(vendor_id: VendorId) -> str:
    """The account of what is owed to a vendor."""
    return f"{Account.VENDOR_PAYABLE}:{vendor_id}"


@dataclass(frozen=True, slots=True)
class Earner:
    """Whose accounts a sale goes to: the shop's own, or those of a vendor it sold for.

    ``bears`` pays discounts. A vendor's account takes what the shop's income accounts would take.
    """

    goods: str = Account.REVENUE_GOODS
    services: str = Account.REVENUE_SERVICE
    shipping: str = Account.SHIPPING_INCOME
    cod_fee: str = Account.COD_FEES
    tax: str = Account.TAX_PAYABLE
    bears: str = Account.DISCOUNTS
    goods_back: str = Account.RETURNS_GOODS
    services_back: str = Account.RETURNS_SERVICE
    allowances: str = Account.ALLOWANCES


THE_SHOP = Earner()


@lru_cache(maxsize=4096)
def earner(contract: Contract | None) -> Earner:
    """Whose accounts a sale under a contract goes to; without one it is the shop's own."""
    if contract is None:
        return THE_SHOP
    owed = vendor_account(contract.vendor_id)
    tax = owed if contract.seller is Party.VENDOR else Account.TAX_PAYABLE
    bears = owed if contract.discount is Party.VENDOR else Account.DISCOUNTS
    return Earner(owed, owed, owed, owed, tax, bears, owed, owed, owed)


@dataclass(frozen=True, slots=True)
class Sold:
    """The parts of a sale that go to accounts of their own, in minor units, tax left out.

    ``commission`` is what the shop keeps of a vendor's sale; ``subsidy`` is what it gave a vendor
    for a discount that it bore, and takes back with what is credited.
    """

    goods: int = 0
    services: int = 0
    shipping: int = 0
    tax: int = 0
    discount: int = 0
    rounding: int = 0
    cod_fee: int = 0
    commission: int = 0
    subsidy: int = 0

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
            self.commission - other.commission,
        )


def sale(sold: Sold, by: Earner = THE_SHOP) -> Iterator[Entry]:
    """A placed order, or an earner's part of one: the customer owes it, the seller has earned it,
    the state gets its part, and the shop its commission."""
    yield Entry(Code.SALE, Account.RECEIVABLE, by.goods, sold.goods)
    yield Entry(Code.SERVICE, Account.RECEIVABLE, by.services, sold.services)
    yield Entry(Code.SHIPPING, Account.RECEIVABLE, by.shipping, sold.shipping)
    yield Entry(Code.COD_FEE, Account.RECEIVABLE, by.cod_fee, sold.cod_fee)
    yield Entry(Code.TAX, Account.RECEIVABLE, by.tax, sold.tax)
    yield Entry(Code.DISCOUNT, by.bears, Account.RECEIVABLE, sold.discount)
    yield Entry(Code.CASH_ROUNDING, Account.RECEIVABLE, Account.CASH_ROUNDING, sold.rounding)
    yield Entry(Code.COMMISSION, by.goods, Account.COMMISSION_INCOME, sold.commission)


def call_off(sold: Sold) -> Iterator[Entry]:
    """A cancelled order, or a part of one: its sale the other way round, under the same codes."""
    return undone(sale(sold))


def undone(entries: Iterator[Entry]) -> Iterator[Entry]:
    """What was posted before, the other way round, under the same codes."""
    for entry in entries:
        yield replace(entry, amount=-entry.amount)


def given_back(sold: Sold, by: Earner = THE_SHOP) -> Iterator[Entry]:
    """Goods and services taken back: the seller owes the customer what was given up."""
    yield Entry(Code.RETURN, by.goods_back, Account.RECEIVABLE, sold.goods)
    yield Entry(Code.SERVICE_RETURN, by.services_back, Account.RECEIVABLE, sold.services)
    yield from _with_it(sold, by)


def allowance(sold: Sold, by: Earner = THE_SHOP) -> Iterator[Entry]:
    """Money the seller gives up on a sale though nothing came back."""
    yield Entry(Code.ALLOWANCE, by.allowances, Account.RECEIVABLE, sold.goods + sold.services)
    yield from _with_it(sold, by)


def _with_it(sold: Sold, by: Earner) -> Iterator[Entry]:
    """What goes with what is credited: its tax, its commission, and the discount the shop bore."""
    yield Entry(Code.TAX_RETURN, by.tax, Account.RECEIVABLE, sold.tax)
    yield Entry(Code.CASH_ROUNDING, Account.CASH_ROUNDING, Account.RECEIVABLE, sold.rounding)
    yield Entry(Code.COMMISSION, Account.COMMISSION_INCOME, by.goods, sold.commission)
    yield Entry(Code.DISCOUNT, by.goods, Account.DISCOUNTS, sold.subsidy)


def payment(tender: str, amount: int) -> Iterator[Entry]:
    """Money taken, into an account of a tender, for what is owed."""
    yield Entry(Code.PAYMENT, tender, Account.RECEIVABLE, amount)


def payment_on_account(tender: str, amount: int) -> Iterator[Entry]:
    """Money taken for nothing in particular: the shop owes it to the customer."""
    yield Entry(Code.PAYMENT, tender, Account.CUSTOMER_CREDIT, amount)


def tipped(tender: str, amount: int) -> Iterator[Entry]:
    """Money taken for those who served: the shop owes it to them."""
    yield Entry(Code.TIP, tender, Account.TIPS_PAYABLE, amount)


def credit_used(amount: int) -> Iterator[Entry]:
    """A customer's credit pays for what is owed."""
    yield Entry(Code.CREDIT, Account.CUSTOMER_CREDIT, Account.RECEIVABLE, amount)


def credit_refund(method: str, amount: int) -> Iterator[Entry]:
    """A customer's credit is paid back."""
    yield Entry(Code.REFUND, Account.CUSTOMER_CREDIT, tender_account(method), amount)


def refund(method: str, amount: int) -> Iterator[Entry]:
    """Money paid back."""
    yield Entry(Code.REFUND, Account.RECEIVABLE, tender_account(method), amount)


def settled(
    method: str, amount: int, fee: int, *, held_by: UUID | None = None, missing: int = 0
) -> Iterator[Entry]:
    """Money that a carrier, card company or gateway held reaches the bank, less what it kept; what
    a person held reaches the safe, but for what is missing."""
    code = Code.COD_HAND_IN if method == "cod" else Code.SETTLEMENT
    tender = tender_account(method, held_by)
    arrived = Account.BANK if held_by is None else Account.CASH
    yield Entry(code, arrived, tender, amount - fee - missing)
    yield Entry(Code.FEE, Account.PAYMENT_FEES, tender, fee)
    yield Entry(Code.OVER_SHORT, Account.CASH_OVER_SHORT, tender, missing)


def paid_out(vendor_id: VendorId, amount: int) -> Iterator[Entry]:
    """What is owed to a vendor leaves the bank."""
    yield Entry(Code.PAYOUT, vendor_account(vendor_id), Account.BANK, amount)


def adjustment(debit: str, credit: str, amount: int) -> Iterator[Entry]:
    """A correction by a person, between two accounts of the chart.

    :raises BetweenVendors: from one vendor to another, which no payout of either could show.
    """
    vendors = f"{Account.VENDOR_PAYABLE}:"
    if debit.startswith(vendors) and credit.startswith(vendors):
        raise BetweenVendors
    yield Entry(Code.ADJUSTMENT, charted(debit), charted(credit), amount)


def tender_account(method: str, held_by: UUID | None = None) -> str:
    """The account of a payment method, or of the person who holds its money for the shop."""
    account = TENDER_ACCOUNTS[method]
    return account if held_by is None else f"{account.value}:{held_by}"


def charted(account: str) -> str:
    """An account of the chart, with or without its owner, who is named by an identifier."""
    name, _, owner = account.partition(":")
    if name not in tuple(Account) or (":" in account and not _is_identifier(owner)):
        raise AccountUnknown(account, ", ".join(Account))
    return account


def _is_identifier(text: str) -> bool:
    """Whether it is written as identifiers are kept: 36 characters, in small letters."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
