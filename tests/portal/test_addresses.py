"""Databases that tenants bring along: which addresses are called, and what a look finds."""

from __future__ import annotations

import time
from ipaddress import ip_address
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests import servers
from tradepost.platform.outward.addresses import NotReachable, Reach, is_public
from tradepost.platform.outward.database import BadDatabase, DatabaseAddress, Tls, checked_password
from tradepost.platform.vault import CannotOpen, Hidden, Vault
from tradepost.tenancy.gateway.database import DatabaseProbe, tls_of

_INSIDE = """
    127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
    192.0.0.1 192.0.2.1 198.18.0.1 203.0.113.7 224.0.0.1 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1 fec0::1 fc00::1 fd00:ec2::254
    ff02::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1 64:ff9b:1::1
    2001:0:4136:e378:8000:63bf:80ff:fffe
"""
INSIDE = _INSIDE.split()
"""Addresses inside, in all their wrappings; the last is Teredo around 127.0.0.1."""
OUTSIDE = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
ODD = [
    *("2130706433", "0x7f000001", "127.1", "017700000001", "0177.0.0.1", "0x7f.1", "127.0.0.1."),
    *("①②⑦.⓪.⓪.①", "1"),
]
PASSWORD = "correct horse battery"


@pytest.mark.parametrize("text", INSIDE)
async def test_an_address_inside_is_never_dialled(text: str) -> None:
    assert not is_public(ip_address(text))
    with pytest.raises(NotReachable):
        await Reach(frozenset({5432}), resolve=lambda *_: [text]).dialled("db.example.com", 5432)


@pytest.mark.parametrize("text", OUTSIDE)
async def test_a_public_address_is_dialled_as_it_was_judged(text: str) -> None:
    answers = iter([[text], ["127.0.0.1"]])  # who asked twice would be told another one
    reach = Reach(frozenset({5432}), resolve=lambda *_: next(answers))
    assert await reach.dialled("db.example.com", 5432) == str(ip_address(text))


@pytest.mark.parametrize("host", ODD)
async def test_odd_spellings_of_numbers_are_no_hosts(host: str) -> None:
    with pytest.raises((BadDatabase, NotReachable)):
        address = DatabaseAddress.parse(host, 5432, "shop", "shop", "verify")
        await Reach(frozenset({5432})).dialled(address.host, address.port)


async def test_one_address_inside_among_several_and_other_ports_refuse() -> None:
    mixed = Reach(frozenset({5432}), resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(NotReachable):
        await mixed.dialled("db.example.com", 5432)
    for port in (22, 6379, 5433):
        with pytest.raises(NotReachable):
            await Reach(frozenset({5432}), resolve=lambda *_: ["8.8.8.8"]).dialled("a.com", port)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "/var/run/postgresql"),
        ("host", "ok@127.0.0.1"),
        ("host", "db.example.com:5432"),
        ("host", "db.example.com?options=-c"),
        ("host", "db\r\n.example.com"),
        ("host", ""),
        ("port", 0),
        ("port", 70_000),
        ("name", "shop sslmode=disable"),
        ("name", "shop'"),
        ("user", ""),
        ("user", "a" * 64),
        ("tls", "prefer"),
    ],
)
def test_a_bad_field_is_named(field: str, value: object) -> None:
    good = {"host": "db.example.com", "port": 5432, "name": "s", "user": "s", "tls": "verify"}
    with pytest.raises(BadDatabase) as refused:
        DatabaseAddress.parse(**good | {field: value})  # type: ignore[arg-type]  # bad on purpose
    assert refused.value.field == field


async def test_a_look_tells_what_a_server_says_and_nothing_of_places_inside(
    postgres_url: str,
) -> None:
    port = urlsplit(postgres_url).port
    assert port
    url = await servers.create_database(postgres_url)
    name = urlsplit(url).path[1:]
    anywhere = Reach(frozenset({port, 1}), any_address=True)
    probe = DatabaseProbe(anywhere, answer_s_min=0.0)

    async def look(user: str = "postgres", name: str = name, port: int = port) -> list[str]:
        address = DatabaseAddress.parse("127.0.0.1", port, name, user, "off")
        checks = await probe.look(address, Hidden(PASSWORD))
        return [f"{one.name}:{one.problem or 'passed'}" for one in checks]

    good = ["connectivity:passed", "version:passed", "rights:passed", "schema:passed"]
    assert await look() == good
    assert await look(name="nowhere") == ["connectivity:no_such_database"]
    assert await look(user="nobody_known") == ["connectivity:sign_in_refused"]
    assert await look(port=1) == ["connectivity:unreachable"]
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE ROLE small_{port} LOGIN; CREATE TABLE theirs (n int)")
    await connection.close()
    assert await look() == [*good[:3], "schema:not_empty"]
    assert (await look(user=f"small_{port}"))[-1] == "rights:may_not_create_tables"
    await servers.drop_database(url)
    began = time.monotonic()
    inside = DatabaseProbe(Reach(frozenset({port})), answer_s_min=0.2)
    address = DatabaseAddress.parse("127.0.0.1", port, name, "postgres", "off")
    (told,) = await inside.look(address, Hidden(PASSWORD))
    assert (told.name, told.problem, told.detail) == ("connectivity", "unreachable", "")
    assert time.monotonic() - began >= 0.2


def test_certificates_are_checked_against_the_name_though_an_address_is_dialled() -> None:
    address = DatabaseAddress.parse("db.example.com", 5432, "s", "s", "verify")
    context = tls_of(address)
    assert not isinstance(context, bool)
    assert context.check_hostname
    assert context.get_ca_certs() is not None
    import ssl

    made = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="192.0.2.1")
    assert made.server_hostname == "db.example.com"
    assert tls_of(DatabaseAddress("db.example.com", 5432, "s", "s", Tls.OFF)) is False


def test_a_sealed_secret_opens_in_its_place_alone_and_is_never_told() -> None:
    new, old = "n" * 40, "o" * 40
    secret = Hidden(checked_password(PASSWORD))
    assert PASSWORD not in f"{secret} {secret!r} {[secret]} {{'a': secret}}"
    sealed = Vault([old]).seal(secret, "one")
    assert PASSWORD not in sealed
    assert sealed != Vault([old]).seal(secret, "one")
    assert Vault([new, old]).open(sealed, "one").reveal() == PASSWORD
    for vault, place in ((Vault([new, old]), "two"), (Vault([new]), "one")):
        with pytest.raises(CannotOpen):
            vault.open(sealed, place)
