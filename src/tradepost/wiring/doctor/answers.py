"""The law that whoever asks again is answered: every kept answer can be read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import tuple_

from tradepost.platform.bus import answer_shape
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Row
from tradepost.platform.idempotency import decode_answer, idempotency_keys
from tradepost.wiring.doctor.law import Found, Law, Sight
from tradepost.wiring.parts import gathered

PAGE = 2000
_k = idempotency_keys.c
_KEY = (_k.key, _k.principal, _k.route)
_PAGE = Statement(
    scoped(idempotency_keys, *_KEY, _k.answer)
    .where(tuple_(*_KEY) > tuple_(param("key"), param("principal"), param("route")))
    .order_by(*_KEY)
    .limit(PAGE)
)


@cache
def _shapes() -> dict[str, Any]:
    """What is answered to each command of this release, by the command's name."""
    return {
        command.__name__: answer_shape(command, handler)
        for command, handler in gathered("HANDLERS").items()
    }


def _fault(route: str, answer: str) -> str | None:
    """What is wrong with an answer."""
    if route not in _shapes():
        return None  # a command of another release; its answers end with their keys
    try:
        decode_answer(answer, _shapes()[route])
    except Exception as error:  # whatever it is, nobody can be answered with it
        return f"{type(error).__name__}: {error}"
    return None


async def _look(db: Reader, sight: Sight) -> Found:
    last: Sequence[str] = ("", "", "")
    total, told = 0, list[Row]()
    while rows := await db.all(
        _PAGE, **dict(zip(("key", "principal", "route"), last, strict=True))
    ):
        last = rows[-1][:3]
        for key, principal, route, answer in rows:
            fault = _fault(route, answer)
            if fault is not None:
                total += 1
                told.append((principal, key, route, "an answer that can be read", fault))
        del told[sight.most :]
    return Found(total, told)


ANSWERS = Law(
    "records.answers",
    "Every answer that is kept under a key can be told again.",
    ("idempotency_keys",),
    ("principal", "key", "route"),
    _look,
)
