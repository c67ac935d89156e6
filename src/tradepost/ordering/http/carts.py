"""The shopper's cart. A guest shows its token in X-Cart-Token, a customer is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.params import HeaderParameter
from msgspec import Meta

from tradepost.kernel.ids import CartId, CartLineId, CustomerId
from tradepost.ordering.commands import (
    AddToCart,
    ChangeCart,
    ChooseInCart,
    FillCart,
    MergeCart,
    OpenCart,
    SetCartQuantity,
)
from tradepost.ordering.commands.changing import CartAnswer
from tradepost.ordering.http.bodies import ChoicesBody, LineBody, address_of, article, email_of
from tradepost.ordering.http.passes import (
    CART_HEADER,
    cart_token,
    check_cart,
    customer_of,
    opened_cart,
)
from tradepost.ordering.queries import CartView, cart_page, open_cart_page
from tradepost.platform.web import (
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    Body,
    Caller,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)
from tradepost.platform.web.body import Count

TAGS = ["Cart"]
PATH = "/api/v1/carts"
ONE = f"{PATH}/{{cart_id:uuid}}"
LINES_MAX = 200
"""Lines that one request may bring; how many a cart may hold is the shop's to say."""
CartToken = Annotated[
    str | None,
    HeaderParameter(name=CART_HEADER, max_length=200, description="A guest's token of the cart."),
]


@dataclass(frozen=True, slots=True)
class OpenedCart:
    """A fresh cart; a guest keeps ``token`` to be let at it again."""

    id: CartId
    token: str
    version: int


class LinesBody(Body, frozen=True):
    """Articles to put in together."""

    lines: Annotated[list[LineBody], Meta(min_length=1, max_length=LINES_MAX)]


class QuantityBody(Body, frozen=True):
    """How many smallest units of the line are wanted; 0 takes it out."""

    quantity: Annotated[int, Meta(ge=0, le=10**12)]
    version: Count | None = None


class CartChoicesBody(ChoicesBody, frozen=True):
    """How the cart's goods travel and are paid for; version 0 is a fresh cart's."""

    version: Count | None = None


@post(PATH, opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def open_cart(caller: FromCaller) -> Response[OpenedCart]:
    """Open a cart. A guest's is kept as soon as something happens to it."""
    owner = customer_of(caller)
    if owner is None and caller.key is None:
        answer = CartAnswer(CartId(caller.new_id()), 0)
    else:
        answer = await caller.send(OpenCart(owner))
    view = OpenedCart(answer.cart_id, cart_token(caller, answer.cart_id), answer.version)
    return versioned(view, view.version, status=201, location=f"{PATH}/{view.id}")


@get(f"{PATH}/mine", opt=door(CUSTOMER), tags=TAGS)
async def read_own_cart(caller: FromCaller) -> Response[CartView]:
    """The customer's open cart, wherever it was filled."""
    assert caller.customer_id is not None
    view = await caller.ask(open_cart_page, CustomerId(caller.customer_id))
    return versioned(view, view.version)


@get(ONE, opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def read_cart(
    cart_id: FromPath[UUID], caller: FromCaller, cart_token: CartToken = None
) -> Response[CartView]:
    """A cart with its totals, and what would keep it from being ordered."""
    return await _shown(caller, CartId(cart_id), cart_token)


@post(f"{ONE}/lines", opt=door(GUEST_OR_CUSTOMER), tags=TAGS, status_code=200)
async def add_line(
    cart_id: FromPath[UUID],
    data: JSONBody[LineBody],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[CartView]:
    """Put an article in; a line of the same article grows."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    variant_id, sku = article(data.variant_id, data.sku)
    wish = AddToCart(
        cart, data.quantity, variant_id, sku, data.parsed().substitution, customer_id=owner
    )
    return await _page(caller, wish, cart_token)


@post(f"{ONE}/lines/batch", opt=door(GUEST_OR_CUSTOMER), tags=TAGS, status_code=200)
async def add_lines(
    cart_id: FromPath[UUID],
    data: JSONBody[LinesBody],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[CartView]:
    """Put several articles in at once: all of them, or none."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    lines = tuple(line.parsed() for line in data.lines)
    return await _page(caller, FillCart(cart, lines, customer_id=owner), cart_token)


@put(f"{ONE}/lines/{{line_id:uuid}}", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def set_quantity(
    cart_id: FromPath[UUID],
    line_id: FromPath[UUID],
    data: JSONBody[QuantityBody],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[CartView]:
    """Set how many of a line are wanted."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    wish = SetCartQuantity(
        cart, CartLineId(line_id), data.quantity, data.version, customer_id=owner
    )
    return await _page(caller, wish, cart_token)


@delete(f"{ONE}/lines/{{line_id:uuid}}", opt=door(GUEST_OR_CUSTOMER), tags=TAGS, status_code=200)
async def remove_line(
    cart_id: FromPath[UUID],
    line_id: FromPath[UUID],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[CartView]:
    """Take a line out."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    wish = SetCartQuantity(cart, CartLineId(line_id), 0, customer_id=owner)
    return await _page(caller, wish, cart_token)


@put(f"{ONE}/choices", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def choose(
    cart_id: FromPath[UUID],
    data: JSONBody[CartChoicesBody],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[CartView]:
    """Choose address, delivery and payment."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    wish = ChooseInCart(
        cart,
        email=email_of(data.email),
        ship_to=address_of(data.ship_to),
        delivery=data.delivery,
        payment_method=data.payment_method,
        location_id=data.place,
        slot_id=data.slot,
        version=data.version,
        customer_id=owner,
    )
    return await _page(caller, wish, cart_token)


@post(f"{ONE}/merge", opt=door(CUSTOMER), tags=TAGS, status_code=200)
async def merge(
    cart_id: FromPath[UUID], caller: FromCaller, cart_token: CartToken = None
) -> Response[CartView]:
    """Make a guest's cart the customer's, together with what they had in theirs."""
    assert caller.customer_id is not None
    check_cart(caller, CartId(cart_id), cart_token)
    wish = MergeCart(CartId(cart_id), CustomerId(caller.customer_id))
    answer: CartAnswer = await caller.send(wish)
    return await _shown(caller, answer.cart_id, None)


async def _page(caller: Caller, wish: ChangeCart, token: str | None) -> Response[CartView]:
    """The cart after a change; to whoever repeats a wish, as it is now."""
    answer: CartAnswer = await caller.send(wish)
    if answer.page is None:
        return await _shown(caller, answer.cart_id, token)
    return versioned(answer.page, answer.version)


async def _shown(caller: Caller, cart_id: CartId, token: str | None) -> Response[CartView]:
    cart, owner = opened_cart(caller, cart_id, token)
    view = await caller.ask(cart_page, cart, owner)
    return versioned(view, view.version)


ROUTES = (
    open_cart,
    read_own_cart,
    read_cart,
    add_line,
    add_lines,
    set_quantity,
    remove_line,
    choose,
    merge,
)
