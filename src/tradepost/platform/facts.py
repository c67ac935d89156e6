"""The published language by name: rows of the log as facts, and the other way round by the outbox.

A name nobody knows and a schema newer than ours come from a newer release that ran beside this
one. They are told apart from damage, because they can be read after the next upgrade.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

import msgspec

from tradepost import events
from tradepost.kernel.messages import Fact


class UnreadableFact(Exception):
    """A row of the log that this release cannot turn into a fact."""


class FactBook:
    """Facts by their names."""

    def __init__(self, facts: Iterable[type[Fact]]) -> None:
        self.facts: dict[str, type[Fact]] = {}
        for fact in facts:
            assert self.facts.setdefault(fact.name, fact) is fact, f"{fact.name} has two facts"
        self._decoders = {name: msgspec.json.Decoder(fact) for name, fact in self.facts.items()}

    def decode(self, name: str, schema: int, body: str | bytes) -> Fact:
        """The fact of a body; older schemas are read with the defaults of what they lack.

        :raises UnreadableFact: if the name is unknown, the schema newer or the body damaged.
        """
        decoder = self._decoders.get(name)
        if decoder is None:
            raise UnreadableFact(f"this release knows no fact {name}")
        known = self.facts[name].schema
        if schema > known:
            raise UnreadableFact(f"{name} has schema {schema}, this release reads up to {known}")
        try:
            return decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise UnreadableFact(f"{name}: {error}") from error


def facts_in(module: ModuleType) -> Iterator[type[Fact]]:
    """The facts that a module publishes: those with a name of their own."""
    for value in vars(module).values():
        if not isinstance(value, type) or value.__module__ != module.__name__:
            continue
        if issubclass(value, Fact) and "name" in vars(value):
            yield value


@cache
def published() -> FactBook:
    """All facts of :mod:`tradepost.events`."""
    names = sorted(part.name for part in pkgutil.iter_modules(events.__path__))
    modules = [importlib.import_module(f"{events.__name__}.{name}") for name in names]
    return FactBook(fact for module in modules for fact in facts_in(module))
