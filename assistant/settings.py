"""``assistant.toml``, read and checked once.

Every key has a default, so an empty file is a valid one. A key that is unknown,
of the wrong type or out of bounds stops the program with the key's name and what
is expected there: a misspelt setting that silently does nothing is worse than a
refusal. The file that ``assistant init`` writes is generated from these classes,
so the comments a person reads (French, in ``description``) cannot drift from them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from assistant.errors import SettingsError, WorkspaceNotFound
from assistant.hosts import cluster_address, interface_address, is_this_machine, server_address
from assistant.settings_access import AccessSettings
from assistant.settings_errors import bad_value, explain, unknown_key
from assistant.settings_sections import (
    AnswerSettings,
    AuditSettings,
    ClusterSettings,
    LanguageServerSettings,
    LimitSettings,
    ModelSettings,
    NetworkSettings,
    PassageSettings,
    PathSettings,
    RetrievalSettings,
    Section,
)
from assistant.wording import Words

FILE_NAME: Final = "assistant.toml"
_MAX_FILE_BYTES: Final = 1_000_000
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


class Settings(Section):
    """The whole of ``assistant.toml``, with the workspace it was found in (absolute)."""

    workspace: Path
    language: Literal["fr", "en"] = Field(
        default="fr", description="langue de l’interface : « fr » ou « en »"
    )
    paths: PathSettings = Field(
        default=PathSettings(), description="Dossiers, relatifs à celui de ce fichier."
    )
    models: ModelSettings = Field(default=ModelSettings(), description="Modèles employés.")
    language_server: LanguageServerSettings = Field(
        default=LanguageServerSettings(),
        description="Serveur du modèle de langue, quand [models] language en est l’adresse.",
    )
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
    cluster: ClusterSettings = Field(
        default=ClusterSettings(),
        description="Plusieurs machines pour une grosse ingestion (assistant ingest --cluster).",
    )
    access: AccessSettings = Field(
        default=AccessSettings(), description="Accès, dès qu’il y a des comptes (assistant users)."
    )
    audit: AuditSettings = Field(
        default=AuditSettings(),
        description="Journal d’audit : après ce délai, les textes sont effacés d’eux-mêmes ; "
        "la chaîne reste vérifiable.",
    )

    @property
    def corpus_folder(self) -> Path:
        """Absolute folder of the documents."""
        return self.workspace / self.paths.corpus

    @property
    def language_address(self) -> str | None:
        """The interface of the language model's server; ``None`` for a model of this machine."""
        named = self.models.language
        return interface_address(named)[0] if "://" in named else None

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
        if not isinstance(value, Section):
            lines += ["", f"{name} = {_toml(value)}  # {field.description}"]
            continue
        lines += ["", f"# {field.description}", f"[{name}]"]
        for key, inner in type(value).model_fields.items():
            lines.append(f"{key} = {_toml(getattr(value, key))}  # {inner.description}")
    return "\n".join(lines) + "\n"


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
    _check_server(
        "retrieval.vector_store",
        settings.retrieval.vector_store,
        settings.network,
        server_address,
        Words(
            "« http://hôte:port » ou « https://hôte », sans nom, mot de passe ni chemin",
            "`http://host:port` or `https://host`, no name, no password, no path",
        ),
    )
    _check_server(
        "cluster.address",
        settings.cluster.address,
        settings.network,
        cluster_address,
        Words("« hôte:port », sans « ray:// »", "`host:port`, without `ray://`"),
    )
    language = settings.models.language
    _check_server(
        "models.language",
        language if "://" in language else "",
        settings.network,
        interface_address,
        Words(
            "« http://hôte:port/v1 » ou « https://hôte/v1 », sans nom ni mot de passe",
            "`http://host:port/v1` or `https://host/v1`, no name, no password",
        ),
    )


def _check_server(
    key: str,
    address: str,
    network: NetworkSettings,
    parse: Callable[[str], tuple[str, str]],
    form: Words,
) -> None:
    """A server is on this machine, or on a host that the network guard lets through."""
    if not address:
        return
    try:
        _, host = parse(address)
    except ValueError:
        hidden = "…" if "@" in address else address  # a password is never repeated
        raise bad_value(key, hidden, form) from None
    if not is_this_machine(host) and host not in network.allowed_hosts:
        raise bad_value(
            key,
            address,
            Words(
                f"un serveur de cette machine, ou « {host} » aussi dans [network] allowed_hosts",
                f"a server on this machine, or {host!r} in [network] allowed_hosts as well",
            ),
        )
