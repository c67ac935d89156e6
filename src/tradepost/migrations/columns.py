"""How values are kept, frozen for the revisions: what the product's own types stand for.

A revision must mean the same for ever, so it names these and not the types of the running product.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Date, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

ID = Uuid().with_variant(LargeBinary(), "sqlite")
DAY = Date().with_variant(Text(), "sqlite")
DOCUMENT = JSONB().with_variant(Text(), "sqlite")
SERIAL = BigInteger().with_variant(Integer(), "sqlite")
WHOLE = BigInteger()
TEXT = Text()
