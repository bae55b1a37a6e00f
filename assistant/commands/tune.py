"""``assistant doctor --tune``: measure this machine, show before and after, keep what is better."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.terminal import Bars, say, say_json, table
from assistant.wording import Words

if TYPE_CHECKING:
    from assistant.tuning import EmbeddingTuned, LanguageTuned, Standing, Tuned
    from assistant.tuning.rounds import Budget
    from assistant.workspace import Workspace

ABOUT_S = 120.0
_EMBEDDING_SHARE = 0.28

Tell = Callable[[Words], None]


def tune(
    workspace: Workspace, *, as_json: bool, about_s: float = ABOUT_S, even_busy: bool = False
) -> int:
    """Measure, keep, and show; nothing is written before all is measured.

    Args:
        workspace: Whose models are measured, and where the result is kept.
        as_json: Print one object and nothing else.
        about_s: How long it may take, a round more or less.
        even_busy: Keep what was measured while others computed, too.

    Raises:
        MachineBusy: Others compute on this machine.
        ModelMissing: A model is not on this machine.
    """
    from assistant.tuning import keep
    from assistant.tuning.neighbours import BUSY, MachineBusy, Neighbours, share_now

    if not even_busy and (share := share_now()) > BUSY:
        raise MachineBusy(share)
    if not as_json:
        _announce(about_s)
    neighbours, bars = Neighbours(), Bars(unit="s")
    try:
        tuned = measure(workspace, about_s, bars)
    finally:
        bars.close()
    if not as_json:
        _show(tuned)
    share = neighbours.share()
    if not even_busy and share > BUSY:
        raise MachineBusy(share)
    file = keep(workspace.settings.index_folder, tuned)
    if as_json:
        say_json({**tuned.model_dump(), "file": str(file), "others": round(share, 3)})
        return 0
    say(
        Words(
            f"Noté dans {file} ; « serve » le lit à son prochain démarrage.",
            f"Kept in {file}; `serve` reads it when it starts next.",
        )
    )
    return 0


def measure(workspace: Workspace, about_s: float, bars: Bars) -> Tuned:
    """Measure what runs in this process: the embedding by ONNX Runtime, the language model's GGUF.

    Args:
        workspace: Whose models.
        about_s: How long it may take.
        bars: Where the progress is shown.
    """
    from assistant.tuning import Tuned, this_machine
    from assistant.tuning.rounds import Budget

    budget = Budget.of(about_s)

    def tell(engine: Words) -> Tell:
        def told(step: Words) -> None:
            done = min(int(about_s), int(about_s - budget.left_s))
            bars(Words(f"{engine.fr}, {step.fr}", f"{engine.en}, {step.en}"), done, int(about_s))

        return told

    embedding = None
    if workspace.settings.models.embedding_engine == "onnx":
        share = budget.share(_EMBEDDING_SHARE)
        embedding = _embedding(workspace, share, tell(Words("Plongement", "Embedding")))
    language = None
    if workspace.settings.language_address is None:
        language = _language(workspace, budget, tell(Words("Modèle de langue", "Language model")))
    return Tuned(
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=this_machine(),
        language=language,
        embedding=embedding,
    )


def _embedding(workspace: Workspace, budget: Budget, tell: Tell) -> EmbeddingTuned:
    from assistant.model_manifest import ensure_verified
    from assistant.tuning import EmbeddingTuned
    from assistant.tuning.embedding import measure_embedding
    from assistant.tuning.kept import library

    model = workspace.manifest.get(workspace.settings.models.embedding)
    found = measure_embedding(
        ensure_verified(model, workspace.settings.models_folder),
        fixed_threads=workspace.settings.answer.threads or None,
        budget=budget,
        tell=tell,
    )
    return EmbeddingTuned(
        model=model.name,
        sha256=model.sha256,
        library=library("onnxruntime"),
        threads=found.threads,
        batch_tokens=found.batch_tokens,
        passages_before=round(found.passages[0], 2),
        passages_after=round(found.passages[1], 2),
    )


def _language(workspace: Workspace, budget: Budget, tell: Tell) -> LanguageTuned:
    from assistant.model_manifest import ensure_verified
    from assistant.tuning import LanguageTuned
    from assistant.tuning.kept import library
    from assistant.tuning.language import measure_language

    model = workspace.manifest.get(workspace.settings.models.language)
    answer = workspace.settings.answer
    found = measure_language(
        ensure_verified(model, workspace.settings.models_folder),
        context_tokens=answer.context_tokens,
        fixed_threads=answer.threads or None,
        budget=budget,
        tell=tell,
    )
    chosen = found.chosen
    return LanguageTuned(
        model=model.name,
        sha256=model.sha256,
        library=library("llama-cpp-python"),
        threads=chosen.threads,
        prefill_threads=chosen.prefill_threads,
        batch_tokens=chosen.batch_tokens,
        micro_batch_tokens=chosen.micro_batch_tokens,
        flash_attention=chosen.flash_attention,
        prefill_before=round(found.prefill[0], 2),
        prefill_after=round(found.prefill[1], 2),
        decode_before=round(found.decode[0], 2),
        decode_after=round(found.decode[1], 2),
    )


def _announce(about_s: float) -> None:
    minutes = max(1, round(about_s / 60))
    say(
        Words(
            f"Mesure de cette machine, {minutes} min environ. Ctrl-C laisse tout en l’état.",
            f"Measuring this machine, about {minutes} min. Ctrl-C leaves all as it is.",
        )
    )


def _show(tuned: Tuned) -> None:
    rows: list[tuple[str, str, str, str]] = []
    words = Words("Grandeur|Réglages courants|Réglages retenus|Gain", "Rate|Usual|Chosen|Gain")
    if tuned.language is not None:
        read = Words("lecture, jetons/s", "reading, tokens/s")
        written = Words("écriture, jetons/s", "writing, tokens/s")
        rows.append(_row(read, tuned.language.prefill_before, tuned.language.prefill_after))
        rows.append(_row(written, tuned.language.decode_before, tuned.language.decode_after))
    if tuned.embedding is not None:
        embedded = Words("plongement, passages/s", "embedding, passages/s")
        was, now = tuned.embedding.passages_before, tuned.embedding.passages_after
        rows.append(_row(embedded, was, now))
    say()
    say(table(rows, str(words).split("|")))
    say()
    if tuned.language is not None:
        say(f"{tuned.language.model} : {_settings(tuned.language)}")
    if tuned.embedding is not None:
        say(f"{tuned.embedding.model} : {_of_embedding(tuned.embedding)}")


def _settings(found: LanguageTuned) -> str:
    flash = Words("attention éclair", "flash attention")
    plain = Words("attention simple", "plain attention")
    attention = flash if found.flash_attention else plain
    return str(
        Words(
            f"{found.prefill_threads} fil(s) pour lire, {found.threads} pour écrire, lots de "
            f"{found.batch_tokens} jetons, {attention.fr}",
            f"{found.prefill_threads} thread(s) to read, {found.threads} to write, batches of "
            f"{found.batch_tokens} tokens, {attention.en}",
        )
    )


def _row(name: Words, before: float, after: float) -> tuple[str, str, str, str]:
    return str(name), f"{before:.1f}", f"{after:.1f}", f"{after / before - 1:+.0%}"


def describe(found: Standing) -> str:
    """One line of what holds here, for ``assistant doctor``."""
    parts = []
    if found.language is not None:
        parts.append(_settings(found.language))
    if found.embedding is not None:
        parts.append(f"{Words('plongement', 'embedding')} : {_of_embedding(found.embedding)}")
    return " ; ".join(parts)


def _of_embedding(found: EmbeddingTuned) -> str:
    return str(
        Words(
            f"{found.threads} fil(s), lots de {found.batch_tokens} jetons",
            f"{found.threads} thread(s), batches of {found.batch_tokens} tokens",
        )
    )
