"""Staff: the people who work in a shop, or for the platform itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.contact import Email
from tradepost.kernel.ids import StaffId, VendorId
from tradepost.kernel.text import one_line

NO_PASSWORD: Final = "!"  # noqa: S105  none at all
"""Stands where the hash of a password will be; nothing that can be typed fits it."""


class StaffStatus(StrEnum):
    """Whether somebody still works here."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of the staff; ``roles`` are codes, ``token_epoch`` as of accounts.

    Who works for a vendor was taken on for that one, and sees no other's.
    """

    id: StaffId
    email: str
    email_key: str
    name: str
    password_hash: str
    roles: tuple[str, ...]
    status: StaffStatus
    token_epoch: int
    created_at: datetime
    version: int
    vendor_id: VendorId | None = None

    @classmethod
    def hired(
        cls,
        id: StaffId,
        email: Email,
        name: str,
        password_hash: str,
        roles: Sequence[str],
        at: datetime,
        vendor_id: VendorId | None = None,
    ) -> Staff:
        """A new member of the staff."""
        return cls(
            id,
            email.value,
            email.key,
            one_line(name, "name"),
            password_hash,
            tuple(sorted(set(roles))),
            StaffStatus.ACTIVE,
            0,
            at,
            1,
            vendor_id,
        )

    @property
    def login(self) -> str:
        """What they are known by."""
        return self.email_key

    def revoked(self) -> Staff:
        """With every sign-in thrown out."""
        return replace(self, token_epoch=self.token_epoch + 1)

    def with_password(self, password_hash: str) -> Staff:
        """Under a new password; whoever knew the old one is out."""
        return replace(self.revoked(), password_hash=password_hash)

    def changed(self, name: str, roles: Sequence[str], status: StaffStatus) -> Staff:
        """Under another name, in other roles, or no longer working here."""
        return replace(
            self.revoked(),
            name=one_line(name, "name"),
            roles=tuple(sorted(set(roles))),
            status=status,
        )
