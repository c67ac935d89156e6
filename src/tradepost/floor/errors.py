"""The reasons the floor says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import BadValue, Conflict, Invalid, Refused


@dataclass(eq=False)
class TableTaken(Conflict):
    """Table {table} has an open tab already: {tab_id}.

    Add to that tab, merge into it, or take another table.
    """

    table: str
    tab_id: str


@dataclass(eq=False)
class TabNotOpen(Conflict):
    """Tab {number} is {state} and takes no more changes.

    Open a new tab.
    """

    number: int
    state: str


@dataclass(eq=False)
class NameMissing(BadValue):
    """{field}: {problem}

    Name a table, or give the tab a name.
    """


@dataclass(eq=False)
class OtherUnit(Refused):
    """That is in another unit than the tab.

    Tabs move and merge inside one unit, whose stock they were served from.
    """


@dataclass(eq=False)
class MergedWithItself(Refused):
    """A tab cannot be merged into itself.

    Name two tabs.
    """


@dataclass(eq=False)
class NothingOrdered(Invalid):
    """A round needs at least one line.

    Name what the guests want.
    """


@dataclass(eq=False)
class NotOnTheMenu(Refused):
    """There is no article {article}.

    Look the article up again.
    """

    article: str


@dataclass(eq=False)
class SoldOutHere(Refused):
    """{sku} is sold out here, {until}.

    Offer something else, or have the kitchen lift the mark.
    """

    sku: str
    until: str


@dataclass(eq=False)
class LineTooSmall(Refused):
    """Line {line_id} has {open} units that are on no check; {wanted} were named.

    Name that many or fewer.
    """

    line_id: str
    open: int
    wanted: int


@dataclass(eq=False)
class AboveDue(Refused):
    """{wanted:money} {currency} is above the {due:money} {currency} that is open here.

    Look at the tab again and name no more than that.
    """

    wanted: int
    due: int
    currency: str


@dataclass(eq=False)
class SharesDiffer(Refused):
    """The amounts come to {wanted:money} {currency}, but {due:money} {currency} is open.

    Amounts that share a tab have to add up to what is open of it.
    """

    wanted: int
    due: int
    currency: str


@dataclass(eq=False)
class NothingOpen(Refused):
    """Nothing of tab {number} is open for another check.

    Pay the checks there are, or cancel one.
    """

    number: int


@dataclass(eq=False)
class CheckClosed(Conflict):
    """Check {number} is {state} and takes no payment.

    Look at the tab for a check that is open.
    """

    number: int
    state: str


@dataclass(eq=False)
class CheckHasMoney(Refused):
    """Check {number} has been paid in part and cannot be cancelled.

    Take the rest of it, or refund what was paid first.
    """

    number: int


@dataclass(eq=False)
class TooLittleHanded(Refused):
    """{tendered:money} {currency} does not cover {wanted:money} {currency} with the tip.

    Take more, or a smaller amount.
    """

    tendered: int
    wanted: int
    currency: str


@dataclass(eq=False)
class PaidAlready(Refused):
    """What is left would be less than what was paid or stands on a check.

    Cancel the check, or refund what was paid.
    """


@dataclass(eq=False)
class StillOwing(Refused):
    """Tab {number} owes {due:money} {currency}.

    Take the payment first, or void what nobody pays.
    """

    number: int
    due: int
    currency: str


@dataclass(eq=False)
class StillDrafted(Refused):
    """Tab {number} has a round that was not sent.

    Send the round or drop it.
    """

    number: int
    round_id: str


@dataclass(eq=False)
class ServiceArticleMissing(BadValue):
    """{field}: {problem}

    Make an article of the type service in the catalogue, and name its SKU.
    """


@dataclass(eq=False)
class NameTaken(Conflict):
    """There is another {what} {name} here.

    Choose another name.
    """

    what: str
    name: str


@dataclass(eq=False)
class SplitTwoWays(Invalid):
    """A tab is split one way at a time.

    Name items, shares, amounts or an amount; or nothing for all that is open.
    """


@dataclass(eq=False)
class NamedTwice(Invalid):
    """A line names its article by its SKU or by its variant.

    Name it one way.
    """
