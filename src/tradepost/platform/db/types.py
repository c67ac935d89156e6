"""Column types: how a value of the domain is kept in each store.

PostgreSQL keeps identifiers as ``uuid``, days as ``date`` and documents as ``jsonb``; SQLite keeps
them as 16 bytes, ISO text and JSON text. Instants are microseconds since 1970 in both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Date, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.ids import uuid_from

Codec = Callable[[Any], Any] | None


class StoredType(TypeDecorator[Any]):
    """A type that says itself, for a dialect, how to encode and decode; ``None`` means as is."""

    cache_ok = True

    def encoder(self, dialect: str) -> Codec:
        """What turns a value of the domain into one of the driver."""
        return None

    def decoder(self, dialect: str) -> Codec:
        """What turns a value of the driver into one of the domain."""
        return None


class IdType(StoredType):
    """A UUID."""

    impl = Uuid

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LargeBinary() if dialect.name == "sqlite" else Uuid())

    def encoder(self, dialect: str) -> Codec:
        return (lambda value: value.int.to_bytes(16, "big")) if dialect == "sqlite" else None

    def decoder(self, dialect: str) -> Codec:
        return uuid_from if dialect == "sqlite" else None


class InstantType(StoredType):
    """An instant, as microseconds UTC."""

    impl = BigInteger

    def encoder(self, dialect: str) -> Codec:
        return to_micros

    def decoder(self, dialect: str) -> Codec:
        return from_micros


class DayType(StoredType):
    """A business date."""

    impl = Date

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def encoder(self, dialect: str) -> Codec:
        return date.isoformat if dialect == "sqlite" else None

    def decoder(self, dialect: str) -> Codec:
        return date.fromisoformat if dialect == "sqlite" else None


class FlagType(StoredType):
    """True or false."""

    impl = BigInteger

    def encoder(self, dialect: str) -> Codec:
        return int

    def decoder(self, dialect: str) -> Codec:
        return bool


class ChoiceType(StoredType):
    """A member of a ``StrEnum``, kept as its text."""

    impl = Text

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def encoder(self, dialect: str) -> Codec:
        return str

    def decoder(self, dialect: str) -> Codec:
        return {one.value: one for one in self.choices}.__getitem__  # half of an enum's own call


class DocumentType(StoredType):
    """A nested value kept whole as JSON; read back as the annotated type."""

    impl = JSONB

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._decoder = msgspec.json.Decoder(shape)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else JSONB())

    def encoder(self, dialect: str) -> Codec:
        return lambda value: msgspec.json.encode(value).decode()

    def decoder(self, dialect: str) -> Codec:
        return self._decoder.decode

    @property
    def cache_key_shape(self) -> str:
        """The shape by name, for messages."""
        return str(self.shape)
