"""The wishes ordering grants."""

from tradepost.ordering.commands.cart import (
    AddToCart,
    ChooseInCart,
    MergeCart,
    OpenCart,
    SetCartQuantity,
    add_to_cart,
    choose_in_cart,
    merge_cart,
    open_cart,
    set_cart_quantity,
)
from tradepost.ordering.commands.change import ChangeOrder, change_order
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
    OpenCart: open_cart,
    AddToCart: add_to_cart,
    SetCartQuantity: set_cart_quantity,
    ChooseInCart: choose_in_cart,
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
    "ChangeOrder",
    "ChooseInCart",
    "CompleteOrder",
    "ExpectOrder",
    "ForgetBuyer",
    "MergeCart",
    "OpenCart",
    "PlaceOrder",
    "SetCartQuantity",
]
