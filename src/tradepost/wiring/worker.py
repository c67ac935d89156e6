"""The worker of the house: what every part has it consume, keep up to date and sweep.

A module of :data:`PARTS` may have

- ``REACTIONS``: a consumer's name → the functions of its ``reactions.py``;
- ``CONSUMERS``: a name → a :class:`Consumer` made otherwise;
- ``PROJECTIONS``: a name → a :class:`Projection`;
- ``SWEEPS``: a name → a :class:`Sweep`, run for every tenant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tradepost.kernel.ids import TenantId
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer, ReactionFunction, reacting
from tradepost.platform.consumers.follower import Follower
from tradepost.platform.projections import Projection
from tradepost.platform.relay.figures import RelayGauges
from tradepost.platform.sweeps import Sweep
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.transport.port import MakeTransport
from tradepost.platform.worker import Worker, WorkerPlan
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.parts import gathered


def all_projections() -> dict[str, Projection]:
    """The read models of the house by name."""
    return gathered("PROJECTIONS")


def all_consumers() -> list[Consumer]:
    """Everybody who wants facts."""
    reactions: dict[str, Sequence[ReactionFunction]] = gathered("REACTIONS")
    made: dict[str, Consumer] = gathered("CONSUMERS")
    found = [reacting(name, functions) for name, functions in reactions.items()]
    found += made.values()
    found += [projection.consumer() for projection in all_projections().values()]
    names = [consumer.name for consumer in found]
    assert len(set(names)) == len(names), f"two consumers of one name among {sorted(names)}"
    return found


def redis_transport(url: str) -> MakeTransport:
    """Streams of the Redis at a URL."""
    from tradepost.platform.transport.redis import RedisTransport

    return partial(RedisTransport, url)


def build_worker(
    bus: Bus,
    *,
    plan: WorkerPlan | None = None,
    redis_url: str | None = None,
    followers: Sequence[Follower] = (),
    gauges: RelayGauges | None = None,
) -> Worker:
    """The relay, all consumers and all sweeps of the house over a bus."""
    profiles = TenantProfiles(bus.store)
    sweeps: dict[str, Sweep] = gathered("SWEEPS")

    async def tenants() -> Sequence[TenantId]:
        return [profile.id for profile in await profiles.every()]

    return Worker(
        bus,
        all_consumers(),
        sweeps=list(sweeps.values()),
        tenants=tenants,
        followers=followers,
        plan=plan,
        transport=redis_transport(redis_url) if redis_url else EmbeddedTransport,
        gauges=gauges,
    )
