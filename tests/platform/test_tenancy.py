"""Which shop a request is for: names made comparable, the directory's memory, the bus's hook."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.hosts import BadHost, host_name
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.platform.tenancy import HostPlan, HostUnclear, TenantDirectory


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Shop.Example.COM", "shop.example.com"),
        ("shop.example.com:8443", "shop.example.com"),
        ("shop.example.com.", "shop.example.com"),
        ("shop.example.com.:443", "shop.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("shop。example", "shop.example"),
        ("127.0.0.1:3000", "127.0.0.1"),
        ("[::1]:3000", "[::1]"),
        ("::1", "::1"),
        ("localhost:3000", "localhost"),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert host_name(text) == host
    assert host_name(host) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        ":80",
        "a..b",
        "-a.example",
        "a-.example",
        "a b.example",
        "a.example/path",
        "user@a.example",
        "a.example:port",
        "a.example:1:2",
        "a\x00.example",
        "a.example\r\nHost: b",
        "x" * 64 + ".example",
        ".".join(["x" * 60] * 5),
        "x" * 100_000,
        "a_b.example",
        "\u202ea.example",
    ],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(BadHost):
        host_name(text)


@dataclass(frozen=True)
class Known:
    id: TenantId
    code: str
    name: str = "first"


class Book:
    """A register of shops in memory that counts how often it is asked."""

    def __init__(self) -> None:
        self.shops = {code: Known(TenantId(RandomIds().new()), code) for code in ("one", "two")}
        self.hosts = {"one.example": "one", "two.example": "two"}
        self.asked: Counter[str] = Counter()

    async def by_id(self, tenant_id: TenantId) -> Known | None:
        self.asked["id"] += 1
        await asyncio.sleep(0)
        return next((shop for shop in self.shops.values() if shop.id == tenant_id), None)

    async def by_code(self, code: str) -> Known | None:
        self.asked["code"] += 1
        await asyncio.sleep(0)
        return self.shops.get(code)

    async def by_host(self, host: str) -> Known | None:
        self.asked["host"] += 1
        await asyncio.sleep(0)
        return self.shops.get(self.hosts.get(host, ""))


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


PLAN = HostPlan(base_domains=("shops.example",), service_hosts=("localhost", "api.example"))


@pytest.mark.parametrize(
    ("host", "named", "code"),
    [
        ("one.example", None, "one"),
        ("ONE.example.:443", None, "one"),
        ("one.example", "one", "one"),
        ("one.example", "two", None),
        ("one.example", "none", None),
        ("one.example", "", None),
        ("two.shops.example", None, "two"),
        ("two.shops.example", "one", None),
        ("a.two.shops.example", None, None),
        ("shops.example", "one", None),
        ("none.shops.example", None, None),
        ("nobody.example", None, None),
        ("nobody.example", "one", None),
        ("api.example", None, None),
        ("api.example", "one", "one"),
        ("api.example", "ONE", None),
        ("localhost:3000", "two", "two"),
        ("127.0.0.1:3000", "two", "two"),
        ("[::1]:3000", "two", "two"),
        ("10.1.2.3", None, None),
        ("api.example", "x" * 10_000, None),
    ],
)
async def test_host_and_header_name_one_shop_or_none(
    host: str, named: str | None, code: str | None
) -> None:
    directory = TenantDirectory(Book(), PLAN)
    for _ in range(2):
        if code is None:
            with pytest.raises(Unknown):
                await directory.resolve([host], named)
        else:
            assert (await directory.resolve([host], named)).code == code


@pytest.mark.parametrize("hosts", [[], ["one.example", "one.example"]])
async def test_a_request_has_one_host(hosts: list[str]) -> None:
    with pytest.raises(HostUnclear):
        await TenantDirectory(Book(), PLAN).resolve(hosts)


async def test_the_only_shop_needs_no_name_on_our_own_hosts() -> None:
    directory = TenantDirectory(Book(), replace(PLAN, only_code="two"))
    assert (await directory.resolve(["localhost"])).code == "two"
    assert (await directory.resolve(["127.0.0.1"], "one")).code == "one"
    with pytest.raises(Unknown):
        await directory.resolve(["nobody.example"])


async def test_profiles_are_at_most_five_seconds_old() -> None:
    book, watch = Book(), Stopwatch()
    directory = TenantDirectory(book, PLAN, seconds=watch)
    one = await directory.resolve(["one.example"])
    book.shops["one"] = replace(one, name="second")
    watch.seconds += 4.9
    assert (await directory.resolve(["one.example"])).name == "first"
    assert (await directory.load(one.id)) is directory.profile(one.id)
    assert sum(book.asked.values()) == 1
    watch.seconds += 0.2
    assert (await directory.resolve(["one.example"])).name == "second"
    assert directory.profile(one.id).name == "second"


async def test_what_is_forgotten_is_looked_up_anew() -> None:
    book = Book()
    directory = TenantDirectory(book, PLAN)
    one = await directory.resolve(["one.example"])
    book.shops["one"] = replace(one, name="second")
    with pytest.raises(Unknown):
        await directory.resolve(["new.example"])
    book.hosts["new.example"] = "one"
    directory.forget(one.id)
    assert (await directory.load(one.id)) == book.shops["one"]
    assert (await directory.resolve(["new.example"])).name == "second"


async def test_a_crowd_asks_the_store_once() -> None:
    book = Book()
    directory = TenantDirectory(book, PLAN)
    found = await asyncio.gather(*(directory.resolve(["one.example"]) for _ in range(50)))
    assert {shop.code for shop in found} == {"one"}
    assert book.asked == {"host": 1}


async def test_names_of_nobody_do_not_fill_the_memory() -> None:
    directory = TenantDirectory(Book(), PLAN)
    for number in range(10_050):
        with pytest.raises(Unknown):
            await directory.resolve([f"h{number}.example"])
    assert len(directory._names) <= 10_000


async def test_a_tenant_made_later_is_found_at_once() -> None:
    book = Book()
    directory = TenantDirectory(book, PLAN)
    late = Known(TenantId(RandomIds().new()), "late")
    assert await directory.load(late.id) is None
    with pytest.raises(Unknown):
        directory.profile(late.id)
    book.shops["late"] = late
    assert await directory.load(late.id) == late


@dataclass(frozen=True, slots=True)
class Look(Command):
    """Look at what was prepared."""


async def test_the_bus_prepares_before_the_work_opens(store: Store) -> None:
    book = Book()
    directory = TenantDirectory(book, PLAN)

    async def look(wish: Look, shop: Known) -> str:
        return shop.name

    look.__annotations__ = {"wish": Look, "shop": Known, "return": str}
    bus = Bus(
        store,
        {Look: look},
        {Known: lambda bound: directory.profile(bound.scope.tenant_id)},
        ids=RandomIds(),
        clock=SystemClock(),
        prepare=lambda scope: directory.load(scope.tenant_id),
    )
    scope = Scope(book.shops["one"].id, SYSTEM)
    assert [await bus.send(scope, Look()) for _ in range(3)] == ["first"] * 3
    assert book.asked == {"id": 1}
    with pytest.raises(Refusal):
        await bus.send(Scope(TenantId(RandomIds().new()), SYSTEM), Look())
