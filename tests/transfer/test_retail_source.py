"""Faults of the bytes, each told by its line, with all lines before it handed out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.transfer.retail_samples import write
from tradepost.kernel.errors import Refusal
from tradepost.transfer import errors
from tradepost.transfer.retail.source import LINE_LIMIT_BYTES, TextFile


def lines_until(path: Path) -> tuple[list[str], Refusal | None]:
    seen: list[str] = []
    with TextFile(path) as file:
        try:
            for line in file.lines():
                seen.append(line)  # noqa: PERF402  what was seen before the refusal counts
        except Refusal as refusal:
            return seen, refusal
    return seen, None


@pytest.mark.parametrize("name", ["plain.csv", "packed.csv.gz", "packed.gz"])
def test_lines_are_the_same_plain_and_packed(tmp_path: Path, name: str) -> None:
    text = "first\nsécond £\r\n\nlast without an end"
    path = write(tmp_path / name, text)
    assert lines_until(path) == (["first\n", "sécond £\r\n", "\n", "last without an end"], None)


def test_gzip_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "packed.csv"
    path.write_bytes(gzip.compress(b"one\n"))
    assert lines_until(path) == (["one\n"], None)


def test_several_packed_parts_make_one_file(tmp_path: Path) -> None:
    path = tmp_path / "parts.gz"
    path.write_bytes(gzip.compress(b"one\nt") + gzip.compress(b"wo\n"))
    assert lines_until(path) == (["one\n", "two\n"], None)


def test_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert lines_until(write(tmp_path / "a.csv", "\ufeffa,b")) == (["a,b"], None)


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert lines_until(write(tmp_path / "a.csv", "")) == ([], None)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchFile) as refused:
        TextFile(tmp_path / "none.csv")
    assert refused.value.message == f"There is no file {tmp_path / 'none.csv'}."


def test_folder_instead_of_file(tmp_path: Path) -> None:
    with pytest.raises(errors.FileUnreadable):
        TextFile(tmp_path)


def test_named_gzip_but_plain(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv.gz"
    path.write_bytes(b"InvoiceNo,StockCode\n")
    with pytest.raises(errors.NotGzip):
        TextFile(path)


def test_cut_gzip_hands_out_every_line_that_is_there(tmp_path: Path) -> None:
    text = "".join(f"line {number} {number * 7919 % 10_007}\n" for number in range(60_000))
    packed = gzip.compress(text.encode())
    path = tmp_path / "cut.gz"
    path.write_bytes(packed[: len(packed) // 2])
    seen, refusal = lines_until(path)
    assert 25_000 < len(seen) < 35_000
    assert "".join(seen) == text[: sum(map(len, seen))]
    assert isinstance(refusal, errors.GzipTruncated)
    assert refusal.line == len(seen) + 1


def test_gzip_cut_in_its_check_sum_is_truncated(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(b"one\ntwo\n")[:-3])
    seen, refusal = lines_until(path)
    assert seen == ["one\n", "two\n"]
    assert isinstance(refusal, errors.GzipTruncated)


def test_wrong_check_sum(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"one\ntwo\n"))
    packed[-8] ^= 1
    path = tmp_path / "bad.gz"
    path.write_bytes(packed)
    _, refusal = lines_until(path)
    assert isinstance(refusal, errors.GzipDamaged)
    assert "CRC" in refusal.problem


def test_damaged_block(tmp_path: Path) -> None:
    path = tmp_path / "bad.gz"
    path.write_bytes(gzip.compress(b"")[:10] + b"\xff" * 40)
    _, refusal = lines_until(path)
    assert isinstance(refusal, errors.GzipDamaged)
    assert refusal.line == 1


def test_not_utf8(tmp_path: Path) -> None:
    seen, refusal = lines_until(write(tmp_path / "a.csv", b"one\ntwo\nna\xefve\nfour\n"))
    assert seen == ["one\n", "two\n"]
    assert str(refusal) == "transfer.not_utf8: line 3: byte 3 of the line is not UTF-8."


def test_nul_byte(tmp_path: Path) -> None:
    seen, refusal = lines_until(write(tmp_path / "a.csv", b"one\ntw\0o\n"))
    assert seen == ["one\n"]
    assert isinstance(refusal, errors.NulByte)
    assert refusal.line == 2


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    seen, refusal = lines_until(write(tmp_path / "a.gz", b"one\n" + b"x" * 50 * LINE_LIMIT_BYTES))
    assert seen == ["one\n"]
    assert isinstance(refusal, errors.LineTooLong)
    assert refusal.line == 2


def test_position_moves_from_nothing_to_the_whole_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "some line\n" * 50_000)
    with TextFile(path) as file:
        assert file.size_bytes == 500_000
        lines = file.lines()
        next(lines)
        assert 0 < file.position_bytes < file.size_bytes
        assert sum(1 for _ in lines) == 49_999
        assert file.position_bytes == file.size_bytes
