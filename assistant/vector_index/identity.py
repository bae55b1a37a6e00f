"""The name under which one workspace keeps collections on a server that others use too."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def workspace_id(file: Path) -> str:
    """16 hexadecimal digits, drawn at the first use and kept in a file.

    The file says its own number in its file system (inode): a copied workspace, or one that was
    restored from a backup, draws another name, and never deletes what the first one has on the
    server. A moved one keeps its name, unless it moves to another disk. (The clone of a whole
    disk keeps it too: give it a server of its own.)
    """
    try:
        said = json.loads(file.read_text(encoding="utf-8")[:1000])
        if said["inode"] == file.stat().st_ino:
            return str(said["workspace"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        pass
    name = secrets.token_hex(8)
    drawn = file.with_name(f".{file.name}.{name}")
    with drawn.open("x", encoding="utf-8") as out:
        json.dump({"workspace": name, "inode": os.fstat(out.fileno()).st_ino}, out)
        out.flush()
        os.fsync(out.fileno())
    drawn.replace(file)
    return name
