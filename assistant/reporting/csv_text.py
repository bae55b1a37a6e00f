"""Tables as CSV (RFC 4180), in which no cell is a formula.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` (and their full-width forms,
and after a tab or a carriage return): questions, quotations and file names are hostile, so such a
text gets an apostrophe before it. Control and direction-changing characters are taken out, tabs
included; line ends stay, between quotes. Numbers are written as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TextIO

from assistant.wording import safe

Cell = str | int | float | bool | date | None

_RUNS: Final = tuple("=+-@\t\r＝＋－＠")


def cell(value: Cell) -> str:
    """One cell, before it is quoted; nothing for None, ``true`` and ``false``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    shown = value if value.isprintable() else safe(value)  # what prints has nothing to take out
    return f"'{shown}" if value.startswith(_RUNS) or shown.lstrip().startswith(_RUNS) else shown


class Sheet:
    """One CSV file being written: rows by column name, others are an error.

    Args:
        file: Opened without translation of line ends.
        columns: Their names, written at once.
    """

    def __init__(self, file: TextIO, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow(self._columns)

    def add(self, row: Mapping[str, Cell]) -> None:
        """Write a row; a column without a value stays empty.

        Raises:
            ValueError: A value has no column.
        """
        if unknown := row.keys() - set(self._columns):
            raise ValueError(f"no such columns: {sorted(unknown)}")
        self._writer.writerow([cell(row.get(name)) for name in self._columns])
