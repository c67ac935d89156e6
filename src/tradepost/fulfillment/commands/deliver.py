"""Digital lines are delivered when they are paid, and taken back when they are refunded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tradepost.events.fulfillment import DownloadGranted, DownloadRevoked
from tradepost.fulfillment.domain.digital import DOWNLOADS_MAX, DigitalFile
from tradepost.fulfillment.domain.downloads import (
    Cause,
    DigitalLine,
    DigitalOrder,
    DownloadGrant,
    GrantState,
)
from tradepost.fulfillment.ports import DigitalFiles, DigitalOrders, Downloads, LinkTerms
from tradepost.kernel.ids import DownloadGrantId, Ids, OrderId, OrderLineId, VariantId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class DeliverDigital(Command):
    """Grant the downloads of an order that is paid; close it if nothing else is left to do.

    Whatever is there already stays, so it may be wished as often as one likes.
    """

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class RevokeGivenBack(Command):
    """Revoke the links to what of an order was refunded or called off."""

    order_id: OrderId


async def deliver_digital(
    wishes: list[DeliverDigital],
    orders: DigitalOrders,
    downloads: Downloads,
    files: DigitalFiles,
    terms: LinkTerms,
    ids: Ids,
    facts: Facts,
) -> list[int]:
    """Look at all orders at once; how many links each was given."""
    among = await orders.among([wish.order_id for wish in wishes])
    if not among:
        return [0 for _ in wishes]
    given = {grant.order_line_id for grant in await downloads.lock_of(among)}
    found = {one.id: one for one in await orders.lock(among)}
    wanted = [line.variant_id for one in found.values() for line in one.lines]
    known = await files.of(wanted)
    answers = []
    for wish in wishes:
        order = found.pop(wish.order_id, None)  # once, also where several wish it
        fresh = _granted(wish, order, given, known, terms, ids) if order is not None else []
        downloads.add(fresh)
        for grant in fresh:
            facts.tell(_told(grant), grant.version, wish.at)
        answers.append(len(fresh))
        if order is not None and _is_done(order):
            await orders.complete([order.id], wish.at)
    return answers


def _granted(
    wish: DeliverDigital,
    order: DigitalOrder,
    given: set[OrderLineId],
    known: Mapping[VariantId, DigitalFile],
    terms: LinkTerms,
    ids: Ids,
) -> list[DownloadGrant]:
    if not order.is_paid or order.is_cancelled:
        return []
    open_lines = [
        line for line in order.lines if line.line_id not in given and not line.is_given_back
    ]
    return [_grant(wish, line, known.get(line.variant_id), terms, ids) for line in open_lines]


def _grant(
    wish: DeliverDigital,
    line: DigitalLine,
    file: DigitalFile | None,
    terms: LinkTerms,
    ids: Ids,
) -> DownloadGrant:
    """What a line's buyer may: the article's terms, or the shop's where it has none."""
    hours = (file.link_hours if file else None) or terms.hours
    each = (file.downloads_max if file else None) or terms.downloads_per_unit
    return DownloadGrant(
        id=DownloadGrantId(ids.new()),
        order_id=wish.order_id,
        order_line_id=line.line_id,
        variant_id=line.variant_id,
        state=GrantState.ACTIVE,
        downloads_max=min(each * line.units, DOWNLOADS_MAX),
        downloads_used=0,
        granted_at=wish.at,
        expires_at=wish.at + timedelta(hours=hours),
        note="",
        version=1,
    )


def _is_done(order: DigitalOrder) -> bool:
    """Whether all of it is delivered, now that its links are given."""
    return order.is_placed and order.is_paid and order.is_all_left and order.is_closable


async def revoke_given_back(
    wish: RevokeGivenBack, orders: DigitalOrders, downloads: Downloads, facts: Facts
) -> int:
    """Revoke what was given back whole, and nothing else; how many links that are."""
    active = [
        grant
        for grant in await downloads.lock_of([wish.order_id])
        if grant.state is GrantState.ACTIVE
    ]
    if not active:
        return 0
    (order,) = await orders.lock([wish.order_id])
    cause = Cause.CANCELLED if order.is_cancelled else Cause.REFUNDED
    gone = {line.line_id for line in order.lines if order.is_cancelled or line.is_given_back}
    revoked = [one.moved("revoke", cause) for one in active if one.order_line_id in gone]
    await _revoke(revoked, cause, wish, downloads, facts)
    return len(revoked)


async def _revoke(
    revoked: Sequence[DownloadGrant],
    cause: Cause,
    wish: Command,
    downloads: Downloads,
    facts: Facts,
) -> None:
    await downloads.save(revoked)
    for one in revoked:
        told = DownloadRevoked(one.id, one.order_id, one.order_line_id, cause.value)
        facts.tell(told, one.version, wish.at)


def _told(grant: DownloadGrant) -> DownloadGranted:
    return DownloadGranted(
        grant.id,
        grant.order_id,
        grant.order_line_id,
        grant.variant_id,
        grant.downloads_max,
        grant.expires_at,
    )
