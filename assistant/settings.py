"""``assistant.toml``, read and checked once.

Every key has a default, so an empty file is a valid one. A key that is unknown,
of the wrong type or out of bounds stops the program with the key's name and what
is expected there: a misspelt setting that silently does nothing is worse than a
refusal. The file that ``assistant init`` writes is generated from these classes,
so the comments a person reads (French, in ``description``) cannot drift from them.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from assistant.errors import SettingsError, WorkspaceNotFound
from assistant.hosts import host_name
from assistant.settings_errors import bad_value, explain, unknown_key
from assistant.wording import UNSAFE, Words

FILE_NAME: Final = "assistant.toml"
_MAX_FILE_BYTES: Final = 1_000_000
_MODEL_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_GROUP_NAME: Final = re.compile(r"[\w.-]{1,40}")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_COLLECTION_CHARS: Final = 300


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PathSettings(_Section):
    """Folders; relative ones start at the workspace. Use the properties of `Settings`."""

    corpus: str = Field(default="corpus", min_length=1, description="les documents")
    models: str = Field(default="models", min_length=1, description="les poids des modèles")
    index: str = Field(
        default="index", min_length=1, description="ce qui est construit depuis les documents"
    )


class ModelSettings(_Section):
    """Which models of the manifest are used, by name."""

    language: str = Field(
        default="qwen2.5-coder-1.5b-instruct-q4_k_m",
        pattern=_MODEL_NAME,
        description="modèle de langue, nom du manifeste",
    )
    embedding: str = Field(
        default="multilingual-e5-small",
        pattern=_MODEL_NAME,
        description="modèle de plongement ; le changer demande « assistant ingest --rebuild »",
    )
    embedding_engine: Literal["onnx", "sentence-transformers"] = Field(
        default="onnx",
        description="« onnx » (usage courant) ou « sentence-transformers » (référence, GPU)",
    )


class PassageSettings(_Section):
    """How documents are cut; lengths in words."""

    target_words: int = Field(default=150, ge=20, le=1000, description="longueur visée, en mots")
    max_words: int = Field(default=180, ge=20, le=1200, description="longueur maximale, en mots")


class RetrievalSettings(_Section):
    """How passages are found. ``dense_weight`` is dimensionless, 0 lexical to 1 dense."""

    top: int = Field(default=10, ge=1, le=1000, description="passages rendus par une recherche")
    candidates: int = Field(
        default=50, ge=1, le=10_000, description="passages demandés à chaque index avant la fusion"
    )
    dense_weight: float = Field(
        default=0.7,
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        description="part du sens (1.0) face aux mots (0.0) dans la fusion",
    )


class AnswerSettings(_Section):
    """How an answer is drafted; every ``*_tokens`` counts tokens of the language model."""

    evidence_tokens: int = Field(
        default=350, ge=50, le=100_000, description="jetons de preuves que lit le modèle"
    )
    max_evidence: int = Field(default=9, ge=1, le=99, description="phrases de preuve au plus")
    judged: int = Field(
        default=5, ge=1, le=99, description="phrases que le modèle juge une à une avant d’écrire"
    )
    false_answers: float = Field(
        default=0.4,
        ge=0.01,
        le=0.5,
        allow_inf_nan=False,
        description="part admise de réponses données à tort ; moindre, le modèle refuse davantage",
    )
    max_claims: int = Field(
        default=3, ge=1, le=20, description="affirmations au plus dans une réponse"
    )
    max_tokens: int = Field(default=160, ge=16, le=4096, description="jetons écrits au plus")
    seed: int = Field(
        default=0, ge=0, le=2**31 - 1, description="graine : la même réponse se rejoue"
    )
    temperature: float = Field(
        default=0.0,
        ge=0.0,
        le=2.0,
        allow_inf_nan=False,
        description="0.0 : toujours le mot le plus probable",
    )
    context_tokens: int = Field(
        default=2048, ge=512, le=131_072, description="fenêtre du modèle, en jetons (mémoire)"
    )
    threads: int = Field(default=0, ge=0, le=1024, description="0 : autant que de cœurs physiques")

    @property
    def thread_count(self) -> int:
        """Threads to start: ``threads``, or the physical cores this process may use."""
        return self.threads or physical_cores()


class NetworkSettings(_Section):
    """What may be reached outside loopback: nothing, unless named here."""

    allowed_hosts: tuple[Annotated[str, AfterValidator(host_name)], ...] = Field(
        default=(),
        strict=False,
        description="hôtes de vos locaux permis en plus de cette machine, sans port ni « http:// »",
    )


class LimitSettings(_Section):
    """Bounds on one file: size in megabytes (10**6 bytes), reading time in seconds."""

    max_file_mb: int = Field(default=200, ge=1, le=10_000, description="taille d’un fichier, en Mo")
    reader_timeout_s: int = Field(
        default=300, ge=1, le=86_400, description="temps de lecture d’un fichier, en secondes"
    )


def group_name(value: str) -> str:
    """The one spelling of a group of people: NFKC, lower case.

    Raises:
        ValueError: Not 1 to 40 letters, digits, ``.``, ``-`` or ``_``.
    """
    name = unicodedata.normalize("NFKC", value[:100]).strip().casefold()
    if len(value) > 100 or not _GROUP_NAME.fullmatch(name):
        raise ValueError(value)
    return name


def _restricted(value: object) -> dict[str, tuple[str, ...]]:
    """Collections and their groups as TOML gives them, in one spelling.

    Raises:
        SettingsError: Not a table of lists of names: what is meant to be kept from
            some people must never be read as nothing.
    """
    key = "access.restricted"
    if not isinstance(value, dict):
        raise bad_value(
            key, value, Words("{ collection = [groupes] }", "{ collection = [groups] }")
        )
    found: dict[str, tuple[str, ...]] = {}
    for collection, groups in value.items():
        name = _collection_name(collection)
        if name is None or name in found:
            raise bad_value(
                key, collection, Words("le nom d’une collection, une fois", "a collection, once")
            )
        try:
            if not isinstance(groups, list | tuple) or not all(isinstance(g, str) for g in groups):
                raise ValueError(groups)
            found[name] = tuple(group_name(group) for group in groups)
        except ValueError:
            raise bad_value(
                f"{key}.{name}",
                groups,
                Words(
                    "une liste de groupes (lettres, chiffres, « . », « - », « _ »)",
                    "a list of groups (letters, digits, `.`, `-`, `_`)",
                ),
            ) from None
    return found


def _collection_name(value: object) -> str | None:
    """A collection as the catalogue spells it: one composed line; None when it cannot be one."""
    if not isinstance(value, str) or any(unicodedata.category(c) in UNSAFE for c in value):
        return None
    name = " ".join(unicodedata.normalize("NFC", value).split())
    return name if 0 < len(name) <= _MAX_COLLECTION_CHARS else None


class AccessSettings(_Section):
    """How long people stay logged in, and collections that only some groups may read."""

    session_minutes: int = Field(
        default=480, ge=5, le=43_200, description="durée d’une connexion, en minutes"
    )
    idle_minutes: int = Field(
        default=60, ge=5, le=43_200, description="sans rien faire, fin de connexion, en minutes"
    )
    restricted: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_restricted)] = Field(
        default={},
        description='collections réservées à des groupes, par exemple { rh = ["drh"] }',
    )

    def hidden_from(self, groups: frozenset[str]) -> frozenset[str]:
        """The restricted collections that none of these groups may read."""
        return frozenset(
            collection
            for collection, readers in self.restricted.items()
            if groups.isdisjoint(readers)
        )


class Settings(_Section):
    """The whole of ``assistant.toml``, with the workspace it was found in (absolute)."""

    workspace: Path
    language: Literal["fr", "en"] = Field(
        default="fr", description="langue de l’interface : « fr » ou « en »"
    )
    paths: PathSettings = Field(
        default=PathSettings(), description="Dossiers, relatifs à celui de ce fichier."
    )
    models: ModelSettings = Field(default=ModelSettings(), description="Modèles employés.")
    passages: PassageSettings = Field(
        default=PassageSettings(), description="Découpage des documents."
    )
    retrieval: RetrievalSettings = Field(default=RetrievalSettings(), description="Recherche.")
    answer: AnswerSettings = Field(default=AnswerSettings(), description="Rédaction de la réponse.")
    network: NetworkSettings = Field(
        default=NetworkSettings(),
        description="Réseau : rien ne sort de cette machine, sauf vers ces hôtes.",
    )
    limits: LimitSettings = Field(default=LimitSettings(), description="Limites pour un fichier.")
    access: AccessSettings = Field(
        default=AccessSettings(), description="Accès, dès qu’il y a des comptes (assistant users)."
    )

    @property
    def corpus_folder(self) -> Path:
        """Absolute folder of the documents."""
        return self.workspace / self.paths.corpus

    @property
    def models_folder(self) -> Path:
        """Absolute folder of the manifest and the weights."""
        return self.workspace / self.paths.models

    @property
    def index_folder(self) -> Path:
        """Absolute folder of everything that is built or logged."""
        return self.workspace / self.paths.index


def load_settings(workspace: Path) -> Settings:
    """Read and check ``workspace/assistant.toml``.

    Raises:
        WorkspaceNotFound: There is no such file.
        SettingsError: It is not TOML, or a key is unknown, mistyped or out of bounds.
    """
    file = workspace.absolute() / FILE_NAME
    if not file.is_file():
        raise WorkspaceNotFound(str(workspace))
    keys = _parse(file)
    if "workspace" in keys:
        raise unknown_key(("workspace",), Settings)
    try:
        settings = Settings.model_validate({**keys, "workspace": file.parent})
    except ValidationError as error:
        raise explain(dict(error.errors(include_url=False)[0]), Settings) from None
    _check_together(settings)
    return settings


def write_default(workspace: Path, models: Path | None = None) -> Path:
    """Write a commented ``assistant.toml`` with every default; the file is returned.

    Args:
        workspace: Existing folder.
        models: Folder of models shared with another workspace; the default is ``models``.

    Raises:
        SettingsError: The file exists (it is never overwritten).
    """
    paths = PathSettings() if models is None else PathSettings(models=str(models.absolute()))
    file = workspace / FILE_NAME
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(commented_toml(Settings(workspace=workspace.absolute(), paths=paths)))
    except FileExistsError:
        raise SettingsError(
            Words(f"« {file} » existe déjà.", f"{str(file)!r} already exists."),
            remedy=Words(
                "Modifiez-le, ou choisissez un autre dossier.", "Edit it, or choose another folder."
            ),
        ) from None
    return file


def commented_toml(settings: Settings) -> str:
    """The settings as TOML, each key with its French comment."""
    lines = [
        "# Réglages de l’assistant documentaire. Chaque ligne peut être omise : voici les défauts."
    ]
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if name == "workspace":
            continue
        if not isinstance(value, _Section):
            lines += ["", f"{name} = {_toml(value)}  # {field.description}"]
            continue
        lines += ["", f"# {field.description}", f"[{name}]"]
        for key, inner in type(value).model_fields.items():
            lines.append(f"{key} = {_toml(getattr(value, key))}  # {inner.description}")
    return "\n".join(lines) + "\n"


def physical_cores() -> int:
    """Physical cores this process may run on, at least 1.

    Two hyper-threads of one core share its arithmetic units: a second thread of
    matrix products there costs more than it brings.
    """
    try:
        usable = os.sched_getaffinity(0)
        folder = Path("/sys/devices/system/cpu")
        cores = {
            (folder / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text()
            for cpu in usable
        }
        return max(1, len(cores))
    except (AttributeError, OSError):  # not Linux, or no topology in this container
        return os.cpu_count() or 1


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, dict):
        items = (
            f"{key if _BARE_KEY.fullmatch(key) else _toml(key)} = {_toml(item)}"
            for key, item in value.items()
        )
        return f"{{ {', '.join(items)} }}" if value else "{}"
    # JSON's strings and numbers are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parse(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as handle:
            raw = handle.read(_MAX_FILE_BYTES + 1)
        if len(raw) > _MAX_FILE_BYTES:
            raise ValueError(f"> {_MAX_FILE_BYTES} bytes")
        return tomllib.loads(raw.decode("utf-8-sig"))
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise SettingsError(
            Words(
                f"« {file} » n’est pas lisible : {error}.",
                f"{str(file)!r} cannot be read: {error}.",
            ),
            remedy=Words(
                "Corrigez la ligne indiquée (format TOML, encodage UTF-8).",
                "Correct the line given (TOML format, UTF-8 encoding).",
            ),
        ) from error


def _check_together(settings: Settings) -> None:
    """Bounds that two keys set on each other."""
    answer = settings.answer
    rules = (
        ("passages.max_words", settings.passages.target_words, settings.passages.max_words),
        ("retrieval.candidates", settings.retrieval.top, settings.retrieval.candidates),
        (
            "answer.context_tokens",
            answer.evidence_tokens + answer.max_tokens,
            answer.context_tokens,
        ),
    )
    for key, least, found in rules:
        if found < least:
            raise bad_value(key, found, Words(f"au moins {least}", f"at least {least}"))
