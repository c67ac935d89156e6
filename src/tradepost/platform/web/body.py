"""Bodies of requests: closed, strict, and read by one decoder for each route."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.params import QueryParameter
from msgspec import Meta

from tradepost.platform.web import errors
from tradepost.platform.web.translate import bad_body

MediaType = tuple[str, dict[str, str]]
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


class Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The form of a request's body: subclass it; a field that is not named there is refused."""


Amount = Annotated[int, Meta(ge=-(10**15), le=10**15)]
"""Minor units of a currency."""
Units = Annotated[int, Meta(ge=1, le=10**12)]
"""How many of the smallest unit in which an article is sold."""
Count = Annotated[int, Meta(ge=0, le=10**12)]
Version = Annotated[int, Meta(ge=1, le=10**12)]
Instant = Annotated[datetime, Meta(tz=True)]
"""An instant with its offset from UTC, in a body; in a query see :func:`instant`."""
InstantParameter = Annotated[
    str | None, QueryParameter(max_length=64, schema_extra={"format": "date-time"})
]
"""An instant in a query, for :func:`instant` to read."""
Line = Annotated[str, Meta(max_length=500)]
"""A line of text; what is in it is the domain's to judge."""
Code = Annotated[str, Meta(min_length=1, max_length=128)]


class DoorRequest(Request[Any, Any, State]):
    """A request whose JSON body is decoded at once into the form that its route names."""

    async def json(self) -> Any:
        """The body as its route wants it.

        :raises WrongMediaType: for anything but JSON in UTF-8.
        :raises MalformedJson: for what is no JSON, or holds text that no store can keep.
        :raises BadBody: for another form, naming the field.
        """
        check_media_type(self.content_type, self.headers.get("content-encoding", ""))
        field = self.route_handler.parsed_data_field
        return decode(await self.body(), Any if field is None else field.annotation)


def instant(text: str | None, name: str) -> datetime | None:
    """An instant of the query as RFC 3339 writes it: no bare number, never without its offset."""
    if text is None:
        return None
    try:
        return msgspec.convert(text, Instant)
    except msgspec.ValidationError as error:
        message = "needs to be an instant with its offset from UTC, such as 2026-11-21T09:00:00Z"
        raise errors.BadParameters(name, ((name, message),)) from error


def check_media_type(found: MediaType, encoding: str) -> None:
    """Refuse bodies that are not JSON in UTF-8."""
    kind, options = found
    charset = options.get("charset", "utf-8").strip('"').lower()
    json = kind == "application/json" or kind.endswith("+json")
    if not json or charset not in {"utf-8", "utf8"} or encoding not in {"", "identity"}:
        raise errors.WrongMediaType((kind or "none")[:100])


def decode(raw: bytes, form: Any) -> Any:
    """JSON as a value of a form, without any coercion."""
    decoder = _DECODERS.get(form)
    if decoder is None:
        decoder = _DECODERS[form] = msgspec.json.Decoder(form)
    try:
        value = decoder.decode(raw)
        if b"\\u0000" in raw and _holds_nul(msgspec.json.decode(raw)):
            raise errors.MalformedJson("text holds the character U+0000")
    except msgspec.ValidationError as error:
        raise bad_body(error) from error
    except UnicodeDecodeError as error:
        raise errors.MalformedJson("it is not UTF-8") from error
    except msgspec.DecodeError as error:
        raise errors.MalformedJson(str(error).removeprefix("JSON is malformed: ")) from error
    except RecursionError as error:
        raise errors.MalformedJson("it is nested too deeply") from error
    return value


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
