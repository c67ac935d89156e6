"""The wishes ordering grants."""

from tradepost.ordering.commands.cart import (
    AddToCart,
    ChooseInCart,
    MergeCart,
    OpenCart,
    SetCartQuantity,
    add_to_carts,
    choose_in_carts,
    merge_cart,
    open_carts,
    set_cart_quantities,
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
    OpenCart: open_carts,
    AddToCart: add_to_carts,
    SetCartQuantity: set_cart_quantities,
    ChooseInCart: choose_in_carts,
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
