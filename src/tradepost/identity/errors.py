"""Why identity says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import (
    BadValue,
    Conflict,
    Forbidden,
    Gone,
    Refused,
    TooMany,
    Unauthenticated,
)


@dataclass(eq=False)
class WrongCredentials(Unauthenticated):
    """Mail address and password do not fit together.

    Check both; after several tries wait a minute.
    """


@dataclass(eq=False)
class SignedOut(Unauthenticated):
    """This sign-in has ended.

    Sign in again.
    """


@dataclass(eq=False)
class InvitationOver(Gone):
    """This invitation was used, is over, or was never made.

    Ask the portal for a fresh one; who has a password already signs in with it.
    """


@dataclass(eq=False)
class TooManyTries(TooMany):
    """Too many tries.

    Try again after {retry_after_s} seconds.
    """

    retry_after_s: int


@dataclass(eq=False)
class BadPassword(BadValue):
    """{field}: {problem}

    Choose a longer password that is hard to guess; several words do well.
    """


@dataclass(eq=False)
class BadPin(BadValue):
    """{field}: {problem}

    Choose digits that your colleagues cannot guess.
    """


@dataclass(eq=False)
class WrongPin(Forbidden):
    """That is not the PIN of this member of the staff.

    Try again, or sign in with mail address and password.
    """


@dataclass(eq=False)
class PinLocked(Forbidden):
    """There were too many wrong tries at this PIN.

    Sign in with mail address and password, and choose another.
    """


@dataclass(eq=False)
class EmailTaken(Conflict):
    """Somebody signs in with this mail address already.

    Sign in, or choose another address.
    """


@dataclass(eq=False)
class PhoneTaken(Conflict):
    """Somebody signs in with this telephone number already.

    Choose another number.
    """


@dataclass(eq=False)
class SignUpClosed(Refused):
    """This shop does not let shoppers sign up.

    Order as a guest, or ask the shop.
    """


@dataclass(eq=False)
class GrantsTooMuch(Forbidden):
    """Nobody can give or take what they may not do themselves: {permission}.

    Ask somebody who holds the permission.
    """

    permission: str


@dataclass(eq=False)
class NotOnYourself(Forbidden):
    """Nobody changes their own roles or status.

    Ask a colleague who may.
    """


@dataclass(eq=False)
class RoleCodeTaken(Conflict):
    """Another role has the code {taken}.

    Choose a code that is still free.
    """

    taken: str


@dataclass(eq=False)
class BuiltIn(Refused):
    """The role {role} is the product's own and cannot be changed.

    Make a role of your own with the permissions you want.
    """

    role: str


@dataclass(eq=False)
class BadPermission(BadValue):
    """{field}: {problem}

    Choose from the list of permissions.
    """
