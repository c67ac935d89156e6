"""Why customers says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import BadValue, Conflict, Refused, TooLarge


@dataclass(eq=False)
class ExternalCodeTaken(Conflict):
    """Another customer has the external code {external_code}.

    Change that customer, or merge the two.
    """

    external_code: str


@dataclass(eq=False)
class GroupCodeTaken(Conflict):
    """Another group has the code {taken}.

    Choose a code that is still free.
    """

    taken: str


@dataclass(eq=False)
class SameCustomer(Refused):
    """A customer cannot be merged with itself.

    Name two different customers.
    """


@dataclass(eq=False)
class TooManyAddresses(TooLarge):
    """A customer keeps at most {most} addresses.

    Remove one that is no longer needed.
    """

    most: int


@dataclass(eq=False)
class BadConsent(BadValue):
    """{field}: {problem}

    Send a short word for the purpose, such as newsletter.
    """
