"""One renderer for every no: a refusal's category becomes a status and an RFC 9457 document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec

from tradepost.kernel.errors import BadValue, Category, Refusal, Unauthenticated
from tradepost.kernel.hosts import BadHost
from tradepost.platform.db.errors import StoreFull
from tradepost.platform.idempotency import KeyRunning
from tradepost.platform.tenancy import HostUnclear
from tradepost.platform.web import errors
from tradepost.platform.web.ranges import BadRange, RangeBeyond

MEDIA_TYPE = "application/problem+json"
PROBLEM_PATH = "/api/v1/problems/"
UNEXPECTED = "platform.unexpected"
RESERVED = frozenset(
    {"type", "title", "status", "detail", "code", "remedy", "instance", "request_id", "errors"}
)
"""Members of every problem; a reason's own facts stand beside them under other names."""

_BY_CATEGORY: Mapping[Category, int] = {
    Category.INVALID: 422,
    Category.UNAUTHENTICATED: 401,
    Category.FORBIDDEN: 403,
    Category.NOT_FOUND: 404,
    Category.GONE: 410,
    Category.CONFLICT: 409,
    Category.REFUSED: 409,  # understood and well formed, but the state of the shop forbids it
    Category.TOO_MANY: 429,
    Category.TOO_LARGE: 413,
    Category.PRECONDITION_MISSING: 428,
    Category.PRECONDITION_FAILED: 412,
    Category.UNAVAILABLE: 503,
}
_BY_CLASS: Mapping[type[Refusal], int] = {
    errors.BadRequest: 400,
    errors.MalformedJson: 400,
    errors.WrongMediaType: 415,
    errors.HeadersTooLarge: 431,
    errors.TooSlow: 408,
    errors.WrongMethod: 405,
    errors.KeyMissing: 400,
    errors.BadKey: 400,
    errors.KeyGuessable: 400,
    errors.BadGuestToken: 400,
    errors.BadVersion: 400,
    errors.BadCursor: 400,
    BadRange: 400,
    RangeBeyond: 416,
    HostUnclear: 400,
    BadHost: 400,
    StoreFull: 507,
}
_BODY_TOO_LARGE_STATUS = 413
_LIMIT_OF_THE_TRADE_STATUS = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """What is answered instead of what was asked for."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The document as JSON."""
        return msgspec.json.encode(self.body, enc_hook=str)


def status_of(kind: type[Refusal]) -> int:
    """The status that tells a reason: by its class where HTTP has a word for it, else by category.

    A limit of the shop (lines, quantity) is a rule about content, 422; 413 is left to bodies.
    """
    for base in kind.__mro__:
        if base in _BY_CLASS:
            return _BY_CLASS[base]
    status = _BY_CATEGORY[kind.category]
    if status == _BODY_TOO_LARGE_STATUS and not issubclass(kind, errors.BodyTooLarge):
        return _LIMIT_OF_THE_TRADE_STATUS
    return status


def problem_of(refusal: Refusal, instance: str = "", request_id: str = "") -> Problem:
    """The document of a refusal."""
    status = status_of(type(refusal))
    facts = {name: _shown(value) for name, value in refusal.facts().items()}
    told = _base(status, refusal.code, instance, request_id)
    told |= {"detail": refusal.message, "remedy": refusal.remedy, "errors": _errors_of(refusal)}
    body = {name: value for name, value in facts.items() if name not in RESERVED} | told
    return Problem(status, body, _headers_of(refusal))


def unexpected(instance: str = "", request_id: str = "") -> Problem:
    """The document of a defect of ours: nothing but the request's id leaves the house."""
    body = _base(500, UNEXPECTED, instance, request_id)
    body["detail"] = "Something went wrong on our side; nothing is known to have changed."
    body["remedy"] = f"Tell the operator the request id {request_id}."
    body["errors"] = []
    return Problem(500, body)


def _base(status: int, code: str, instance: str, request_id: str) -> dict[str, Any]:
    return {
        "type": PROBLEM_PATH + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "instance": instance,
        "request_id": request_id,
    }


def _errors_of(refusal: Refusal) -> list[dict[str, str]]:
    if isinstance(refusal, errors.BadParameters):
        return [{"field": name, "problem": problem} for name, problem in refusal.problems]
    if isinstance(refusal, errors.UnknownParameters):
        return [{"field": name, "problem": "unknown"} for name in refusal.names.split(", ")]
    if isinstance(refusal, BadValue | errors.BadBody):
        return [{"field": refusal.field, "problem": refusal.problem}]
    return []


def _headers_of(refusal: Refusal) -> dict[str, str]:
    headers = {}
    if isinstance(refusal, Unauthenticated):
        known = isinstance(refusal, errors.SignInNeeded)
        headers["www-authenticate"] = "Bearer" + ("" if known else ' error="invalid_token"')
    if isinstance(refusal, errors.WrongMethod):
        headers["allow"] = refusal.allowed
    if isinstance(refusal, errors.WrongMediaType):
        headers["accept"] = "application/json"
    if isinstance(refusal, RangeBeyond):
        headers["content-range"] = f"bytes */{refusal.size}"
    wait = refusal.facts().get("retry_after_s")
    if wait is not None and (
        status_of(type(refusal)) in {429, 503, 507} or isinstance(refusal, KeyRunning)
    ):
        headers["retry-after"] = str(wait)
    return headers


def _shown(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
