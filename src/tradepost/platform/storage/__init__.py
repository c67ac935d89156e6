"""Files of shops: in a folder of this machine, or in a store that speaks S3."""

from tradepost.platform.storage.port import (
    CHUNK_BYTES,
    BadFileKey,
    FileStore,
    NoSuchFile,
    OpenFile,
    StoreAway,
    checked_key,
)

__all__ = [
    "CHUNK_BYTES",
    "BadFileKey",
    "FileStore",
    "NoSuchFile",
    "OpenFile",
    "StoreAway",
    "checked_key",
]
