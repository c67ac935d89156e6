"""A process whose orders are followed, and in which they change so often a second.

    python -m bench.tracking_server STORE ORDERS

prints one line of JSON with the port, the shop's code and a token for each order. A line
``SECONDS RATE`` on its input has it trade; then it prints when each change was committed, by the
clock that all processes of the machine share, and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

from tests.identity.conftest import SECRETS
from tests.journeys.spine import Shop, code_of, open_shop
from tests.web.market import HOME

from bench.reads_server import opened
from tradepost.apps.public_api.app import create_app
from tradepost.kernel.ids import OrderId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.live import Following
from tradepost.platform.process import loop_factory, tune_memory
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.tokens import Audience, Tokens, TokenSecrets, TokenType
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import SocketLimits, WebSettings
from tradepost.wiring.house import build_house
from tradepost.wiring.worker import build_worker

WEB = WebSettings(
    signing_secrets=(b"s" * 32,), limits_requests=False, sockets=SocketLimits(5000, 5000)
)


async def main(kind: str, count: int) -> None:
    """Serve, and trade when it is asked for."""
    with Path("/dev/null").open("w") as nowhere:  # noqa: ASYNC230  once, at the start
        configure_logs("info", "json", nowhere)
        async with opened(kind) as store:
            shop = await open_shop(store)
            house = build_house(store, WEB, secrets=TokenSecrets.of(**SECRETS))
            shop.bus = house.bus
            orders = await _placed(shop, count)
            worker = build_worker(house.bus)
            await worker.settle()
            worker.tail.listeners.append(house.services[Following].see)
            servers = Servers([Listening("public", create_app(house), 0)], drain_seconds_max=1)
            jobs = [asyncio.create_task(servers.run()), asyncio.create_task(worker.run())]
            tokens: Tokens = house.services[Tokens]
            tenant = shop.scope.tenant_id
            life = timedelta(hours=1)
            told = {
                str(one): tokens.issue(Audience.PUBLIC, TokenType.TRACKING, one, tenant, life)
                for one in orders
            }
            _say({"port": servers.ports["public"], "code": code_of(tenant), "orders": told})
            while line := await asyncio.to_thread(sys.stdin.readline):
                seconds, rate = map(float, line.split())
                _say(await _traded(shop, orders, seconds, rate))
            servers.end()
            worker.stop()
            await asyncio.gather(*jobs)
            await house.close()


async def _placed(shop: Shop, count: int) -> list[OrderId]:
    await shop.article("boat", "90000.00", stock=count)
    home = Address(**HOME)
    wish = Basket(lines=(Wanted(1, sku="boat"),), ship_to=home)
    placed = [await shop.bus.send(shop.scope, PlaceOrder(wish)) for _ in range(count)]
    return [one.order_id for one in placed]


async def _traded(
    shop: Shop, orders: list[OrderId], seconds: float, rate: float
) -> list[tuple[str, int, float]]:
    """Pay a penny of an order so often a second: order, the version it came to, and when."""
    draw, versions, told = random.Random(1), dict.fromkeys(orders, 1), []  # noqa: S311  no secret
    began = time.monotonic()
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        one = draw.choice(orders)
        await shop.bus.send(shop.scope, RecordPayment((Share(one),), amount=1, currency="GBP"))
        versions[one] += 1
        told.append((str(one), versions[one], time.monotonic()))
    return told


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    tune_memory()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2])))
