"""Every setting of an installation: its meaning, its default, its bounds.

What one shop decides for itself is no setting of the installation: see ``tradepost tenant``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tradepost.platform.settings import parsing
from tradepost.platform.settings.parsing import Parse

PREFIX = "TRADEPOST_"
STORE_FILE = "store.sqlite"


class Profile(StrEnum):
    """What an installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """For machines, or for eyes."""

    JSON = "json"
    TEXT = "text"


def setting(
    group: str,
    about: str,
    parse: Parse,
    default: Any,
    *,
    secret: bool = False,
    holds_password: bool = False,
    example: str = "",
) -> Any:
    """A field that is read from outside; a secret is never shown, nor a password in an address."""
    metadata = {
        "group": group,
        "about": about,
        "parse": parse,
        "secret": secret,
        "holds_password": holds_password,
        "example": example,
    }
    return field(default=default, metadata=metadata, repr=not (secret or holds_password))


def _secret(about: str) -> Any:
    return setting("Secrets", about, parsing.secrets, (), secret=True)


def _port(about: str, default: int) -> Any:
    return setting("Doors", about, parsing.whole(0, 65_535), default)


def _host(about: str) -> Any:
    return setting("Doors", about, parsing.host, "127.0.0.1", example="0.0.0.0")  # noqa: S104  an example


