"""Why tenancy says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import BadValue, Conflict, Forbidden, Gone, Invalid


@dataclass(eq=False)
class BadSetting(BadValue):
    """{field}: {problem}

    Send a value within the bounds that the list of settings names.
    """


@dataclass(eq=False)
class UnknownSetting(Invalid):
    """There is no setting {field}.

    Look the names up in the list of settings.
    """

    field: str


@dataclass(eq=False)
class CodeTaken(Conflict):
    """The code {taken} belongs to another {what}.

    Choose a code that is still free.
    """

    what: str
    taken: str


@dataclass(eq=False)
class HostTaken(Conflict):
    """The host {host} belongs to a shop already.

    Remove it there first, or choose another host.
    """

    host: str


@dataclass(eq=False)
class ShopSuspended(Forbidden):
    """The shop {shop} is suspended.

    Its owner can ask the operator of the portal to reactivate it.
    """

    shop: str


@dataclass(eq=False)
class ShopArchived(Gone):
    """The shop {shop} has closed.

    Its records can still be exported or erased by its staff.
    """

    shop: str


@dataclass(eq=False)
class StepDiffers(Conflict):
    """Step {step} of this tenant was taken before and said something else; nothing was changed.

    Send the very same request again, or another step with the next number.
    """

    step: int


@dataclass(eq=False)
class StepPassed(Conflict):
    """Step {step} comes too late: step {last} of this tenant has been taken; nothing was changed.

    Look at the tenant's state; what is still wanted gets a higher number.
    """

    step: int
    last: int


@dataclass(eq=False)
class ProvisionedOtherwise(Conflict):
    """The tenant is here already, {state}, as {shop}, and was provisioned with other data.

    Withdraw it while it is provisioning, or register another tenant.
    """

    shop: str
    state: str
