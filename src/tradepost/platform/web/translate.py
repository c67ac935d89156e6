"""The framework's own errors and the decoder's, as reasons of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from tradepost.kernel.errors import Refusal
from tradepost.platform.web import errors

BODY_BYTES_MAX = 1_000_000
_PLACE = re.compile(r" - at `\$\.?(?P<path>.*?)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`")
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`")
_MISSING_PARAMETER = re.compile(r"^Missing required (query|header|path) parameter '(?P<name>.+?)'")


def bad_body(error: msgspec.ValidationError) -> errors.BadBody:
    """A body of the wrong form, with the path of the field that is wrong."""
    text = str(error)
    place = _PLACE.search(text)
    path = place["path"] if place else ""
    said = text[: place.start()] if place else text
    for pattern, problem in ((_UNKNOWN, "is unknown"), (_MISSING, "is missing")):
        if found := pattern.match(said):
            return errors.BadBody(".".join(filter(None, (path, found["name"]))), problem)
    return errors.BadBody(path or "body", said.replace("`", "").lower())


def refusal_from(error: HTTPException, method: str, path: str) -> Refusal | None:
    """What an error of the framework means; none if it is a defect of ours."""
    if isinstance(error, NotFoundException):
        return errors.NoSuchPlace(path)
    if isinstance(error, MethodNotAllowedException):
        return errors.WrongMethod(method, _allowed(error))
    if isinstance(error, ValidationException):
        return _bad_parameters(error)
    if error.status_code == 413:
        return errors.BodyTooLarge(BODY_BYTES_MAX)
    if 400 <= error.status_code < 500:
        return errors.BadRequest(error.detail.split(":")[0].lower())
    return None


def _allowed(error: HTTPException) -> str:
    said = (error.headers or {}).get("allow", "")
    return ", ".join(sorted({method.strip() for method in said.split(",")}))


def _bad_parameters(error: ValidationException) -> errors.BadParameters | errors.BadBody:
    if found := _MISSING_PARAMETER.match(error.detail):
        return _named([(found["name"], "is missing")])
    listed: Iterable[Any] = error.extra or []
    problems = [
        (str(one.get("key", "")), str(one.get("message", "")).replace("`", "").lower())
        for one in listed
        if isinstance(one, dict)
    ]
    if any(name == "data" for name, _ in problems) or not problems:
        return errors.BadBody("body", "is missing")
    return _named(problems)


def _named(problems: list[tuple[str, str]]) -> errors.BadParameters:
    return errors.BadParameters(", ".join(name for name, _ in problems), tuple(problems))
