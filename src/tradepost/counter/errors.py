"""The reasons the counter says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Invalid, NotFound, Refused, TooLarge


@dataclass(eq=False)
class CodeTaken(Conflict):
    """Another register has the code {taken}.

    Choose a code that is still free.
    """

    taken: str


@dataclass(eq=False)
class RegisterClosed(Refused):
    """The register {register} is not in use.

    Use another register, or have this one put back to use.
    """

    register: str


@dataclass(eq=False)
class ShiftOpenStill(Conflict):
    """The register {register} has an open shift already.

    Close that shift first.
    """

    register: str


@dataclass(eq=False)
class NoShift(Refused):
    """The register {register} has no open shift.

    Open a shift with the float that lies in the drawer.
    """

    register: str


@dataclass(eq=False)
class ShiftOfAnother(Refused):
    """The shift {shift_id} is not the one that is open at register {register}.

    Name the open shift of this register, or none.
    """

    shift_id: str
    register: str


@dataclass(eq=False)
class ShiftNotOpen(Conflict):
    """The shift of register {register} is being counted.

    Close it and open the next shift.
    """

    register: str


@dataclass(eq=False)
class BarcodeUnknown(NotFound):
    """No article has the barcode {barcode}.

    Scan it again, or look the article up by its name or SKU.
    """

    barcode: str


@dataclass(eq=False)
class LineUnnamed(Invalid):
    """A line names its article by exactly one of variant_id, sku and barcode.

    Send one of them.
    """


@dataclass(eq=False)
class TooLittleTendered(Refused):
    """The sale comes to {total:money} {currency}, and {tendered:money} were given.

    Take the rest, or park the sale.
    """

    total: int
    tendered: int
    currency: str


@dataclass(eq=False)
class TooMuchTendered(Refused):
    """Only {total:money} {currency} are due, and {tendered:money} were given without cash.

    Change can be given on cash only: take the amount that is due.
    """

    total: int
    tendered: int
    currency: str


@dataclass(eq=False)
class NothingTendered(Invalid):
    """A tender is above zero; this one is {amount}.

    Leave it out.
    """

    amount: int


@dataclass(eq=False)
class TenderUnknown(Refused):
    """A till does not take {method}.

    Take one of: {methods}.
    """

    method: str
    methods: str


@dataclass(eq=False)
class SaleTaken(Conflict):
    """The sale {sale_id} is kept already, with other contents.

    A sale keeps the identifier that its till gave it; give another sale another one.
    """

    sale_id: str


@dataclass(eq=False)
class ReceiptOfAnother(Refused):
    """The receipt is of register {register}.

    Go on at that register, or take the goods back by a return.
    """

    register: str


@dataclass(eq=False)
class TooLateToVoid(Refused):
    """The shift in which receipt {number} was given has ended.

    Take the goods back by a return.
    """

    number: int


@dataclass(eq=False)
class PartlyReturned(Refused):
    """Of what receipt {number} was given for, something has come back already.

    Take back what is left by a return.
    """

    number: int


@dataclass(eq=False)
class NotInDrawer(Refused):
    """The drawer holds {there:money} {currency}; {wanted:money} cannot be taken out.

    Count the drawer, or pay a smaller amount.
    """

    there: int
    wanted: int
    currency: str


@dataclass(eq=False)
class NothingMoved(Invalid):
    """{kind} needs an amount above zero, and a no-sale none at all.

    Send the amount in minor units.
    """

    kind: str


@dataclass(eq=False)
class ShiftOfSomebodyElse(Refused):
    """The shift was opened by somebody else.

    Ask them, or somebody who may work on other people's shifts.
    """


@dataclass(eq=False)
class ChargeUnfit(Refused):
    """The card charge {charge_id} is {state} and cannot pay {amount:money} {currency} of this sale.

    Ask the terminal again, or take another tender.
    """

    charge_id: str
    state: str
    amount: int
    currency: str


@dataclass(eq=False)
class ChargeTaken(Conflict):
    """The card charge {charge_id} was asked for with another amount or sale.

    Give another charge another identifier.
    """

    charge_id: str


@dataclass(eq=False)
class TooManyFavourites(TooLarge):
    """A register has {most} favourites at most; {named} were named.

    Leave some out.
    """

    named: int
    most: int


@dataclass(eq=False)
class NothingToReview(Conflict):
    """The sale {sale_id} waits for nobody.

    It has been looked at already.
    """

    sale_id: str
