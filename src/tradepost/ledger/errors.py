"""The reasons the ledger says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Invalid, Refused


@dataclass(eq=False)
class NothingToPost(Invalid):
    """An adjustment of nothing cannot be posted.

    Send an amount other than zero.
    """


@dataclass(eq=False)
class SameAccount(Invalid):
    """A transfer cannot lead from {account} to itself.

    Name two different accounts.
    """

    account: str


@dataclass(eq=False)
class AccountUnknown(Refused):
    """There is no account {account} in the chart.

    Choose one of: {accounts}.
    """

    account: str
    accounts: str


@dataclass(eq=False)
class BetweenVendors(Refused):
    """Nothing is moved from one vendor's account to another's at once.

    Post two adjustments, by way of an account of the shop's.
    """
