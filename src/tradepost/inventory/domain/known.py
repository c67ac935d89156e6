"""Which locations there are, and which variants lie on shelves: told by the neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tradepost.inventory.errors import NotKeptInStock
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import LocationId, VariantId


@dataclass(frozen=True, slots=True)
class Known:
    """Of the locations and variants asked for those that there are.

    ``unstocked`` are variants that nothing is kept of: services, downloads.
    """

    locations: frozenset[LocationId]
    variants: frozenset[VariantId]
    unstocked: frozenset[VariantId] = frozenset()

    def check(self, locations: Iterable[LocationId], variants: Iterable[VariantId] = ()) -> None:
        """Refuse what stock cannot be kept of, or at.

        :raises Unknown: for a location or a variant that there is not.
        :raises NotKeptInStock: for a service or a download.
        """
        for location_id in locations:
            if location_id not in self.locations:
                raise Unknown("location", str(location_id))
        for variant_id in variants:
            if variant_id not in self.variants:
                if variant_id in self.unstocked:
                    raise NotKeptInStock(str(variant_id))
                raise Unknown("variant", str(variant_id))
