"""The lines of a text file, plain or compressed, with every fault of the bytes told by line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tradepost.transfer import errors

LINE_LIMIT_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16
_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = "\ufeff"


class TextFile:
    """An open file of UTF-8 lines; what it begins with tells whether it is gzip.

    Raises :class:`~errors.NoSuchFile`, :class:`~errors.FileUnreadable` and
    :class:`~errors.NotGzip` when made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._raw = path.open("rb")
        except FileNotFoundError:
            raise errors.NoSuchFile(str(path)) from None
        except OSError as failure:
            raise errors.FileUnreadable(str(path), failure.strerror or "") from failure
        self.size_bytes = path.stat().st_size
        self._is_gzip = self._raw.peek(2)[:2] == _GZIP_MAGIC
        if path.suffix == ".gz" and not self._is_gzip:
            self._raw.close()
            raise errors.NotGzip(str(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._raw.close()

    @property
    def position_bytes(self) -> int:
        """How much of ``size_bytes`` has been read, as stored; for a progress bar."""
        return self._raw.tell()

    def lines(self) -> Iterator[str]:
        """Each line with its line end, from the first; memory stays flat.

        Raises :class:`~errors.GzipTruncated`, :class:`~errors.GzipDamaged`,
        :class:`~errors.LineTooLong`, :class:`~errors.NotUtf8` and :class:`~errors.NulByte`, each
        after all lines before the fault.
        """
        number = 1
        try:
            for line in self._byte_lines():
                yield _text(number, line)
                number += 1
        except EOFError:
            raise errors.GzipTruncated(number) from None
        except (gzip.BadGzipFile, zlib.error) as fault:
            raise errors.GzipDamaged(number, str(fault)) from None
        except OSError as failure:
            raise errors.FileUnreadable(str(self.path), failure.strerror or "") from failure

    def _byte_lines(self) -> Iterator[bytes]:
        number, rest = 1, b""
        for block in self._blocks():
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield line + b"\n"
            number += len(whole)
            if len(rest) > LINE_LIMIT_BYTES:
                raise errors.LineTooLong(number, LINE_LIMIT_BYTES)
        if rest:
            yield rest

    def _blocks(self) -> Iterator[bytes]:
        # read1 hands out what could be unpacked before it meets the fault; read would drop it.
        source = gzip.GzipFile(fileobj=self._raw) if self._is_gzip else self._raw
        while block := source.read1(_BLOCK_BYTES):
            yield block


def _text(number: int, line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError as fault:
        raise errors.NotUtf8(number, fault.start + 1) from None
    if "\0" in text:
        raise errors.NulByte(number)
    return text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text
