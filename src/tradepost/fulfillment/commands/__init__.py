"""The wishes fulfillment grants."""

from tradepost.fulfillment.commands.deliver import (
    DeliverDigital,
    RevokeGivenBack,
    deliver_digital,
    revoke_given_back,
)
from tradepost.fulfillment.commands.digital import (
    PutDigitalFile,
    SetFileTerms,
    put_digital_file,
    set_file_terms,
)
from tradepost.fulfillment.commands.downloads import (
    BeginDownload,
    ExtendDownload,
    MoveDownload,
    begin_download,
    extend_download,
    move_download,
)
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
    PutDigitalFile: put_digital_file,
    SetFileTerms: set_file_terms,
    DeliverDigital: deliver_digital,
    RevokeGivenBack: revoke_given_back,
    BeginDownload: begin_download,
    ExtendDownload: extend_download,
    MoveDownload: move_download,
}

__all__ = [
    "HANDLERS",
    "BeginDownload",
    "DeliverDigital",
    "DeliverShipment",
    "ExtendDownload",
    "ForgetReceiver",
    "MoveDownload",
    "MoveReturn",
    "PutDigitalFile",
    "RequestReturn",
    "RevokeGivenBack",
    "SetFileTerms",
    "ShipOrder",
    "TakeBack",
]
