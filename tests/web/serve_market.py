"""A process that serves both real APIs over a small shop, for tools that test from outside.

    python -m tests.web.serve_market FOLDER

prints one line of JSON: the addresses, the shop's code, and a token for each API.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from uuid import uuid4

from tests.journeys.spine import open_shop
from tests.search.builders import open_engine
from tests.stores import sqlite_store
from tests.web.conftest import ListedTokens
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.messages import Actor
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import WebSettings
from tradepost.search.queries import Finder
from tradepost.wiring.house import build_house

WEB = WebSettings(signing_secrets=(b"s" * 32,), limits_requests=False)
AUDIENCES = ("public", "admin", "service", "portal")


async def main(folder: Path) -> None:
    """Serve until told to end."""
    configure_logs("warning")
    store = await sqlite_store(folder / "store.sqlite")
    shop = await open_shop(store)
    for name in ("mug", "lamp", "hat"):
        await shop.article(name, "4.00", stock=1_000_000)
    tokens = ListedTokens()
    secrets = TokenSecrets.of(**{name: f"{name:_<32}" for name in AUDIENCES})
    house = build_house(store, WEB, secrets=secrets, tokens=tokens)
    engine = await open_engine()
    house.services[Finder] = Finder(engine)
    profile = await house.directory.load(shop.scope.tenant_id)
    assert profile is not None
    people = {
        "public": Actor("customer", uuid4()),
        "admin": Actor("staff", uuid4(), frozenset({"*"})),
    }
    apps = {"public": public_app(house), "admin": admin_app(house)}
    servers = Servers([Listening(name, app, 0) for name, app in apps.items()])

    async def started() -> None:
        told = {
            "urls": {name: f"http://127.0.0.1:{port}" for name, port in servers.ports.items()},
            "code": profile.code,
            "tokens": {
                name: tokens.give(name, shop.scope.tenant_id, actor)
                for name, actor in people.items()
            },
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    await servers.run(started)
    await engine.close()
    await house.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
