"""What each context brings to the house: handlers for its commands, answers to ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any

from tradepost.kernel.clock import Clock, SystemClock
from tradepost.kernel.ids import Ids, RandomIds
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bound, Bus, Handler
from tradepost.platform.db.work import Store
from tradepost.platform.fresh import Seconds
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring import (
    catalog,
    counter,
    customers,
    delivery,
    floor,
    fulfillment,
    identity,
    inventory,
    ledger,
    mall,
    operation,
    ordering,
    payments,
    pricing,
    reporting,
    tenancy,
)
from tradepost.wiring.places import Places
from tradepost.wiring.rush.interest import Interest

PARTS: tuple[ModuleType, ...] = (
    catalog,
    counter,
    customers,
    delivery,
    floor,
    fulfillment,
    identity,
    inventory,
    ledger,
    mall,
    operation,
    ordering,
    payments,
    pricing,
    reporting,
    tenancy,
)
"""Modules of this package, each with ``HANDLERS`` (command → handler) and ``BINDINGS`` (port →
maker of its answer, bound to one work)."""


def gathered(name: str) -> dict[Any, Any]:
    """The entries of all parts under a name; two parts with one key are a defect."""
    found: dict[Any, Any] = {}
    for part in PARTS:
        entries: Mapping[Any, Any] = getattr(part, name, {})
        twice = found.keys() & entries.keys()
        assert not twice, f"{part.__name__} repeats {twice}"
        found.update(entries)
    return found


def build_bus(
    store: Store,
    *,
    ids: Ids | None = None,
    clock: Clock | None = None,
    directory: tenancy.Directory | None = None,
    seconds: Seconds = time.monotonic,
    interest: Interest | None = None,
) -> Bus:
    """The bus of the whole house over a store.

    Handlers and bindings may ask for the :class:`TenantProfile` of the scope; it comes from the
    directory, loaded before the work opens. ``seconds`` tells how old what is remembered is;
    ``interest`` is told which articles are wanted.
    """
    profiles = directory or tenancy.directory_of(store)
    handlers: dict[type, Handler] = gathered("HANDLERS")
    bindings: dict[type, Callable[[Bound], Any]] = gathered("BINDINGS")
    places = Places(store, seconds)
    bindings[TenantProfile] = partial(tenancy.profile_from, profiles)
    wanted = interest or Interest()
    bindings[Interest] = lambda bound: wanted
    bindings[Places] = lambda bound: places

    async def prepare(scope: Scope) -> None:
        await profiles.load(scope.tenant_id)
        await places.load(scope.tenant_id)

    return Bus(
        store,
        handlers,
        bindings,
        ids=ids or RandomIds(),
        clock=clock or SystemClock(),
        prepare=prepare,
    )
