"""Parts of what is answered: the headers Range and If-Range (RFC 9110 §14, §13.1.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.kernel.errors import Invalid

_UNIT = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(.*)", re.DOTALL)
_SPEC = re.compile(r"([0-9]{1,19})?-([0-9]{1,19})?")
SPECS_MAX = 100


@dataclass(eq=False)
class BadRange(Invalid):
    """The header Range cannot be taken: {problem}.

    Send one such as bytes=0-1023, bytes=1024- or bytes=-500; or none, for the whole file.
    """

    problem: str


@dataclass(eq=False)
class RangeBeyond(Invalid):
    """No byte that is asked for is there: there are {size}.

    Ask for bytes from 0 to the last one; or leave the header Range out, for the whole file.
    """

    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from one on, so many; of a whole of ``size``. ``ranged``: it was asked for as one."""

    start: int
    length: int
    size: int
    ranged: bool

    @property
    def content_range(self) -> str:
        """As the header Content-Range tells it."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def part_of(ranges: Sequence[str], if_range: Sequence[str], etag: str, size: int) -> Part:
    """What of a file to answer.

    The whole, where no range is asked for, several are (which may be answered so), they are
    counted in another unit than bytes, or the file is not the one that ``If-Range`` names: it
    is compared strongly, and a date never fits since none is told.

    :raises BadRange: for what no range looks like.
    :raises RangeBeyond: if there is no byte of it.
    """
    whole = Part(0, size, size, ranged=False)
    if not ranges:
        return whole
    if len(ranges) > 1:
        raise BadRange("it was sent several times")
    if if_range and (len(if_range) > 1 or if_range[0].strip() != etag):
        return whole
    found = _UNIT.fullmatch(ranges[0].strip())
    if found is None:
        raise BadRange("it names no unit")
    if found[1].lower() != "bytes":
        return whole
    specs = [one.strip() for one in found[2].split(",")]
    if len(specs) > SPECS_MAX:
        raise BadRange(f"it asks for more than {SPECS_MAX} ranges")
    parts = [_part(one, size) for one in specs if one]
    if not parts:
        raise BadRange("it asks for no bytes")
    there = [one for one in parts if one is not None]
    if not there:
        raise RangeBeyond(size)
    return there[0] if len(specs) == 1 else whole


def _part(spec: str, size: int) -> Part | None:
    """One range; none if no byte of it is there."""
    found = _SPEC.fullmatch(spec)
    if found is None or spec == "-":
        raise BadRange("it is no range of bytes")
    first, last = found[1], found[2]
    if first is None:
        start, end = max(size - int(last), 0), size
        start = size if last is not None and int(last) == 0 else start
    else:
        start = int(first)
        end = size if last is None else int(last) + 1
        if last is not None and int(last) < start:
            raise BadRange("it ends before it begins")
        end = min(end, size)
    return Part(start, end - start, size, ranged=True) if start < end else None
