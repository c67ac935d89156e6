"""The account with which a courier signs in: by mail address or telephone number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.identity.domain.account import AccountStatus
from tradepost.kernel.contact import Email, Phone
from tradepost.kernel.ids import CourierId


@dataclass(frozen=True, slots=True)
class CourierAccount:
    """A courier's sign-in; its identifier is the courier's own, ``token_epoch`` as of accounts.

    At least one of mail address and telephone number is there; either is nobody else's.
    """

    id: CourierId
    email: str | None
    email_key: str | None
    phone: str | None
    password_hash: str
    status: AccountStatus
    token_epoch: int
    created_at: datetime
    version: int

    @classmethod
    def opened(
        cls,
        courier_id: CourierId,
        email: Email | None,
        phone: Phone | None,
        password_hash: str,
        at: datetime,
    ) -> CourierAccount:
        """A new account."""
        return cls(
            courier_id,
            email.value if email else None,
            email.key if email else None,
            phone.value if phone else None,
            password_hash,
            AccountStatus.ACTIVE,
            0,
            at,
            1,
        )

    @property
    def login(self) -> str:
        """What it is known by."""
        return self.email_key or self.phone or ""

    def revoked(self) -> CourierAccount:
        """With every sign-in thrown out."""
        return replace(self, token_epoch=self.token_epoch + 1)

    def with_password(self, password_hash: str) -> CourierAccount:
        """Under a new password or PIN; whoever knew the old one is out."""
        return replace(self.revoked(), password_hash=password_hash)

    def barred(self, barred: bool) -> CourierAccount:
        """Shut or open again."""
        status = AccountStatus.BLOCKED if barred else AccountStatus.ACTIVE
        return replace(self.revoked(), status=status)
