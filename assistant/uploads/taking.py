"""An uploaded temporary file becomes a file of a collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.uploads import refusals as refuse
from assistant.uploads.folder import collection_folder, opened
from assistant.uploads.names import PLAIN_NAME, file_name, is_collection_name

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def take_upload(
    workspace: Workspace,
    source: Path,
    shown_name: str,
    collection: str,
    *,
    replace: bool = False,
) -> Path:
    """Put an uploaded file into ``corpus/<collection>/``; nothing is ingested yet.

    The same content under the same name is the same file: nothing is written. No right to
    write in the index is needed, so that files can be uploaded while an ingestion runs.

    Args:
        workspace: Where.
        source: The temporary file; it stays where it is.
        shown_name: What the browser calls it: cleaned, or refused.
        collection: A folder of the corpus; made if it is not there and its name is plain.
        replace: Let it take the place of another content of that name, at once: whoever
            reads the corpus meanwhile reads the former file or this one.

    Returns:
        Where it is, absolute; `assistant.ingestion.ingest` takes it as a path.

    Raises:
        AlreadyThere: The name is taken by another content, and ``replace`` is not asked.
        UploadRefused: The name, the collection, the size, or what stands in their place.
    """
    name = file_name(shown_name)
    if not is_collection_name(collection):
        raise refuse.bad_collection(collection, PLAIN_NAME)
    root = workspace.settings.corpus_folder.resolve()
    max_mb = workspace.settings.limits.max_file_mb
    try:
        root.mkdir(parents=True, exist_ok=True)
        with opened(source, name) as upload, collection_folder(root, collection) as folder:
            kept = folder.keep(upload, name, max_mb=max_mb, replace=replace)
            return root / folder.name / kept
    except OSError as error:
        raise refuse.not_written(name, error.strerror or "?") from error
