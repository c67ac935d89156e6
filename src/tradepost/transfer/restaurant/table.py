"""Comma-separated files with a header: the columns that are wanted, in the order wanted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from tradepost.transfer import errors

Columns = tuple[str, ...]


def rows_of(text: Iterable[str], columns: Columns) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header with their line numbers; empty lines are passed over.

    :raises MissingColumn: if the header lacks one.
    :raises WrongFieldCount: for a row of another length than the header.
    :raises NotSeparated: for what is no such file.
    """
    reader = csv.reader(text, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        absent = [name for name in columns if name not in header]
        if absent:
            raise errors.MissingColumn(", ".join(absent))
        places = [header.index(name) for name in columns]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise errors.WrongFieldCount(reader.line_num, len(row), len(header))
            yield reader.line_num, [row[place] for place in places]
    except csv.Error as fault:
        raise errors.NotSeparated(reader.line_num, str(fault)) from None
