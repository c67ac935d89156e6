"""How values are kept, frozen for the portal's revisions."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

ID = Uuid().with_variant(LargeBinary(), "sqlite")
DOCUMENT = JSONB().with_variant(Text(), "sqlite")
WHOLE = BigInteger()
TEXT = Text()
