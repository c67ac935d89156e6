"""What the doctor found: figures by law and by shop, and the rows that break a law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tradepost.kernel.ids import TenantId


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that breaks a law; values as people read them. Without a shop it is the platform's."""

    law: str
    shop: str | None
    keys: Mapping[str, str | None]
    expected: str | None
    found: str | None


@dataclass(slots=True)
class Figures:
    """How many rows were looked at, how many broke a law, and how long that took."""

    rows: int = 0
    breaches: int = 0
    seconds: float = 0.0

    def add(self, rows: int, breaches: int, seconds: float) -> None:
        """Count another look."""
        self.rows += rows
        self.breaches += breaches
        self.seconds += seconds


@dataclass(frozen=True, slots=True)
class LawFigures:
    """A law over all shops that were looked at."""

    name: str
    sentence: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class ShopFigures:
    """A shop over all laws."""

    tenant_id: TenantId
    code: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; ``breaches`` holds the first few of each law, the figures count them all."""

    laws: Sequence[LawFigures]
    shops: Sequence[ShopFigures]
    breaches: Sequence[Breach] = field(default=())

    @property
    def broken(self) -> list[str]:
        """The laws that do not hold."""
        return [one.name for one in self.laws if one.figures.breaches]

    @property
    def holds(self) -> bool:
        """Whether every law does."""
        return not self.broken

    def as_document(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "holds": self.holds,
            "laws": [_flat(asdict(one)) for one in self.laws],
            "shops": [
                _flat({**asdict(one), "tenant_id": str(one.tenant_id)}) for one in self.shops
            ],
            "breaches": [asdict(one) for one in self.breaches],
        }


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    figures = one.pop("figures")
    return {**one, **figures, "seconds": round(figures["seconds"], 3)}
