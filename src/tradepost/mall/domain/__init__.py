"""Vendors, commission rules and payouts, and the rules they keep."""

from tradepost.mall.domain.bank import BankDetails
from tradepost.mall.domain.commission import CommissionRule, checked_rate, rate_for
from tradepost.mall.domain.payout import Payout, PayoutEntry, PayoutRun, PayoutState
from tradepost.mall.domain.vendor import Vendor, VendorDetails, VendorStatus

__all__ = [
    "BankDetails",
    "CommissionRule",
    "Payout",
    "PayoutEntry",
    "PayoutRun",
    "PayoutState",
    "Vendor",
    "VendorDetails",
    "VendorStatus",
    "checked_rate",
    "rate_for",
]
