"""The sections of ``assistant.toml``, but for who may do what (`settings_access`)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.hosts import host_name
from assistant.processor import physical_cores

_MODEL_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_MODEL_OR_SERVER: Final = r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}|https?://\S{1,300})$"
_VARIABLE: Final = r"^(?:[A-Za-z_][A-Za-z0-9_]{0,99})?$"


class Section(BaseModel):
    """A section: frozen, every key known, no type guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PathSettings(Section):
    """Folders; relative ones start at the workspace. Use the properties of `Settings`."""

    corpus: str = Field(default="corpus", min_length=1, description="les documents")
    models: str = Field(default="models", min_length=1, description="les poids des modèles")
    index: str = Field(
        default="index", min_length=1, description="ce qui est construit depuis les documents"
    )


class ModelSettings(Section):
    """Which models of the manifest are used, by name; a language model may be on a server."""

    language: str = Field(
        default="qwen2.5-coder-1.5b-instruct-q4_k_m",
        pattern=_MODEL_OR_SERVER,
        description="modèle de langue : nom du manifeste, ou serveur « http://hôte:8080/v1 »",
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


class LanguageServerSettings(Section):
    """How the server that ``[models] language`` may name is used; times in seconds."""

    model: str = Field(
        default="", max_length=200, description="modèle demandé ; vide : le premier qu’il annonce"
    )
    token_variable: str = Field(
        default="",
        pattern=_VARIABLE,
        description="variable d’environnement qui contient le jeton d’accès ; vide : sans jeton",
    )
    connect_s: float = Field(
        default=5.0,
        ge=0.1,
        le=300.0,
        allow_inf_nan=False,
        description="pour établir la connexion, en secondes",
    )
    first_token_s: float = Field(
        default=300.0,
        ge=0.1,
        le=3600.0,
        allow_inf_nan=False,
        description="jusqu’au premier mot, attente de son tour comprise, en secondes",
    )
    between_tokens_s: float = Field(
        default=60.0,
        ge=0.1,
        le=3600.0,
        allow_inf_nan=False,
        description="d’un mot au suivant, en secondes",
    )
    retries: int = Field(
        default=2, ge=0, le=10, description="nouveaux essais, avant le premier mot seulement"
    )


class PassageSettings(Section):
    """How documents are cut; lengths in words."""

    target_words: int = Field(default=150, ge=20, le=1000, description="longueur visée, en mots")
    max_words: int = Field(default=180, ge=20, le=1200, description="longueur maximale, en mots")


class RetrievalSettings(Section):
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
    nothing_below: float = Field(
        default=0.85,
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        description="une recherche dont les mots manquent et dont aucune phrase n’est plus proche "
        "que ce cosinus ne rend rien (0 : jamais ; dépend du modèle)",
    )
    vector_store: str = Field(
        default="",
        description="serveur Chroma, « http://hôte:8000 » ; vide : dans ce programme",
    )


class AnswerSettings(Section):
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


class NetworkSettings(Section):
    """What may be reached outside loopback: nothing, unless named here."""

    allowed_hosts: tuple[Annotated[str, AfterValidator(host_name)], ...] = Field(
        default=(),
        strict=False,
        description="hôtes de vos locaux permis en plus de cette machine, sans port ni « http:// »",
    )


class LimitSettings(Section):
    """Bounds on one file: size in megabytes (10**6 bytes), reading time in seconds."""

    max_file_mb: int = Field(default=200, ge=1, le=10_000, description="taille d’un fichier, en Mo")
    reader_timeout_s: int = Field(
        default=300, ge=1, le=86_400, description="temps de lecture d’un fichier, en secondes"
    )


class ClusterSettings(Section):
    """Machines of the premises that read and embed for ``assistant ingest --cluster``."""

    address: str = Field(
        default="",
        description="grappe Ray qui lit et vectorise, « 10.0.0.1:6379 » ; vide : aucune",
    )
    models: str = Field(
        default="",
        description="dossier des modèles sur ces machines ; vide : le même chemin qu’ici",
    )


class AuditSettings(Section):
    """How long the audit log keeps texts, in months; what it proves, it keeps for ever."""

    keep_answers_months: int = Field(
        default=12,
        ge=0,
        le=1200,
        description="questions, réponses et ce qui en fut dit, en mois ; 0 : toujours",
    )
    keep_reviews_months: int = Field(
        default=12, ge=0, le=1200, description="notes des évaluateurs, en mois ; 0 : toujours"
    )
