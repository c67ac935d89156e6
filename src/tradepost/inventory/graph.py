"""Stock in the graph, for staff."""

from __future__ import annotations

from uuid import UUID

from tradepost.inventory.queries import availability
from tradepost.kernel.ids import VariantId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web.graphql.asking import Asked, BigInt, few, reads, shape, shown


@shape("FreeStock")
class FreeStockShape:
    """What of a variant may still be promised at a location, at a version of that stock."""

    location_id: UUID
    variant_id: UUID
    available: BigInt
    allows_backorder: bool
    version: BigInt


@reads(Permission.INVENTORY_READ, weight=5)
async def stock(info: Asked, variant_ids: list[UUID]) -> list[FreeStockShape] | None:
    """Free stock of up to 100 variants, by location."""
    wanted = [VariantId(one) for one in few(variant_ids, "variant_ids")]
    found = await info.context.ask(availability, wanted)
    return [shown(FreeStockShape, one) for one in found]


FIELDS = (stock,)
