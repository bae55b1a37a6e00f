"""The SQLite stores as they are at one moment, copied by SQLite's own online backup.

In write-ahead mode a reader that has begun keeps seeing the moment at which it began. So the
moments of all stores are fixed first, one right after the other, and copied then, however long
that takes and whatever is written meanwhile; no writer waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from assistant.backup.refusals import store_damaged

_PATIENCE_S = 30.0
_PAGES = 1024  # 4 MB between two looks at the progress

Advance = Callable[[int], None]
"""Called with the bytes of one more step."""


@contextmanager
def frozen(path: Path) -> Iterator[sqlite3.Connection]:
    """A store that exists, at this moment; it is neither made nor brought up to date.

    Raises:
        BackupError: It is no SQLite file.
        OSError: It cannot be opened.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    try:
        base = sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error
    with closing(base):
        try:
            base.execute("BEGIN")
            base.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.DatabaseError as error:
            raise store_damaged(path.name) from error
        yield base


def copy(
    base: sqlite3.Connection,
    target: Path,
    advance: Advance,
    *,
    scrub: Callable[[sqlite3.Connection], None] | None = None,
) -> None:
    """Copy a frozen store into a new file and have SQLite check the copy.

    Args:
        base: As `frozen` gives it.
        target: A file that does not exist.
        advance: Called with the bytes copied since it was last called.
        scrub: Takes out of the copy what a backup must not carry.

    Raises:
        BackupError: The copy fails SQLite's check: the store is damaged.
        OSError: It cannot be written.
    """
    page = int(base.execute("PRAGMA page_size").fetchone()[0])
    left: int | None = None

    def step(_status: int, remaining: int, total: int) -> None:
        nonlocal left
        before = total if left is None else left
        left = remaining
        advance((before - remaining) * page)

    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as out:
            base.backup(out, pages=_PAGES, progress=step)
            out.execute("PRAGMA secure_delete = ON")
            if scrub is not None:
                scrub(out)
            found = out.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:  # a full disk, a lock: not the store's fault
        raise OSError(f"{target.name}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise store_damaged(target.name) from error
    if found != "ok":
        raise store_damaged(target.name)
