"""The reasons the mall says no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradepost.kernel.errors import BadValue, Invalid, NotFound, Refused


@dataclass(eq=False)
class CodeTaken(Refused):
    """There is a vendor of the code {vendor_code} already.

    Choose another code.
    """

    vendor_code: str


@dataclass(eq=False)
class BadCommission(BadValue):
    """{field}: {problem}

    Send parts per million from 0 to 1000000, which is all of it: 125000 is 12.5 percent.
    """


@dataclass(eq=False)
class BadIban(BadValue):
    """{field}: {problem}

    Check the account number against the bank's own paper.
    """


@dataclass(eq=False)
class RuleOfNothing(Invalid):
    """A commission rule has to name a vendor, a category or a product.

    What holds for everything a vendor sells is the vendor's own rate.
    """


@dataclass(eq=False)
class RuleThere(Refused):
    """There is such a commission rule already: {rule_id}.

    Change its rate, or end it first.
    """

    rule_id: str


@dataclass(eq=False)
class RuleEnded(Refused):
    """The commission rule {rule_id} has ended.

    Make a new one.
    """

    rule_id: str


@dataclass(eq=False)
class NotOfVendor(Refused):
    """The product {product_id} is not one of vendor {vendor_id}.

    Leave the vendor out, or name the product's own.
    """

    product_id: str
    vendor_id: str


@dataclass(eq=False)
class VendorClosed(Refused):
    """The vendor {vendor_id} is closed and gets no more products.

    Choose another vendor.
    """

    vendor_id: str


@dataclass(eq=False)
class PeriodPaidOut(Refused):
    """The period up to {until} is paid out already: the last run went up to {last}.

    Run the payout for a later day; what was late is in it.
    """

    until: date
    last: date


@dataclass(eq=False)
class PeriodOpen(Refused):
    """The period up to {until} is not over: today is {today}.

    Run the payout up to today, or an earlier day.
    """

    until: date
    today: date


@dataclass(eq=False)
class BankMissing(Refused):
    """There are no bank details of these vendors: {vendors}.

    Enter them, or export the other payouts by name.
    """

    vendors: str


@dataclass(eq=False)
class NothingToExport(Refused):
    """There is no open payout to export.

    Run a payout first, or take the file of an earlier export.
    """


@dataclass(eq=False)
class NoVendorsStaff(NotFound):
    """This is for the staff of a vendor, and you are no vendor's.

    Use the pages of the mall: vendors, orders and payouts.
    """
