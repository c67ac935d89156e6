"""Sign-ins that nobody uses any more: ended when their time is over, forgotten a month later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tradepost.identity.commands.ending import end_one
from tradepost.identity.ports import SignIns
from tradepost.kernel.messages import Command, Facts

KEPT = timedelta(days=30)
"""How long it is known from where and on what somebody was signed in."""
AT_ONCE_MAX = 200


@dataclass(frozen=True, slots=True)
class TidySignIns(Command):
    """End what has expired, forget what ended long ago: some of it, for the sweep to come again."""


async def tidy_sign_ins(wish: TidySignIns, sign_ins: SignIns, facts: Facts) -> int:
    """How many sign-ins were dealt with."""
    expired = await sign_ins.expired(wish.at, AT_ONCE_MAX)
    for sign_in in expired:
        await end_one(sign_in, "expired", sign_ins, facts, wish.at)
    return len(expired) + await sign_ins.forget_ended(wish.at - KEPT, AT_ONCE_MAX)


HANDLERS: dict[type, Any] = {TidySignIns: tidy_sign_ins}
