"""Every setting of an installation: its meaning, its default, its bounds.

What one shop decides for itself is no setting of the installation: see ``tradepost tenant``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradepost.platform.settings import parsing
from tradepost.platform.settings.choices import Addresses, LogFormat, LogLevel, Profile
from tradepost.platform.settings.kinds import (
    database,
    host,
    of_files,
    port,
    portal,
    secret,
    setting,
    whole,
)

PREFIX = "TRADEPOST_"
STORE_FILE = "store.sqlite"
PORTAL_FILE = "portal.sqlite"


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
    database_url: str | None = database(
        "PostgreSQL, as the app role; without it the store is a file in the data folder.",
        "tradepost_app:…@localhost/tradepost",
    )
    relay_database_url: str | None = database(
        "The same database as the relay role, which sees the facts of all shops and nothing else.",
        "tradepost_relay:…@localhost/tradepost",
    )
    admin_database_url: str | None = database(
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
    database_pool_size_max: int = whole(
        "Store", "Connections of one process, at most.", (2, 500), 16
    )
    redis_url: str | None = setting(
        "Store",
        "Redis 6.2 or newer, for streams and shared rate limits; not needed for one process.",
        parsing.url("redis", "rediss"),
        None,
        holds_password=True,
        example="redis://localhost:6379/0",
    )

    s3_endpoint: str | None = of_files(
        "The address of a store that speaks S3, for files of shops; else they lie in the data"
        " folder.",
        parsing.url("https", "http"),
        example="https://s3.eu-central-1.amazonaws.com",
    )
    s3_bucket: str | None = of_files(
        "The bucket; nobody else needs to reach it.", parsing.bucket, example="my-shop-files"
    )
    s3_region: str = of_files("The region that requests are signed for.", default="us-east-1")
    s3_access_key: str | None = of_files("The name of the key that requests are signed with.")
    s3_secret_key: str = of_files("The key itself.", default="", secret=True)

    public_host: str = host("Where the public API listens.")
    public_port: int = port("The port of the public API; 0 takes a free one.", 3000)
    admin_host: str = host("Where the admin API listens.")
    admin_port: int = port("The port of the admin API; 0 takes a free one.", 3001)
    cell_name: str | None = setting(
        "Doors",
        "The name by which a portal knows this installation; with it, `tradepost serve` serves the"
        " provisioning API too.",
        parsing.text,
        None,
        example="main",
    )
    provisioning_host: str = host("Where the provisioning API listens, for the portal alone.")
    provisioning_port: int = port("The port of the provisioning API; 0 takes a free one.", 3003)
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
    trusted_proxies: int = whole(
        "Doors",
        "How many proxies of ours stand before the servers; the client's address is read there.",
        (0, 10),
        0,
    )

    public_secret: tuple[str, ...] = secret("Signs the tokens of shoppers.")
    admin_secret: tuple[str, ...] = secret("Signs the tokens of staff.")
    service_secret: tuple[str, ...] = secret("Signs what services say to each other.")
    portal_secret: tuple[str, ...] = secret("Signs the tokens of the portal's people.")
    cursor_secret: tuple[str, ...] = secret("Seals page cursors, cart tokens and order links.")
    vault_secret: tuple[str, ...] = secret(
        "Encrypts the passwords of tenants' own databases where they are kept; older ones still"
        " open what they have sealed."
    )

    portal_host: str = portal("Where the portal listens.", parsing.host, "127.0.0.1")
    portal_port: int = portal(
        "The port of the portal; 0 takes a free one.", parsing.whole(0, 65_535), 3002
    )
    portal_url: str | None = portal(
        "The portal's address as people type it; with https:// its cookies are for https alone.",
        parsing.url("https", "http"),
        None,
        example="https://portal.example.com",
    )
    portal_database_url: str | None = portal(
        "PostgreSQL for the portal's own store, as the role that owns its tables; without it the"
        " store is a file in the data folder. Never the database of a cell.",
        parsing.database,
        None,
        holds_password=True,
        example="postgresql://portal:…@localhost/portal",
    )
    cells: tuple[str, ...] = portal(
        "The cells where tenants can live: name=address of its provisioning API, with blanks"
        " between several. The first is proposed.",
        parsing.cells,
        ("main=http://127.0.0.1:3003",),
        example="main=https://cell-1.example.com:3003",
    )

    foreign_addresses: Addresses = setting(
        "Databases of tenants",
        "Where a tenant's own database may lie: public addresses only, or any; any is for"
        " installations whose tenants are all their operator's own.",
        parsing.choice(Addresses),
        Addresses.PUBLIC,
    )
    foreign_ports: tuple[int, ...] = setting(
        "Databases of tenants",
        "The ports at which it may listen.",
        parsing.ports,
        (5432, 6432),
        example="5432,6432",
    )

    limits_requests: bool = setting(
        "Limits", "Whether requests are counted and limited.", parsing.flag, True
    )
    body_seconds_max: int = whole("Limits", "Seconds that a request's body may take.", (1, 600), 10)
    request_seconds_max: int = whole(
        "Limits",
        "Seconds after which a request is answered, whatever becomes of the database.",
        (1, 600),
        5,
    )
    connection_wait_ms_max: int = whole(
        "Limits",
        "Milliseconds that one who looks waits for a connection of the database; one who wishes"
        " waits four times as long. More are told to come back.",
        (10, 60_000),
        250,
    )
    requests_running_max: int = whole(
        "Limits", "Requests that each API of a process works on at once.", (1, 100_000), 320
    )
    requests_waiting_max: int = whole(
        "Limits",
        "Requests that may wait for one of these to be answered; more are told to come back.",
        (0, 100_000),
        320,
    )
    request_wait_ms_max: int = whole(
        "Limits", "Milliseconds after which one that waits is told so too.", (0, 60_000), 250
    )
    request_bodies_bytes_max: int = whole(
        "Limits",
        "Bytes of all bodies that an API of a process holds at once, each of which has a megabyte"
        " at most and the first 8,192 free; whoever brings more is told to come back.",
        (1_000_000, 10**12),
        64_000_000,
    )
    sockets_max: int = whole("Limits", "WebSockets of a process, at most.", (1, 100_000), 2000)
    sockets_per_address_max: int = whole("Limits", "Of these, from one address.", (1, 100_000), 20)
    drain_seconds_max: int = whole(
        "Limits", "Seconds for running requests when the process ends.", (0, 600), 10
    )
    leave_seconds_min: int = whole(
        "Limits",
        "Seconds for which a process that is to end still listens and says that it is not ready,"
        " so that the balancer before it finds out: twice the interval in which it asks.",
        (0, 600),
        0,
    )
    header_bytes_max: int = whole(
        "Limits", "Bytes that a request's headers may have.", (1024, 1_048_576), 32_768
    )

    kept_fresh_ms_max: int = whole(
        "Kept answers",
        "Milliseconds for which an answer to guests is given again while no fact has changed it;"
        " 0 keeps none.",
        (0, 60_000),
        1000,
    )
    kept_answers_max: int = whole(
        "Kept answers", "How many a process keeps.", (1, 10_000_000), 10_000
    )
    kept_bytes_max: int = whole(
        "Kept answers", "Bytes of memory that all of them may take.", (65_536, 1 << 40), 33_554_432
    )
    kept_answer_bytes_max: int = whole(
        "Kept answers", "Bytes above which one answer is not kept.", (1024, 1 << 30), 262_144
    )

    lanes: bool = setting(
        "Lanes",
        "Whether orders and the like of many people are granted together, in one transaction.",
        parsing.flag,
        True,
    )
    lane_queue_max: int = whole(
        "Lanes",
        "How many may wait for the same kind of thing in one shop; more are told to come back.",
        (1, 1_000_000),
        2000,
    )
    lane_wait_seconds_max: int = whole(
        "Lanes", "Seconds after which one who waits is told so too.", (1, 60), 5
    )
    lane_batch_max: int = whole(
        "Lanes",
        "How many are granted in one transaction; with SQLite never more than 64.",
        (1, 1000),
        256,
    )
    lane_connections: int = whole(
        "Lanes",
        "Batches that may run at once; with PostgreSQL each has a connection nobody else uses.",
        (1, 100),
        4,
    )
    shed_seconds_max: int = whole(
        "Lanes",
        "Seconds for which an article that is sold out is refused without asking the store, unless"
        " its stock moves before; 0 asks every time.",
        (0, 60),
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

    @property
    def portal_path(self) -> Path | None:
        """The file of the portal's own store; none when PostgreSQL keeps it."""
        return None if self.portal_database_url else self.data_dir / PORTAL_FILE
