"""Files that are whole or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def write_whole(path: Path, text: str) -> None:
    """Write a text under another name, then give it its own: a reader never sees half of it."""
    with writing_whole(path) as file:
        file.write(text)


@contextmanager
def writing_whole(path: Path, *, private: bool = False) -> Iterator[TextIO]:
    """A text file (UTF-8, line ends as written) that takes its name when the block ends well.

    Args:
        path: Replaced at the end, all at once; left as it was when the block fails.
        private: For its owner only.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        # a lone surrogate of an undecodable file name becomes an escape, which JSON reads
        with os.fdopen(
            os.open(draft, flags, 0o600 if private else 0o666),
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            newline="",
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
