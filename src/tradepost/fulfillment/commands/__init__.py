"""The wishes fulfillment grants."""

from tradepost.fulfillment.commands.erase import ForgetReceiver, forget_receiver
from tradepost.fulfillment.commands.ship import (
    DeliverShipment,
    ShipOrder,
    deliver_shipment,
    ship_orders,
)
from tradepost.fulfillment.commands.take_back import (
    MoveReturn,
    RequestReturn,
    TakeBack,
    move_return,
    request_return,
    take_back,
)

HANDLERS = {
    ShipOrder: ship_orders,
    DeliverShipment: deliver_shipment,
    ForgetReceiver: forget_receiver,
    TakeBack: take_back,
    RequestReturn: request_return,
    MoveReturn: move_return,
}

__all__ = [
    "HANDLERS",
    "DeliverShipment",
    "ForgetReceiver",
    "MoveReturn",
    "RequestReturn",
    "ShipOrder",
    "TakeBack",
]
