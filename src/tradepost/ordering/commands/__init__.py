"""The wishes ordering grants."""

from tradepost.ordering.commands.cart import (
    AddToCart,
    ChooseInCart,
    FillCart,
    MergeCart,
    OpenCart,
    SetCartQuantity,
    merge_cart,
    open_carts,
)
from tradepost.ordering.commands.change import ChangeOrder, change_order
from tradepost.ordering.commands.changing import ChangeCart, change_carts
from tradepost.ordering.commands.erase import ForgetBuyer, forget_buyer
from tradepost.ordering.commands.place import PlaceOrder, place_orders
from tradepost.ordering.commands.progress import (
    CancelOrder,
    CompleteOrder,
    ExpectOrder,
    cancel_order,
    complete_orders,
    expect_order,
)

HANDLERS = {
    OpenCart: open_carts,
    AddToCart: change_carts,
    FillCart: change_carts,
    SetCartQuantity: change_carts,
    ChooseInCart: change_carts,
    MergeCart: merge_cart,
    PlaceOrder: place_orders,
    CompleteOrder: complete_orders,
    CancelOrder: cancel_order,
    ChangeOrder: change_order,
    ForgetBuyer: forget_buyer,
    ExpectOrder: expect_order,
}

__all__ = [
    "HANDLERS",
    "AddToCart",
    "CancelOrder",
    "ChangeCart",
    "ChangeOrder",
    "ChooseInCart",
    "CompleteOrder",
    "ExpectOrder",
    "FillCart",
    "ForgetBuyer",
    "MergeCart",
    "OpenCart",
    "PlaceOrder",
    "SetCartQuantity",
]