def _database(about: str, example: str) -> Any:
    return setting(
        "Store",
        about,
        parsing.database,
        None,
        holds_password=True,
        example=f"postgresql://{example}",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one installation."""

    profile: Profile = setting(
        "Installation",
        "What it is for. In the demo, well-known secrets stand in for missing ones.",
        parsing.choice(Profile),
        Profile.PRODUCTION,
    )

    data_dir: Path = setting(
        "Store",
        "The folder of the SQLite store, the search index and uploaded files.",
        parsing.folder,
        Path("data"),
    )
    database_url: str | None = _database(
        "PostgreSQL, as the app role; without it the store is a file in the data folder.",
        "tradepost_app:…@localhost/tradepost",
    )
    relay_database_url: str | None = _database(
        "The same database as the relay role, which sees the facts of all shops and nothing else.",
        "tradepost_relay:…@localhost/tradepost",
    )
    admin_database_url: str | None = _database(
        "The same database as a role that may create roles; migrations run as it. With it, every"
        " start brings the database up to date; without it, `tradepost migrate` has to.",
        "postgres:…@localhost/tradepost",
    )
    database_owner: str = setting(
        "Store",
        "The role that owns the tables; nobody signs in as it.",
        parsing.text,
        "tradepost_owner",
    )
    database_pool_size_max: int = setting(
        "Store", "Connections of one process, at most.", parsing.whole(2, 500), 16
    )
    redis_url: str | None = setting(
        "Store",
        "Redis 6.2 or newer, for streams and shared rate limits; not needed for one process.",
        parsing.url("redis", "rediss"),
        None,
        holds_password=True,
        example="redis://localhost:6379/0",
    )

    public_host: str = _host("Where the public API listens.")
    public_port: int = _port("The port of the public API; 0 takes a free one.", 3000)
    admin_host: str = _host("Where the admin API listens.")
    admin_port: int = _port("The port of the admin API; 0 takes a free one.", 3001)
    base_domains: tuple[str, ...] = setting(
        "Doors",
        "Domains with a shop under each name: shop code + . + base domain.",
        parsing.names,
        (),
        example="shops.example.com",
    )
    service_hosts: tuple[str, ...] = setting(
        "Doors", "Host names of ours that name no shop.", parsing.names, ("localhost",)
    )
    only_shop: str | None = setting(
        "Doors",
        "The code of the shop that requests without a shop's host or X-Tenant are for.",
        parsing.text,
        None,
        example="my-shop",
    )
    trusted_proxies: int = setting(
        "Doors",
        "How many proxies of ours stand before the servers; the client's address is read there.",
        parsing.whole(0, 10),
        0,
    )

    public_secret: tuple[str, ...] = _secret("Signs the tokens of shoppers.")
    admin_secret: tuple[str, ...] = _secret("Signs the tokens of staff.")
    service_secret: tuple[str, ...] = _secret("Signs what services say to each other.")
    portal_secret: tuple[str, ...] = _secret("Signs the tokens of the portal's people.")
    cursor_secret: tuple[str, ...] = _secret("Seals page cursors, cart tokens and order links.")

    limits_requests: bool = setting(
        "Limits", "Whether requests are counted and limited.", parsing.flag, True
    )
    body_seconds_max: int = setting(
        "Limits", "Seconds that a request's body may take.", parsing.whole(1, 600), 10
    )
    request_seconds_max: int = setting(
        "Limits",
        "Seconds after which a request is answered, whatever becomes of the database.",
        parsing.whole(1, 600),
        5,
    )
    connection_wait_ms_max: int = setting(
        "Limits",
        "Milliseconds that one who looks waits for a connection of the database; one who wishes"
        " waits four times as long. More are told to come back.",
        parsing.whole(10, 60_000),
        250,
    )
    requests_running_max: int = setting(
        "Limits",
        "Requests that each API of a process works on at once.",
        parsing.whole(1, 100_000),
        320,
    )
    requests_waiting_max: int = setting(
        "Limits",
        "Requests that may wait for one of these to be answered; more are told to come back.",
        parsing.whole(0, 100_000),
        320,
    )
    request_wait_ms_max: int = setting(
        "Limits",
        "Milliseconds after which one that waits is told so too.",
        parsing.whole(0, 60_000),
        250,
    )
    drain_seconds_max: int = setting(
        "Limits", "Seconds for running requests when the process ends.", parsing.whole(0, 600), 10
    )
    leave_seconds_min: int = setting(
        "Limits",
        "Seconds for which a process that is to end still listens and says that it is not ready,"
        " so that the balancer before it finds out: twice the interval in which it asks.",
        parsing.whole(0, 600),
        0,
    )
    header_bytes_max: int = setting(
        "Limits", "Bytes that a request's headers may have.", parsing.whole(1024, 1_048_576), 32_768
    )

    kept_fresh_ms_max: int = setting(
        "Kept answers",
        "Milliseconds for which an answer to guests is given again while no fact has changed it;"
        " 0 keeps none.",
        parsing.whole(0, 60_000),
        1000,
    )
    kept_answers_max: int = setting(
        "Kept answers", "How many a process keeps.", parsing.whole(1, 10_000_000), 10_000
    )
    kept_bytes_max: int = setting(
        "Kept answers",
        "Bytes of memory that all of them may take.",
        parsing.whole(65_536, 1 << 40),
        33_554_432,
    )
    kept_answer_bytes_max: int = setting(
        "Kept answers",
        "Bytes above which one answer is not kept.",
        parsing.whole(1024, 1 << 30),
        262_144,
    )

    lanes: bool = setting(
        "Lanes",
        "Whether orders and the like of many people are granted together, in one transaction.",
        parsing.flag,
        True,
    )
    lane_queue_max: int = setting(
        "Lanes",
        "How many may wait for the same kind of thing in one shop; more are told to come back.",
        parsing.whole(1, 1_000_000),
        2000,
    )
    lane_wait_seconds_max: int = setting(
        "Lanes", "Seconds after which one who waits is told so too.", parsing.whole(1, 60), 5
    )
    lane_batch_max: int = setting(
        "Lanes",
        "How many are granted in one transaction; with SQLite never more than 64.",
        parsing.whole(1, 1000),
        256,
    )
    lane_connections: int = setting(
        "Lanes",
        "Batches that may run at once; with PostgreSQL each has a connection nobody else uses.",
        parsing.whole(1, 100),
        4,
    )
    shed_seconds_max: int = setting(
        "Lanes",
        "Seconds for which an article that is sold out is refused without asking the store, unless"
        " its stock moves before; 0 asks every time.",
        parsing.whole(0, 60),
        2,
    )

    log_level: LogLevel = setting(
        "Telling", "What is logged at least.", parsing.choice(LogLevel), LogLevel.INFO
    )
    log_format: LogFormat = setting(
        "Telling", "JSON lines, or text for eyes.", parsing.choice(LogFormat), LogFormat.JSON
    )
    metrics_on_public: bool = setting(
        "Telling", "Whether the public port shows /metrics too.", parsing.flag, False
    )
    otel_endpoint: str | None = setting(
        "Telling",
        "Where traces go, by OTLP over HTTP; nowhere without it.",
        parsing.url("http", "https"),
        None,
        example="http://localhost:4318",
    )

    @property
    def store_path(self) -> Path | None:
        """The file of the SQLite store; none when PostgreSQL keeps the data."""
        return None if self.database_url else self.data_dir / STORE_FILE
