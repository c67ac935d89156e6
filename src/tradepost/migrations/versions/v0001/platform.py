"""The first tables of platform."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import ID, SERIAL, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _dead_letters()
    _event_log()
    _idempotency_keys()
    _inbox()
    _leases()
    _outbox()
    _parked_streams()
    _publisher_cursors()
    _seq_counter()
    _workers()


def _dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("dead_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "event_id", name="dead_letters_pk"),
    )


def _event_log() -> None:
    op.create_table(
        "event_log",
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("schema", WHOLE, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("actor_kind", TEXT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("happened_at", WHOLE, nullable=False),
        sa.Column("shard", WHOLE, nullable=False),
        sa.Column("logged_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("tenant_id", "event_id", name="event_log_event_uq"),
    )
    op.create_index(
        "event_log_actor_ix", "event_log", ["tenant_id", "actor_id", "seq"], unique=False
    )
    op.create_index("event_log_shard_seq_ix", "event_log", ["shard", "seq"], unique=False)
    op.create_index(
        "event_log_stream_ix", "event_log", ["tenant_id", "stream_id", "seq"], unique=False
    )
    op.create_index("event_log_tenant_seq_ix", "event_log", ["tenant_id", "seq"], unique=False)


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("principal", TEXT, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("answered_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "key", "principal", "route", name="idempotency_keys_pk"
        ),
    )
    op.create_index(
        "idempotency_keys_answered_at_ix",
        "idempotency_keys",
        ["tenant_id", "answered_at"],
        unique=False,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "event_id", name="inbox_pk"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("shard", WHOLE, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("until_at", WHOLE, nullable=False),
        sa.Column("acked_seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "shard", name="leases_pk"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, sa.Identity(always=False, cache=1), nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("schema", WHOLE, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("actor_kind", TEXT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("happened_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )


def _parked_streams() -> None:
    op.create_table(
        "parked_streams",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("shard", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("next_try_at", WHOLE, nullable=True),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "stream_id", name="parked_streams_pk"),
    )
    op.create_index(
        "parked_streams_shard_ix",
        "parked_streams",
        ["consumer", "shard", "next_try_at"],
        unique=False,
    )


def _publisher_cursors() -> None:
    op.create_table(
        "publisher_cursors",
        sa.Column("transport", TEXT, nullable=False),
        sa.Column("shard", WHOLE, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("transport", "shard", name="publisher_cursors_pk"),
    )


def _seq_counter() -> None:
    op.create_table(
        "seq_counter",
        sa.Column("one", WHOLE, autoincrement=False, nullable=False),
        sa.Column("n", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )
