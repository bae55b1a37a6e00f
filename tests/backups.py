"""Small workspaces with all their stores, filled without a model, and archives made by hand."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.backup.manifest import MANIFEST, SEAL, seal_of
from assistant.passages import cut_passages
from assistant.reading.canonical import CanonicalText
from assistant.records import Document, DocumentKind, Locator, Role
from assistant.workspace import Workspace
from tests.audit_logs import fill
from tests.workspaces import make_workspace


def filled(folder: Path, *, documents: int = 4, answers: int = 3) -> Workspace:
    """A workspace with a published generation, answers in its log, a desk and an account."""
    workspace = Workspace.open(make_workspace(folder, documents=documents))
    publish(workspace)
    fill(workspace.audit, answers)
    workspace.desk.remember("u-aaaaaaaaaa", workspace.audit.answers()[0].record_id)
    return workspace


def publish(workspace: Workspace, extra: str = "") -> None:
    """Publish every note of the corpus as it is now, with vectors that no model made."""
    catalogue = workspace.catalogue
    former = [stored.row for stored in catalogue.documents(catalogue.generation)]
    rows = []
    for file in sorted(workspace.settings.corpus_folder.rglob("*.md")):
        path = file.relative_to(workspace.settings.corpus_folder).as_posix()
        canonical = CanonicalText()
        canonical.add(f"{file.read_text('utf-8')} {extra}", Role.BODY, Locator())
        text, blocks = canonical.build()
        document = Document(
            document_id=hashlib.sha256(path.encode()).hexdigest()[:12],
            path=path,
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            format="markdown",
            title=path,
            date=None,
            kind=DocumentKind.NOTE,
            collection="notes",
        )
        passages = cut_passages(document, text, blocks, target_words=50, max_words=60)
        rows.append(catalogue.add(document, text, blocks, passages, recipe="r"))
    waiting = [stored.row for stored in catalogue.without_vector(1000)]
    vectors = [(np.array([1, row, 0, 0]) / np.hypot(1, row)).astype(np.float32) for row in waiting]
    catalogue.keep_vectors(waiting, vectors, [v[:0].reshape(0, 4) for v in vectors])
    workspace.generations_for_rebuild().publish(
        adds=rows, retires=former, embedding=workspace.embedding_name
    )


def texts_of(workspace: Workspace) -> dict[str, str]:
    """What the published generation says, by path."""
    catalogue = workspace.catalogue
    return {
        stored.document.path: catalogue.text(stored.row)
        for stored in catalogue.documents(catalogue.generation)
    }


Entries = list[tuple[tarfile.TarInfo, bytes]]


def entries_of(archive: Path) -> Entries:
    """The members of an archive, with their contents."""
    with tarfile.open(archive) as tar:
        return [(info, tar.extractfile(info).read()) for info in tar.getmembers()]


def entry(name: str, content: bytes = b"", **header: Any) -> tuple[tarfile.TarInfo, bytes]:
    """A member made by hand."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in header.items():
        setattr(info, key, value)
    return info, content


def write(archive: Path, entries: Iterable[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """An archive of these members; compressed when it is called so."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, content in entries:
            tar.addfile(info, io.BytesIO(content) if content else None)
    content = raw.getvalue()
    archive.write_bytes(gzip.compress(content) if archive.suffix == ".gz" else content)
    return archive


def announced(entries: Entries, *more: tuple[tarfile.TarInfo, bytes], **changes: Any) -> Entries:
    """The members with others among them, all of them in a manifest that is right about them."""
    files = [e for e in entries if e[0].name not in (MANIFEST, SEAL)] + list(more)
    said = json.loads(next(content for info, content in entries if info.name == MANIFEST))
    said["members"] = {
        info.name: {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "mtime_ns": 10**18,
        }
        for info, content in files
    }
    raw = json.dumps({**said, **changes}).encode()
    return [*files, entry(MANIFEST, raw), entry(SEAL, seal_of(raw))]
