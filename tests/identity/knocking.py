"""How the tests of the matrix stand at a door: with a path, a version, a key and a fitting body."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
from litestar import Litestar

from tests.identity.said import SHOPPERS_DOORS, STAFF_DOORS
from tradepost.platform.web.door import Place, matrix

API = "/api/v1/"
BODIES = {"public": SHOPPERS_DOORS, "admin": STAFF_DOORS}
WRITES = ("POST", "PUT", "PATCH")
WORDS = {
    "purpose": "newsletter",
    "action": "approve",
    "account": "receivable",
    "consumer": "ordering.erasure",
    "gateway": "sandbox",
    "file_name": "other.pdf",
    "token": "none",
}
"""What stands in paths and names no record of a shop's."""
TWINS = {"number": "1001", "receipt_number": "1", "credit_note_number": "1", "product": "twin"}
"""What names a record in each shop: two shops may well have the same."""
_DAYS = "?first=2025-01-01&last=2034-12-31"
_QUERIES = {
    f"{API}ledger/{name}": _DAYS
    for name in ("totals", "trial-balance", "accounts/{account}/transfers")
} | {
    f"{API}ledger/balances": "?day=2030-01-01",
    f"{API}delivery": "?country=GB&postcode=LS1",
    f"{API}availability": "?variant_id={variant_id}",
    f"{API}stock": "?location_id={location_id}",
    f"{API}stock/movements": "?variant_id={variant_id}",
    f"{API}stock/reservations": "?variant_id={variant_id}",
}
_NAME = re.compile(r"{(\w+)}")
_AT_THE_DOOR = {"platform.sign_in_needed", "platform.token_unfit"}
_OWN_END = re.compile(r".*/v1/sign-out(-everywhere)?")


def doors(app: Litestar) -> list[Place]:
    """Every operation of a shop."""
    return [place for place in matrix(app) if place.door.shop]


def doors_that_stay(app: Litestar) -> list[Place]:
    """Those that do not end the sign-in of whoever goes through."""
    return [place for place in doors(app) if not _OWN_END.fullmatch(place.path)]


def called(place: Place) -> str:
    """What a door is called in the table of bodies."""
    return f"{place.method} {place.path.removeprefix(API)}"


def whole_path(place: Place) -> str:
    """The path with the query that it needs."""
    query = _QUERIES.get(place.path, "") if place.method == "GET" else ""
    return place.path + query


def body_of(place: Place) -> Any:
    """What is said there; a door without a line in tests/identity/said.py fails."""
    return BODIES[place.audience][called(place)] if place.method in WRITES else None


def records_named(place: Place) -> set[str]:
    """The identifiers that the path, its query and the body name."""
    return {name for name in _names(place) if name not in WORDS and name not in TWINS}


def names_twin(place: Place) -> bool:
    """Whether the path names a record by what another shop's may be called, too."""
    return any(name in TWINS for name in _NAME.findall(place.path))


async def knock(client: httpx.AsyncClient, place: Place, ids: dict[str, str]) -> httpx.Response:
    """Knock with these identifiers; what is not among them names nothing anywhere."""
    known = {name: str(uuid4()) for name in _names(place)} | WORDS | TWINS | ids
    headers = {"idempotency-key": uuid4().hex, "if-match": '"1"', "x-signature": "none"}
    path = _filled(whole_path(place), known)
    body = _filled(body_of(place), known)
    return await client.request(place.method, path, headers=headers, json=body)


async def knock_twice(
    client: httpx.AsyncClient, place: Place, ids: dict[str, str]
) -> tuple[httpx.Response, bool]:
    """Knock for these records, and for some that never were: is it answered the same?

    Of a path that names records it is those that never were, else what query and body name.
    """
    asked = set(_NAME.findall(place.path)) & records_named(place) or records_named(place)
    never = ids | {name: str(uuid4()) for name in asked}
    answer = await knock(client, place, ids)
    other = await knock(client, place, never)
    same = answer.status_code == other.status_code
    if answer.status_code == 201:  # what is made has an identifier of its own
        return answer, same
    return answer, same and _bare(answer, ids) == _bare(other, never)


def turned_away(answer: httpx.Response) -> bool:
    """Whether the door let nobody in; what lies behind it may refuse them all the same."""
    return answer.status_code == 401 and answer.json()["code"] in _AT_THE_DOOR


def _names(place: Place) -> list[str]:
    return _NAME.findall(whole_path(place) + repr(body_of(place)))


def _filled(told: Any, known: dict[str, str]) -> Any:
    """The same with the identifiers in their places."""
    if isinstance(told, str):
        return _NAME.sub(lambda found: known.get(found[1], found[0]), told)
    if isinstance(told, dict):
        return {name: _filled(one, known) for name, one in told.items()}
    if isinstance(told, list):
        return [_filled(one, known) for one in told]
    return told


def _bare(answer: httpx.Response, ids: dict[str, str]) -> str:
    """An answer without what must differ: its own name, and the identifiers asked for."""
    text = re.sub(r'"request_id":"[^"]*"', "", answer.text)
    for id in ids.values():
        text = text.replace(id, "<id>") if len(id) == 36 else text
    return text
