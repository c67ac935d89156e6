"""What carts and the worker that serves them may ask of the stock room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tradepost.inventory.commands.holds import Holds
from tradepost.inventory.domain.holds import CartHold
from tradepost.inventory.ports import Holders
from tradepost.kernel.ids import CartId
from tradepost.kernel.messages import Command
from tradepost.kernel.whole import whole_number

GRANTED_MAX: Final = 200
"""Requests that a worker may take in one transaction."""

FORGOTTEN_AFTER: Final = timedelta(days=12)
"""A hold lasts a day at most, and ten times as long again where a shop lets it be prolonged."""


@dataclass(frozen=True, slots=True)
class HoldForCart(Command):
    """Hold what a cart wants at once, all of it or nothing, from the command's instant on."""

    wish: CartHold


@dataclass(frozen=True, slots=True)
class RequestReservation(Command):
    """File what a cart wants held, for a worker to grant or reject."""

    wish: CartHold


@dataclass(frozen=True, slots=True)
class GrantReservations(Command):
    """Take the requests that have waited longest, of hot goods or of the rest."""

    is_hot: bool = False
    most: int = 50


@dataclass(frozen=True, slots=True)
class ReleaseCart(Command):
    """Let go of all that a cart holds or has asked for."""

    cart_id: CartId


@dataclass(frozen=True, slots=True)
class ForgetHolders(Command):
    """Forget who held something: their carts have not changed for longer than any hold lasts."""


async def hold_for_cart(wish: HoldForCart, holds: Holds) -> None:
    """Hold at once; :class:`Shortage` undoes it all."""
    await holds.hold(replace(wish.wish, at=wish.at))


async def request_reservation(wish: RequestReservation, holds: Holds) -> None:
    """File what changed in the cart."""
    await holds.request(replace(wish.wish, at=wish.at))


async def grant_reservations(wish: GrantReservations, holds: Holds) -> int:
    """Serve one batch; answers how many were taken, so that the worker knows to come again."""
    most = whole_number(wish.most, "most", 1, GRANTED_MAX)
    return await holds.grant(most, wish.at, is_hot=wish.is_hot)


async def release_cart(wish: ReleaseCart, holds: Holds) -> int:
    """Let go; answers how many units were held."""
    return await holds.drop(wish.cart_id, wish.at)


async def forget_holders(wish: ForgetHolders, holders: Holders) -> int:
    """How many were forgotten."""
    return await holders.drop_before(wish.at - FORGOTTEN_AFTER)


HANDLERS = {
    HoldForCart: hold_for_cart,
    RequestReservation: request_reservation,
    GrantReservations: grant_reservations,
    ReleaseCart: release_cart,
    ForgetHolders: forget_holders,
}
