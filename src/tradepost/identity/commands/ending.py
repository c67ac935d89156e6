"""Throwing sign-ins out, one or all of somebody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tradepost.events.identity import SignInEnded
from tradepost.identity.domain import SignIn, SubjectKind
from tradepost.identity.ports import SignIns
from tradepost.kernel.messages import Facts


async def end_one(
    sign_in: SignIn, because: str, sign_ins: SignIns, facts: Facts, at: datetime
) -> None:
    """End one sign-in and tell it."""
    version = await sign_ins.end(sign_in.ended(because, at))
    facts.tell(SignInEnded(sign_in.id, sign_in.kind, sign_in.subject_id, because), version, at)


async def end_all(
    kind: SubjectKind, subject_id: UUID, because: str, sign_ins: SignIns, facts: Facts, at: datetime
) -> None:
    """End every sign-in of somebody and tell each."""
    for sign_in in await sign_ins.living(kind, subject_id):
        await end_one(sign_in, because, sign_ins, facts, at)
