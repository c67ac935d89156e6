"""The searching half of an engine, as the doors are given it."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.search.ports import SearchEngine


@dataclass(frozen=True, slots=True)
class Finder:
    """Holds the engine of this node; routes ask for it by this type."""

    engine: SearchEngine
