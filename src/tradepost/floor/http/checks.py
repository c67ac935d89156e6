"""Checks: a tab is split and paid."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, post
from msgspec import Meta

from tradepost.floor.commands.checks import (
    CancelCheck,
    PayCheck,
    PayTab,
    SplitAnswer,
    SplitTab,
)
from tradepost.floor.commands.till import PaidAnswer
from tradepost.floor.domain.bill import CHECKS_MAX, Split
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.errors import SplitTwoWays
from tradepost.floor.http.bodies import BasedBody
from tradepost.floor.http.tabs import TAB, TAGS, WRITE
from tradepost.kernel.ids import CheckId, RoundLineId, TabId
from tradepost.platform.web import Body, FromCaller, FromPath, JSONBody, door, versioned
from tradepost.platform.web.body import Line, Units

CHECK = f"{TAB}/checks/{{check_id:uuid}}"
Part = Annotated[int, Meta(ge=1, le=10**15)]
Tip = Annotated[int, Meta(ge=0, le=10**15)]


class ItemBody(Body, frozen=True):
    """Units of a line."""

    line_id: UUID
    quantity: Units = 1


class SplitBody(BasedBody, frozen=True, kw_only=True):
    """One way of splitting, or none for a check of all that is open.

    ``items`` make one check of units of lines; ``shares`` one check for each weight (1, 1, 1 for
    three equal parts); ``amounts`` one for each, together all that is open; ``amount`` a check of
    so much. Amounts are minor units.
    """

    items: Annotated[tuple[ItemBody, ...], Meta(max_length=1000)] = ()
    shares: Annotated[tuple[Units, ...], Meta(max_length=CHECKS_MAX)] = ()
    amounts: Annotated[tuple[Part, ...], Meta(max_length=CHECKS_MAX)] = ()
    amount: Part | None = None

    def split(self) -> Split:
        """The way it is split; :class:`SplitTwoWays` for more than one."""
        if sum(map(bool, (self.items, self.shares, self.amounts, self.amount))) > 1:
            raise SplitTwoWays
        items = tuple((RoundLineId(one.line_id), one.quantity) for one in self.items)
        return Split(items, self.shares, self.amounts, self.amount)


class PayTabBody(BasedBody, frozen=True, kw_only=True):
    """Money for a whole tab, in minor units; the tip comes on top.

    ``tendered`` is the cash handed over; the answer tells the change.
    """

    method: TenderMethod
    tip: Tip = 0
    tendered: Part | None = None
    reference: Line = ""


class PayBody(PayTabBody, frozen=True, kw_only=True):
    """Money for a check: an amount of it, in minor units, or all of it."""

    amount: Part | None = None


@post(f"{TAB}/checks", opt=door(WRITE, key=True), tags=TAGS)
async def split_tab(
    tab_id: FromPath[UUID], data: JSONBody[SplitBody], caller: FromCaller
) -> Response[SplitAnswer]:
    """Make checks of what stands on none yet: all of it, items, shares or amounts."""
    made: SplitAnswer = await caller.send(SplitTab(TabId(tab_id), data.split(), data.version))
    return versioned(made, made.tab.version, status=201)


@post(f"{CHECK}/cancel", opt=door(WRITE), tags=TAGS, status_code=200)
async def cancel_check(
    tab_id: FromPath[UUID],
    check_id: FromPath[UUID],
    data: JSONBody[BasedBody],
    caller: FromCaller,
) -> Response[SplitAnswer]:
    """Take a check back of which nothing was paid."""
    wish = CancelCheck(TabId(tab_id), CheckId(check_id), data.version)
    made: SplitAnswer = await caller.send(wish)
    return versioned(made, made.tab.version)


@post(f"{CHECK}/payments", opt=door(WRITE, key=True), tags=TAGS)
async def pay_check(
    tab_id: FromPath[UUID],
    check_id: FromPath[UUID],
    data: JSONBody[PayBody],
    caller: FromCaller,
) -> Response[PaidAnswer]:
    """Take money for a check; the tab closes when it owes nothing."""
    wish = PayCheck(
        TabId(tab_id),
        CheckId(check_id),
        data.method,
        data.amount,
        data.tip,
        data.tendered,
        data.reference,
        data.version,
    )
    taken: PaidAnswer = await caller.send(wish)
    place = f"/api/v1/payments/{taken.payment_id}"
    return versioned(taken, taken.tab.version, status=201, location=place)


@post(f"{TAB}/pay", opt=door(WRITE, key=True), tags=TAGS)
async def pay_tab(
    tab_id: FromPath[UUID], data: JSONBody[PayTabBody], caller: FromCaller
) -> Response[PaidAnswer]:
    """Take money for all that stands on no check, without splitting the tab."""
    how = data.method, data.tip, data.tendered, data.reference
    taken: PaidAnswer = await caller.send(PayTab(TabId(tab_id), *how, data.version))
    place = f"/api/v1/payments/{taken.payment_id}"
    return versioned(taken, taken.tab.version, status=201, location=place)


ROUTES = (split_tab, cancel_check, pay_check, pay_tab)
