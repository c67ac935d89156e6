"""A process that serves the sample routes on free ports, for tests that need real sockets.

    python -m tests.web.serve public admin [room=RUNNING,WAITING,WAIT_MS,BODIES_BYTES]

prints one line of JSON with the ports and the code of its shop, serves until it is told to end,
and says "ended" when it has.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from uuid import uuid4

from litestar import get

from tests.stores import sqlite_store
from tests.web import rooms
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.web import PUBLIC, door
from tradepost.platform.web.app import AppPlan, build_app
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import RoomLimits, WebSettings
from tradepost.tenancy.commands import CreateTenant
from tradepost.wiring.house import build_house

WEB = WebSettings(
    signing_secrets=(b"s" * 32,), limits_requests=False, body_seconds_max=1, drain_seconds_max=5
)


@get("/slow", opt=door(PUBLIC, shop=False))
async def slow() -> str:
    """Answer after a second."""
    await asyncio.sleep(1)
    return "done"


@get("/slower", opt=door(PUBLIC, shop=False))
async def slower() -> str:
    """Answer after three seconds."""
    await asyncio.sleep(3)
    return "done"


async def main(names: list[str]) -> None:
    """Serve an app for each audience named, with as much room as is said."""
    configure_logs()
    web = WEB
    if names[-1].startswith("room="):
        room = RoomLimits(*map(int, names.pop().removeprefix("room=").split(",")))
        web = replace(WEB, room=room)
    house = build_house(await sqlite_store(None), web)
    shop, code = TenantId(uuid4()), f"s-{uuid4().hex[:12]}"
    wish = CreateTenant(code=code, name="Shop", default_currency="GBP", opened=True)
    await house.bus.send(Scope(shop, SYSTEM), wish)
    plan = AppPlan(
        "Samples", "Every kind of route.", (*rooms.ROUTES, slow, slower), shows_metrics=True
    )
    places = [
        Listening(name, build_app(house.office(name), plan, metrics=house.metrics), 0)
        for name in names
    ]
    servers = Servers(places, drain_seconds_max=WEB.drain_seconds_max)

    async def started() -> None:
        told = {"ports": servers.ports, "code": code}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    await servers.run(started)
    await house.close()
    sys.stdout.write("ended\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
