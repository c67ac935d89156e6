"""The reasons payments say no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Invalid, Refused, Unauthenticated, Unavailable


@dataclass(eq=False)
class NothingPaid(Invalid):
    """A payment of {amount} is none.

    Send an amount above zero, in minor units of the currency.
    """

    amount: int


@dataclass(eq=False)
class NothingDue(Refused):
    """Nothing is owed on what this payment is for.

    Name an amount if money came in all the same; it is then kept as the customer's credit.
    """


@dataclass(eq=False)
class MethodUnknown(Invalid):
    """There is no payment method {method}.

    Choose one of: {methods}.
    """

    method: str
    methods: str


@dataclass(eq=False)
class CurrencyDiffers(Invalid):
    """The payment is in {currency}, order {number} in {wanted}.

    Take the payment in the currency of the order.
    """

    currency: str
    number: int
    wanted: str


@dataclass(eq=False)
class SharesExceedPayment(Invalid):
    """The orders are to get {shares} of a payment of {amount}.

    Name shares that add up to the payment at most.
    """

    shares: int
    amount: int


@dataclass(eq=False)
class ShareExceedsDue(Refused):
    """Order {number} owes {due:money} {currency}; it cannot be given {share:money}.

    Give the order what it owes at most; what is left of the payment stays the customer's credit.
    """

    number: int
    due: int
    share: int
    currency: str


@dataclass(eq=False)
class OrderTwice(Invalid):
    """The order {order_id} is named twice.

    Name every order once, with its whole share.
    """

    order_id: str


@dataclass(eq=False)
class CreditExceeded(Refused):
    """The payment has {left:money} {currency} left that no order was given;
    {wanted:money} was wanted.

    Use what is left at most.
    """

    left: int
    wanted: int
    currency: str


@dataclass(eq=False)
class MoreThanAuthorized(Refused):
    """Only {amount:money} {currency} was agreed on; {wanted:money} cannot be captured.

    Capture what was authorised at most, and ask for the rest by another payment.
    """

    amount: int
    wanted: int
    currency: str


@dataclass(eq=False)
class TakenByGateway(Conflict):
    """The payment is taken by {gateway}, which alone can {action} it.

    Ask the gateway to do it.
    """

    gateway: str
    action: str


@dataclass(eq=False)
class CreditAboveSale(Refused):
    """Of the {what} {left} is left to credit, in minor units; {wanted} was wanted.

    Credit what is left at most, and name each line once.
    """

    what: str
    left: int
    wanted: int


@dataclass(eq=False)
class RefundAboveCaptured(Refused):
    """Only {left:money} {currency} came in and has not gone back; {wanted:money}
    was to be refunded.

    Refund what is left at most.
    """

    left: int
    wanted: int
    currency: str


@dataclass(eq=False)
class NothingToRefund(Refused):
    """There is nothing to refund.

    Look at what was paid for the order and what has gone back already.
    """


@dataclass(eq=False)
class RefundUnclear(Invalid):
    """A refund names an order or a payment, and lines or an amount.

    Name the order, or the payment whose credit goes back; then lines, or an amount, or neither
    for all of it.
    """


@dataclass(eq=False)
class RefundedByTotal(Refused):
    """Order {number} was called off; it is refunded by amount, not by line.

    Leave the lines out.
    """

    number: int


@dataclass(eq=False)
class GatewayUnknown(Invalid):
    """There is no gateway {gateway}.

    Choose one of: {gateways}.
    """

    gateway: str
    gateways: str


@dataclass(eq=False)
class GatewayNotTaken(Refused):
    """The shop takes no payments by a gateway.

    Pay in one of the ways the shop offers.
    """


@dataclass(eq=False)
class GatewayDown(Unavailable):
    """The gateway {gateway} does not answer: {why}.

    The payment waits; it is asked again by itself. Look at the payment after {retry_after_s}
    seconds.
    """

    gateway: str
    why: str
    retry_after_s: int = 30


@dataclass(eq=False)
class BadSignature(Unauthenticated):
    """The call-back is not signed by {gateway}.

    Sign the raw body with the secret that the shop and the gateway share.
    """

    gateway: str


@dataclass(eq=False)
class BadCallback(Invalid):
    """The call-back cannot be read: {problem}.

    Send the documented form.
    """

    problem: str


@dataclass(eq=False)
class CallUnderWay(Conflict):
    """The gateway is still being asked to {action} this payment.

    Wait for its answer, then look at the payment again.
    """

    action: str


@dataclass(eq=False)
class NotToSettle(Refused):
    """The {what} {id} is not waiting for its money to arrive.

    Settle what was captured by cash on delivery, card terminal or gateway, once.
    """

    what: str
    id: str


@dataclass(eq=False)
class FeeAboveSettlement(Invalid):
    """A fee of {fee} cannot be taken from a settlement of {amount}.

    Send the fee that was taken from what these payments and refunds come to.
    """

    fee: int
    amount: int


@dataclass(eq=False)
class SettlementMixed(Invalid):
    """A settlement is of one payment method and one currency.

    Record one settlement for each.
    """


@dataclass(eq=False)
class NothingToSettle(Invalid):
    """A settlement names at least one payment or refund.

    Name those whose money has arrived.
    """


@dataclass(eq=False)
class RefundClosed(Refused):
    """The refund is {state}, and nothing that its gateway said speaks against it.

    Refund again what is to go back; only a pending or doubted refund is closed by hand.
    """

    state: str


class RefundOutcome(Invalid):
    """A refund is closed by hand as issued or as failed, and with a reason.

    Say which, and why.
    """
