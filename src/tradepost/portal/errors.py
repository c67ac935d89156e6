"""Why the portal says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import (
    BadValue,
    Conflict,
    Forbidden,
    Invalid,
    TooMany,
    Unauthenticated,
    Unavailable,
)


@dataclass(eq=False)
class WrongSignIn(Unauthenticated):
    """Mail address and password do not fit together.

    Check both; after several tries wait a minute.
    """


@dataclass(eq=False)
class SignInOver(Unauthenticated):
    """Nobody is signed in, or no longer.

    Sign in.
    """


@dataclass(eq=False)
class TooManySignIns(TooMany):
    """Too many tries.

    Try again after {retry_after_s} seconds.
    """

    retry_after_s: int


@dataclass(eq=False)
class OperatorsOnly(Forbidden):
    """Only an operator of the portal may do this.

    Ask one of them.
    """


@dataclass(eq=False)
class FormForeign(Forbidden):
    """The form does not come from a page of this portal, or is too old.

    Open the page again and send it from there.
    """


@dataclass(eq=False)
class BadForm(Invalid):
    """The form cannot be read.

    Open the page again and fill it in there.
    """


@dataclass(eq=False)
class BadNewPassword(BadValue):
    """{field}: {problem}

    Choose a longer password that is hard to guess; several words do well.
    """


@dataclass(eq=False)
class PersonTaken(Conflict):
    """Somebody signs in with this mail address already.

    Choose another address.
    """


@dataclass(eq=False)
class NotOneself(Conflict):
    """Nobody can shut themselves out.

    Ask another operator.
    """


@dataclass(eq=False)
class TenantCodeTaken(Conflict):
    """The code {taken} belongs to another tenant.

    Choose a code that is still free.
    """

    taken: str


@dataclass(eq=False)
class NoLongerDraft(Conflict):
    """A tenant that is {state} cannot be edited here; only a draft can.

    While it is provisioning, take it back to draft first.
    """

    state: str


@dataclass(eq=False)
class StepOpen(Conflict):
    """The step {step} of this tenant is still on its way to the cell.

    Wait until it has been answered.
    """

    step: str


@dataclass(eq=False)
class UnknownCell(BadValue):
    """{field}: {problem}

    Choose one of the cells that the portal's settings name.
    """


@dataclass(eq=False)
class CellSilent(Unavailable):
    """The cell {cell} does not answer just now.

    Try again after {retry_after_s} seconds.
    """

    cell: str
    retry_after_s: int
