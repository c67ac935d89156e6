"""Range and If-Range as RFC 9110 wants them."""

from __future__ import annotations

import random

import pytest

from tradepost.platform.web.ranges import BadRange, Part, RangeBeyond, part_of

SIZE, ETAG = 1000, '"abc"'
WHOLE = Part(0, SIZE, SIZE, ranged=False)


def _asked(text: str, *if_range: str, size: int = SIZE) -> Part:
    return part_of([text], if_range, ETAG, size)


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1000),
        ("bytes=0-999", 0, 1000),
        ("bytes=990-2000", 990, 10),
        ("bytes=-1", 999, 1),
        ("bytes=-5000", 0, 1000),
        ("BYTES=5-6", 5, 2),
        ("bytes= 5-6 ", 5, 2),
        ("bytes=999-9999999999999999999", 999, 1),
    ],
)
def test_a_range_is_cut_to_what_is_there(text: str, start: int, length: int) -> None:
    assert _asked(text) == Part(start, length, SIZE, ranged=True)


def test_the_whole_is_answered_to_what_may_be_ignored() -> None:
    assert part_of([], [], ETAG, SIZE) == WHOLE
    assert _asked("items=0-5") == WHOLE
    assert _asked("bytes=0-1,5-6") == WHOLE
    assert _asked("bytes=0-1", '"other"') == WHOLE
    assert _asked("bytes=0-1", 'W/"abc"') == WHOLE
    assert _asked("bytes=0-1", "Fri, 24 May 2013 00:00:00 GMT") == WHOLE
    assert _asked("bytes=0-1", ETAG) == Part(0, 2, SIZE, ranged=True)
    assert Part(5, 10, SIZE, ranged=True).content_range == "bytes 5-14/1000"


@pytest.mark.parametrize(
    "text", ["", "bytes", "bytes=", "bytes=,", "bytes=a-b", "bytes=5-4", "bytes=-", "bytes=1--2"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(BadRange):
        _asked(text)


def test_too_many_or_twice_is_refused() -> None:
    with pytest.raises(BadRange):
        _asked("bytes=" + ",".join("0-1" for _ in range(101)))
    with pytest.raises(BadRange):
        part_of(["bytes=0-1", "bytes=2-3"], [], ETAG, SIZE)


@pytest.mark.parametrize("text", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=5000-,-0"])
def test_what_is_beyond_the_end_is_not_satisfiable(text: str) -> None:
    with pytest.raises(RangeBeyond):
        _asked(text)
    with pytest.raises(RangeBeyond):
        _asked("bytes=0-", size=0)


def test_any_two_numbers_are_the_bytes_between_them() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    draw = random.Random(seed)
    for _ in range(2000):
        size, first, last = draw.randrange(1, 50), draw.randrange(60), draw.randrange(60)
        body = bytes(range(size))
        if first > last:
            with pytest.raises(BadRange):
                _asked(f"bytes={first}-{last}", size=size)
            continue
        if first >= size:
            with pytest.raises(RangeBeyond):
                _asked(f"bytes={first}-{last}", size=size)
            continue
        part = _asked(f"bytes={first}-{last}", size=size)
        assert body[part.start : part.start + part.length] == body[first : last + 1]
