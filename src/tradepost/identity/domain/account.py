"""The account with which a customer signs in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.contact import Email
from tradepost.kernel.ids import CustomerId


class AccountStatus(StrEnum):
    """Whether the account opens anything."""

    ACTIVE = "active"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's sign-in; its identifier is the customer's own.

    ``token_epoch`` counts how often everything that was signed in before has been thrown out.
    """

    id: CustomerId
    email: str
    email_key: str
    password_hash: str
    status: AccountStatus
    token_epoch: int
    created_at: datetime
    version: int

    @classmethod
    def opened(
        cls, customer_id: CustomerId, email: Email, password_hash: str, at: datetime
    ) -> Account:
        """A new account."""
        return cls(
            customer_id, email.value, email.key, password_hash, AccountStatus.ACTIVE, 0, at, 1
        )

    @property
    def login(self) -> str:
        """What it is known by."""
        return self.email_key

    def revoked(self) -> Account:
        """The account with every sign-in thrown out."""
        return replace(self, token_epoch=self.token_epoch + 1)

    def with_password(self, password_hash: str) -> Account:
        """The account under a new password; whoever knew the old one is out."""
        return replace(self.revoked(), password_hash=password_hash)

    def with_email(self, email: Email) -> Account:
        """The account under another mail address."""
        return replace(self.revoked(), email=email.value, email_key=email.key)

    def barred(self, blocked: bool) -> Account:
        """The account shut or open again."""
        status = AccountStatus.BLOCKED if blocked else AccountStatus.ACTIVE
        return replace(self.revoked(), status=status)
