"""The reasons ordering says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import (
    BadValue,
    Conflict,
    Invalid,
    Refused,
    TooLarge,
    Unauthenticated,
)


@dataclass(eq=False)
class NothingWanted(Invalid):
    """An order needs at least one line.

    Add an article to the cart or name lines in the request.
    """


@dataclass(eq=False)
class TooManyLines(TooLarge):
    """An order may have {lines_max} lines at most; this one has {lines}.

    Split it into several orders, or ask the shop to raise lines_per_order_max.
    """

    lines: int
    lines_max: int


@dataclass(eq=False)
class TooMuchOfOne(TooLarge):
    """At most {quantity_max} of one article can be ordered at once; {wanted} of {sku} were wanted.

    Order fewer, or ask the shop to raise quantity_per_line_max.
    """

    sku: str
    wanted: int
    quantity_max: int


@dataclass(eq=False)
class BadQuantity(Invalid):
    """The quantity {quantity} of {sku} is not a positive multiple of {step}.

    Send whole numbers of the article's smallest unit.
    """

    sku: str
    quantity: int
    step: int


@dataclass(eq=False)
class NotOnSale(Refused):
    """The article {article} is not on sale here.

    Look the article up again; it may have been withdrawn.
    """

    article: str


@dataclass(eq=False)
class PriceChanged(Conflict):
    """The total is now {total:money} {currency}, not {expected:money} as expected.

    Show the new total to the shopper and send it as expected_total if they agree.
    """

    expected: int
    total: int
    currency: str


@dataclass(eq=False)
class PaymentMethodUnknown(Refused):
    """The shop does not take {method}.

    Choose one of: {methods}.
    """

    method: str
    methods: str


@dataclass(eq=False)
class AddressMissing(Refused):
    """Goods can only be shipped to an address.

    Set the delivery address of the cart, or send one with the order.
    """


@dataclass(eq=False)
class SoldOut(Refused):
    """Not enough of {sku} is left: {wanted} wanted, {available} available.

    Order fewer or try again later: held goods come back when their holds end.
    """

    sku: str
    wanted: int
    available: int


@dataclass(eq=False)
class BadDiscount(Refused):
    """A discount of {discount:money} cannot be taken off what comes to {amount:money} {currency}.

    Take off nothing below zero, and no more than there is.
    """

    discount: int
    amount: int
    currency: str


@dataclass(eq=False)
class NotSoldThere(Refused):
    """The shop has no open location {location_id} to sell from.

    Name an open location of the shop, or none.
    """

    location_id: str


@dataclass(eq=False)
class CartClosed(Conflict):
    """The cart {cart_id} is {state} and takes no more changes.

    Start a new cart; an ordered cart's order can be looked up by its number.
    """

    cart_id: str
    state: str


@dataclass(eq=False)
class CartFull(TooLarge):
    """A cart may have {lines_max} lines at most.

    Take something out first, or order in two carts.
    """

    lines_max: int


@dataclass(eq=False)
class NotPaid(Refused):
    """Order {number} still owes {due:money} {currency}.

    Record the payment first.
    """

    number: int
    due: int
    currency: str


@dataclass(eq=False)
class NotShipped(Refused):
    """Order {number} still has {units} units to ship.

    Ship or cancel them first.
    """

    number: int
    units: int


@dataclass(eq=False)
class AlreadyShipped(Refused):
    """Order {number} has left in part or whole and can no longer be changed.

    Take goods back by a return instead.
    """

    number: int


@dataclass(eq=False)
class NoSuchStage(Refused):
    """Order {number} cannot be {stage}; orders of its kind can be {stages}.

    Take the steps that its kind of order has.
    """

    number: int
    stage: str
    stages: str


@dataclass(eq=False)
class MoreThanOpen(Refused):
    """Only {open} units of line {line_id} are still wanted; {units} were to be called off.

    Call off the open units or fewer.
    """

    line_id: str
    open: int
    units: int


@dataclass(eq=False)
class AboveAgreed(Refused):
    """The order would come to {above:money} {currency} more than was agreed.

    Take something off it.
    """

    above: int
    currency: str


@dataclass(eq=False)
class StatusUnreachable(Refused):
    """No step leads an order from {now} to {wanted}.

    Ask for one of: {possible}.
    """

    now: str
    wanted: str
    possible: str


@dataclass(eq=False)
class ChangeNotOpen(Conflict):
    """The order change is {state} and cannot be {action}.

    Preview a new change on the current version of the order.
    """

    state: str
    action: str


@dataclass(eq=False)
class GuestsNotServed(Unauthenticated):
    """This shop takes orders of customers only.

    Sign in, or sign up, and order then; a guest's cart can be merged into the customer's.
    """


@dataclass(eq=False)
class OrderTooSmall(Refused):
    """An order has to be worth {least:money} {currency} at least; this one is worth
    {subtotal:money}.

    Add something to it.
    """

    subtotal: int
    least: int
    currency: str


@dataclass(eq=False)
class TrackingRefused(Unauthenticated):
    """No token that opens this order's tracking was shown, or its time is over.

    Ask for one at /api/v1/orders/{{id}}/tracking, and show it as the second subprotocol or as the
    first message.
    """


@dataclass(eq=False)
class TrackingTalk(Invalid):
    """Whoever follows an order has nothing to say after the token.

    Open it again, and only listen.
    """


@dataclass(eq=False)
class BadSince(BadValue):
    """{field}: {problem}

    Send the seq of the last message you got; or nothing, to begin with the order as it is.
    """
