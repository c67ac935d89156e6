"""Binds customers: its repositories, and the accounts that identity keeps for them."""

from __future__ import annotations

from datetime import datetime

from tradepost.customers import commands, ports
from tradepost.customers.storage import SqlAddresses, SqlCustomers, SqlGroups
from tradepost.identity.commands import bar_account, close_account, move_account
from tradepost.identity.storage import SqlAccounts, SqlSignIns
from tradepost.kernel.ids import CustomerId
from tradepost.platform.bus import Bound


class AccountsOfCustomers:
    """Answers customers' ``SignIns`` port by identity's own rules, in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._given = SqlAccounts(bound.work), SqlSignIns(bound.work), bound.facts

    async def bar(self, customer_id: CustomerId, blocked: bool, at: datetime) -> None:
        await bar_account(customer_id, blocked, *self._given, at)

    async def close(self, customer_id: CustomerId, at: datetime) -> None:
        await close_account(customer_id, *self._given, at)

    async def hand_over(self, from_id: CustomerId, into_id: CustomerId, at: datetime) -> None:
        await move_account(from_id, into_id, *self._given, at)


HANDLERS = commands.HANDLERS
BINDINGS = {
    ports.Customers: lambda bound: SqlCustomers(bound.work),
    ports.Groups: lambda bound: SqlGroups(bound.work),
    ports.Addresses: lambda bound: SqlAddresses(bound.work),
    ports.SignIns: AccountsOfCustomers,
}
