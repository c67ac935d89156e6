"""What must hold between settings; every breach is a fault of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from tradepost.platform.settings.choices import Profile
from tradepost.platform.settings.faults import Fault
from tradepost.platform.settings.model import PREFIX, Settings

SECRET_BYTES_MIN = 32
DEMO_SECRET_PREFIX = "tradepost-demo-secret-"  # noqa: S105  refused outside the demo
AUDIENCES = ("public", "admin", "service", "portal", "cursor", "vault")
OF_PORTAL = frozenset({"service", "portal", "vault"})
"""The secrets without which the portal cannot work; it needs no other."""
_SERVERS = {
    "public": "public API",
    "admin": "admin API",
    "provisioning": "provisioning API",
}
_FRESH = "Make one: tradepost settings template --with-secrets"
_DEMO = f"(or set {PREFIX}PROFILE=demo, on this machine only)"


def demo_secret(name: str) -> str:
    """The well-known secret that stands in for a missing one in the demo."""
    return f"{DEMO_SECRET_PREFIX}{name:_<32}"


def faults_of(
    settings: Settings, *, doors: bool = True, secrets: Collection[str] = AUDIENCES
) -> list[Fault]:
    """Everything that does not fit together; ``doors`` asks for what only servers need, and of
    the secrets for those named."""
    serving = [*_doors(settings), *_secrets(settings, secrets)] if doors else []
    return [*_store(settings), *_files(settings), *serving]


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


def _files(settings: Settings) -> Iterator[Fault]:
    if settings.s3_bucket is None:
        if settings.s3_endpoint is not None:
            yield _fault("s3_endpoint", "is set, and no bucket is.", f"Set {PREFIX}S3_BUCKET too.")
        return
    for field in ("s3_endpoint", "s3_access_key", "s3_secret_key"):
        if not getattr(settings, field):
            yield _fault(field, "is missing.", f"The bucket of {PREFIX}S3_BUCKET needs it.")


def _doors(settings: Settings) -> Iterator[Fault]:
    taken: dict[tuple[str, int], str] = {}
    for name, title in _SERVERS.items():
        if name == "provisioning" and settings.cell_name is None:
            continue
        place = (getattr(settings, f"{name}_host"), getattr(settings, f"{name}_port"))
        if place[1] and place in taken:
            yield _fault(
                f"{name}_port",
                f"is the port of the {taken[place]} too ({place[1]}).",
                "Choose another port for one of them.",
            )
        taken.setdefault(place, title)


def _secrets(settings: Settings, wanted: Collection[str]) -> Iterator[Fault]:
    demo = settings.profile is Profile.DEMO
    owners: dict[str, str] = {}
    for name in AUDIENCES:
        field = f"{name}_secret"
        given: tuple[str, ...] = getattr(settings, field)
        if not given and name in wanted:
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
    for field in ("public_host", "admin_host", "provisioning_host", "portal_host"):
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
