"""The books in the graph, for the accountant."""

from __future__ import annotations

from datetime import date

from tradepost.kernel.errors import BadValue
from tradepost.kernel.permissions import Permission
from tradepost.ledger.queries import trial_balance as balance_by_day
from tradepost.platform.web.graphql.asking import Asked, BigInt, reads, shape, shown

DAYS_MAX = 92


@shape("BalanceRow")
class BalanceRowShape:
    """What an account saw on a day, in minor units; over all accounts debits equal credits."""

    business_date: date
    account: str
    currency: str
    debits: BigInt
    credits: BigInt


@reads(Permission.LEDGER_READ, weight=20)
async def trial_balance(
    info: Asked, first_day: date, last_day: date
) -> list[BalanceRowShape] | None:
    """Debits and credits of every account by business day, of up to 92 days."""
    if not 0 <= (last_day - first_day).days < DAYS_MAX:
        raise BadValue("last_day", f"must be in the {DAYS_MAX} days that begin with first_day")
    found = await info.context.ask(balance_by_day, first_day, last_day)
    return [shown(BalanceRowShape, one) for one in found]


FIELDS = (trial_balance,)
