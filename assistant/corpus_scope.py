"""Which files an ingestion looks at, and what they hash to.

Files named from elsewhere are first copied into the corpus: a workspace holds
all it cites. Nothing there is ever overwritten by such a copy.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.catalogue import Catalogue
from assistant.errors import DocumentError, UnreadableDocument
from assistant.metadata import corpus_files, description_files
from assistant.model_files import sha256_of_file
from assistant.settings import Settings
from assistant.wording import Words

_DEFAULT_COLLECTION = "general"

Refuse = Callable[[str, DocumentError], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus; ``path`` is relative to the corpus, with ``/``."""

    file: Path
    path: str
    sha256: str = ""
    described_by: str = ""  # hash of the sidecar and collection files that describe it

    @property
    def shown(self) -> str:
        """The path as it can be printed, whatever bytes the file's name is made of."""
        return self.path.encode("utf-8", "replace").decode("utf-8")

    def hashed(self, catalogue: Catalogue, settings: Settings) -> Source:
        """The same with its hashes; a file whose size and time are known is not read again.

        Raises:
            UnreadableDocument: It cannot be opened, is too large, or has an unusable name.
        """
        try:
            self.path.encode("utf-8")
            stat = self.file.stat()
            if stat.st_size > settings.limits.max_file_mb * 1_000_000:
                raise _too_large(self.shown, settings.limits.max_file_mb)
            sha256 = catalogue.known_hash(self.path, stat.st_size, stat.st_mtime_ns)
            if sha256 is None:
                sha256 = sha256_of_file(self.file)
                catalogue.keep_hash(self.path, stat.st_size, stat.st_mtime_ns, sha256)
            described_by = _hash_of_descriptions(self.file, settings.corpus_folder.resolve())
        except (OSError, UnicodeEncodeError) as error:
            raise _unopened(self.shown, error) from error
        return replace(self, sha256=sha256, described_by=described_by)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one ingestion looks at: the whole corpus, or some folders and files of it."""

    root: Path
    folders: tuple[Path, ...]
    named: tuple[Source, ...] = field(default=())

    def sources(self, withdrawn: set[str]) -> Iterator[Source]:
        """The files in scope, by path; withdrawn ones only when they are named."""
        named = {source.path for source in self.named}
        found = {source.path: source for source in self.named}
        for file in corpus_files(self.root):
            path = file.relative_to(self.root).as_posix()
            if self._covers(file) and (path not in withdrawn or path in named):
                found[path] = Source(file, path)
        for path in sorted(found):
            yield found[path]

    def whole(self) -> Scope:
        """The same, widened to the whole corpus."""
        return replace(self, folders=(self.root,))

    def has_lost(self, path: str) -> bool:
        """True when a document's file was in scope and is not there any more."""
        file = self.root / path
        return self._covers(file) and not file.is_file()

    def _covers(self, file: Path) -> bool:
        return any(file.is_relative_to(folder) for folder in self.folders)


def scope_of(
    settings: Settings, paths: Sequence[Path], collection: str | None, *, refuse: Refuse
) -> Scope:
    """Turn what was named on the command line into a scope.

    Args:
        settings: Give the corpus and the limits.
        paths: None of them: the whole corpus.
        collection: For files from elsewhere, the folder of the corpus they are copied to.
        refuse: Told of what cannot be taken in.
    """
    root = settings.corpus_folder.resolve()
    if not paths:
        return Scope(root, (root / collection if collection else root,))
    folders: list[Path] = []
    named: list[Source] = []
    for path in paths:
        whole = path.resolve()
        if not whole.exists():
            refuse(str(path), _missing(path))
        elif whole.is_relative_to(root):
            if whole.is_dir():
                folders.append(whole)
            else:
                named.append(Source(whole, whole.relative_to(root).as_posix()))
        else:
            target = root / (collection or _DEFAULT_COLLECTION)
            for file in [whole] if whole.is_file() else corpus_files(whole):
                try:
                    for extra in description_files(file, whole):
                        _copy_in(extra, target / extra.relative_to(whole.parent))
                    copy = _copy_in(file, target / file.relative_to(whole.parent))
                    named.append(Source(copy, copy.relative_to(root).as_posix()))
                except DocumentError as error:
                    refuse(str(file), error)
                except OSError as error:
                    refuse(str(file), _unopened(str(file), error))
    return Scope(root, tuple(folders), tuple(named))


def _hash_of_descriptions(file: Path, root: Path) -> str:
    """Of all that describes a document; ``-`` when nothing does."""
    hashes = [sha256_of_file(path) for path in description_files(file, root)]
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()[:16] if hashes else "-"


def _copy_in(file: Path, target: Path) -> Path:
    if target.exists():
        if sha256_of_file(target) == sha256_of_file(file):
            return target
        raise UnreadableDocument(
            Words(
                f"« {target.name} » existe déjà dans le corpus avec un autre contenu.",
                f"{target.name!r} is already in the corpus with another content.",
            ),
            remedy=Words(
                f"Renommez-le, ou remplacez vous-même {target.parent.name}/{target.name}.",
                f"Rename it, or replace {target.parent.name}/{target.name} yourself.",
            ),
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copy2(file, part)
    part.replace(target)
    return target


def _unopened(shown: str, error: OSError | UnicodeEncodeError) -> UnreadableDocument:
    why = error.strerror if isinstance(error, OSError) else "UTF-8"
    return UnreadableDocument(
        Words(
            f"« {shown} » ne peut pas être ouvert ({why}).",
            f"{shown!r} cannot be opened ({why}).",
        ),
        remedy=Words(
            "Vérifiez ses droits de lecture, et que son nom est en UTF-8.",
            "Check that you may read it, and that its name is UTF-8.",
        ),
    )


def _too_large(shown: str, limit_mb: int) -> UnreadableDocument:
    return UnreadableDocument(
        Words(
            f"« {shown} » dépasse la taille permise ({limit_mb} Mo).",
            f"{shown!r} is larger than allowed ({limit_mb} MB).",
        ),
        remedy=Words(
            "Découpez-le, ou augmentez max_file_mb dans assistant.toml.",
            "Split it, or raise max_file_mb in assistant.toml.",
        ),
    )


def _missing(path: Path) -> UnreadableDocument:
    return UnreadableDocument(
        Words(f"« {path} » n’existe pas.", f"{str(path)!r} does not exist."),
        remedy=Words("Vérifiez le chemin.", "Check the path."),
    )
