"""What must hold between settings; every breach is a fault of its own."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from tradepost.platform.settings.faults import Fault
from tradepost.platform.settings.model import PREFIX, Profile, Settings

SECRET_BYTES_MIN = 32
DEMO_SECRET_PREFIX = "tradepost-demo-secret-"  # noqa: S105  refused outside the demo
AUDIENCES = ("public", "admin", "service", "portal", "cursor")
_FRESH = "Make one: tradepost settings template --with-secrets"
_DEMO = f"(or set {PREFIX}PROFILE=demo, on this machine only)"


def demo_secret(name: str) -> str:
    """The well-known secret that stands in for a missing one in the demo."""
    return f"{DEMO_SECRET_PREFIX}{name:_<32}"


def faults_of(settings: Settings, *, doors: bool = True) -> list[Fault]:
    """Everything that does not fit together; ``doors`` asks for what only servers need."""
    serving = [*_doors(settings), *_secrets(settings)] if doors else []
    return [*_store(settings), *serving]


def _fault(field: str, problem: str, remedy: str) -> Fault:
    return Fault(PREFIX + field.upper(), problem, remedy)


def _store(settings: Settings) -> Iterator[Fault]:
    app, relay = settings.database_url, settings.relay_database_url
    if app is None:
        for field in ("relay_database_url", "admin_database_url"):
            if getattr(settings, field):
                yield _fault(
                    field, "is set, and the store is a file.", f"Set {PREFIX}DATABASE_URL too."
                )
        return
    if relay is None:
        yield _fault(
            "relay_database_url",
            "is missing.",
            f"Give the database of {PREFIX}DATABASE_URL with the relay's role, such as"
            " tradepost_relay.",
        )
    for field, one in (
        ("relay_database_url", relay),
        ("admin_database_url", settings.admin_database_url),
    ):
        if one is None:
            continue
        if urlsplit(one).path != urlsplit(app).path:
            yield _fault(field, "names another database.", f"It is that of {PREFIX}DATABASE_URL.")
        if urlsplit(one).username == urlsplit(app).username:
            yield _fault(field, "names the app's role.", "Every address needs a role of its own.")


def _doors(settings: Settings) -> Iterator[Fault]:
    same = settings.public_host == settings.admin_host
    if same and settings.public_port == settings.admin_port != 0:
        yield _fault(
            "admin_port",
            f"is the port of the public API too ({settings.public_port}).",
            "Choose another port for one of them.",
        )


def _secrets(settings: Settings) -> Iterator[Fault]:
    demo = settings.profile is Profile.DEMO
    owners: dict[str, str] = {}
    for name in AUDIENCES:
        field = f"{name}_secret"
        given: tuple[str, ...] = getattr(settings, field)
        if not given:
            yield _fault(field, "is missing.", f"{_FRESH} {_DEMO}")
        for secret in given:
            if secret.startswith(DEMO_SECRET_PREFIX):
                if not demo:
                    yield _fault(field, "is the demo's, which everybody knows.", _FRESH)
            elif len(secret.encode()) < SECRET_BYTES_MIN:
                yield _fault(field, f"has fewer than {SECRET_BYTES_MIN} bytes.", _FRESH)
            if owners.setdefault(secret, field) != field:
                other = PREFIX + owners[secret].upper()
                yield _fault(field, f"is the same as {other}.", "Give each its own.")
    if demo:
        yield from _open_demo(settings)


def _open_demo(settings: Settings) -> Iterator[Fault]:
    known = any(getattr(settings, f"{name}_secret") == (demo_secret(name),) for name in AUDIENCES)
    for field in ("public_host", "admin_host"):
        if known and not _is_loopback(getattr(settings, field)):
            yield _fault(
                field,
                "opens the demo to others, whose secrets everybody knows.",
                "Listen on 127.0.0.1, or set secrets of your own.",
            )


def _is_loopback(host: Any) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
