"""The wishes payments grant."""

from tradepost.payments.commands.asking import AskGateway, StartPayment, ask_gateway, start_payment
from tradepost.payments.commands.erase import (
    ForgetPayer,
    ForgetPayerOf,
    forget_payer,
    forget_payer_of,
)
from tradepost.payments.commands.hearing import (
    CloseRefund,
    ReceiveCallback,
    RecordAnswer,
    close_refund,
    receive_callback,
    record_answer,
)
from tradepost.payments.commands.record import RecordPayment, record_payments
from tradepost.payments.commands.refund import (
    ConcedeDue,
    RefundLine,
    RefundPayment,
    concede_due,
    refund_payments,
)
from tradepost.payments.commands.settle import SettlePayments, settle_payments
from tradepost.payments.commands.steps import (
    AllocatePayment,
    AuthorizePayment,
    CapturePayment,
    FailPayment,
    OpenPayment,
    VoidPayment,
    allocate_payment,
    authorize_payment,
    capture_payment,
    fail_payment,
    open_payment,
    void_payment,
)

HANDLERS = {
    ForgetPayer: forget_payer,
    ForgetPayerOf: forget_payer_of,
    RecordPayment: record_payments,
    ConcedeDue: concede_due,
    RefundPayment: refund_payments,
    OpenPayment: open_payment,
    AuthorizePayment: authorize_payment,
    CapturePayment: capture_payment,
    VoidPayment: void_payment,
    FailPayment: fail_payment,
    AllocatePayment: allocate_payment,
    SettlePayments: settle_payments,
    StartPayment: start_payment,
    AskGateway: ask_gateway,
    RecordAnswer: record_answer,
    ReceiveCallback: receive_callback,
    CloseRefund: close_refund,
}

__all__ = [
    "HANDLERS",
    "AllocatePayment",
    "AskGateway",
    "AuthorizePayment",
    "CapturePayment",
    "CloseRefund",
    "ConcedeDue",
    "FailPayment",
    "ForgetPayer",
    "ForgetPayerOf",
    "OpenPayment",
    "ReceiveCallback",
    "RecordAnswer",
    "RecordPayment",
    "RefundLine",
    "RefundPayment",
    "SettlePayments",
    "StartPayment",
    "VoidPayment",
]
