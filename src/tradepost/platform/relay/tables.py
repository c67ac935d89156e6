"""What the relay keeps for itself: the last number, what was passed on, who consumes what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text

from tradepost.platform.db.schema import metadata
from tradepost.platform.db.security import RELAY, RELAY_ONLY
from tradepost.platform.db.types import InstantType

seq_counter = Table(
    "seq_counter",
    metadata,
    Column("one", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    info={RELAY: RELAY_ONLY},
)
"""One row: the number of the last fact in ``event_log``."""

publisher_cursors = Table(
    "publisher_cursors",
    metadata,
    Column("transport", Text, nullable=False),
    Column("shard", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("transport", "shard", name="publisher_cursors_pk"),
    info={RELAY: RELAY_ONLY},
)
"""Up to which number each shard of a transport was passed on, in which epoch of its streams."""

leases = Table(
    "leases",
    metadata,
    Column("consumer", Text, nullable=False),
    Column("shard", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("until_at", InstantType(), nullable=False),
    Column("acked_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("consumer", "shard", name="leases_pk"),
    info={RELAY: True},
)
"""Who consumes a shard for a consumer, and up to which number its facts have had their effect.

Effects check the epoch in their own transaction: an owner who slept past its lease changes nothing.
"""

workers = Table(
    "workers",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("seen_at", InstantType(), nullable=False),
    info={RELAY: RELAY_ONLY},
)
"""Worker processes and when each was last seen, to share the shards fairly."""
