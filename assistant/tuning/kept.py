"""The file of a measured machine: written whole, and used only where it was made.

It names what it was measured with: processor, cores, model, library. When any of these is another
one today, its part is ignored, and `assistant doctor` says so. A person's own settings are in
``assistant.toml``, stand above, and never here.
"""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from assistant.figures.files import write_whole
from assistant.language_model.running import Running
from assistant.processor import physical_cores, processor_name, usable_processors
from assistant.settings_sections import Section
from assistant.wording import Words, safe

FILE_NAME = "tuning.toml"
_MAX_BYTES = 100_000
_SHOWN_CHARS = 120

Threads = Annotated[int, Field(ge=1, le=1024)]
Tokens = Annotated[int, Field(ge=8, le=131_072)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class Machine(Section):
    """What the figures hold for; ``cores`` are physical, ``processors`` logical ones."""

    processor: Name
    cores: Threads
    processors: Threads


class LanguageTuned(Section):
    """How the language model runs best here; rates are tokens a second, before and after."""

    model: Name
    sha256: Name
    library: Name
    threads: Threads
    prefill_threads: Threads
    batch_tokens: Tokens
    micro_batch_tokens: Tokens
    flash_attention: bool
    prefill_before: Rate
    prefill_after: Rate
    decode_before: Rate
    decode_after: Rate

    @property
    def running(self) -> Running:
        """The settings, as the engine takes them."""
        return Running(
            threads=self.threads,
            prefill_threads=self.prefill_threads,
            batch_tokens=self.batch_tokens,
            micro_batch_tokens=self.micro_batch_tokens,
            flash_attention=self.flash_attention,
        )


class EmbeddingTuned(Section):
    """How passages are embedded best here; rates are passages a second, before and after."""

    model: Name
    sha256: Name
    library: Name
    threads: Threads
    batch_tokens: Tokens
    passages_before: Rate
    passages_after: Rate


class Tuned(Section):
    """The whole file; a part is missing where its engine was not measured."""

    format: Literal[1] = 1
    measured: Name
    machine: Machine
    language: LanguageTuned | None = None
    embedding: EmbeddingTuned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of the file holds today; ``ignored`` says what does not, and why."""

    language: LanguageTuned | None = None
    embedding: EmbeddingTuned | None = None
    measured: str | None = None
    ignored: tuple[Words, ...] = ()


def this_machine() -> Machine:
    """What this process computes on."""
    return Machine(
        processor=safe(processor_name())[:_SHOWN_CHARS],
        cores=physical_cores(),
        processors=usable_processors(),
    )


def library(name: str) -> str:
    """A library with its version: ``onnxruntime 1.22.0``."""
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name} —"


def keep(folder: Path, tuned: Tuned) -> Path:
    """Write the file, all at once; the former one stays until then.

    Raises:
        OSError: It cannot be written there.
    """
    lines = [
        "# Mesuré par « assistant doctor --tune » sur cette machine ; relancez-la pour mesurer",
        "# à nouveau, effacez ce fichier pour revenir aux réglages courants.",
    ]
    whole = tuned.model_dump(exclude_none=True)
    lines += [f"{key} = {_toml(value)}" for key, value in whole.items() if not _table(value)]
    for name, section in whole.items():
        if _table(section):
            lines += ["", f"[{name}]", *(f"{key} = {_toml(said)}" for key, said in section.items())]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    write_whole(file, "\n".join(lines) + "\n")
    return file


def standing(
    folder: Path, machine: Machine, *, language_sha256: str | None, embedding_sha256: str | None
) -> Standing:
    """What was measured on this machine, with these models and today's libraries.

    Args:
        folder: Where the file is, if there is one.
        machine: Today's.
        language_sha256: Of the language model in use; ``None`` where a server holds it.
        embedding_sha256: Of the embedding model in use; ``None`` where it is not measured.
    """
    tuned = _read(folder / FILE_NAME)
    if tuned is None:
        return Standing()
    if isinstance(tuned, Words):
        return Standing(ignored=(tuned,))
    if tuned.machine != machine:
        then, now = (f"{m.processor}, {m.cores}/{m.processors}" for m in (tuned.machine, machine))
        return Standing(
            ignored=(
                Words(
                    f"mesurés sur une autre machine ({then} ; ici {now})",
                    f"measured on another machine ({then}; here {now})",
                ),
            )
        )
    ignored: list[Words] = []
    return Standing(
        language=_holds(tuned.language, language_sha256, library("llama-cpp-python"), ignored),
        embedding=_holds(tuned.embedding, embedding_sha256, library("onnxruntime"), ignored),
        measured=tuned.measured,
        ignored=tuple(ignored),
    )


Part = TypeVar("Part", LanguageTuned, EmbeddingTuned)


def _holds(
    part: Part | None, sha256: str | None, installed: str, ignored: list[Words]
) -> Part | None:
    """The part, if model and library are still those; why not is noted."""
    if part is None or sha256 is None:
        return None
    if part.sha256 != sha256:
        ignored.append(
            Words(
                f"mesurés avec un autre modèle ({safe(part.model)[:_SHOWN_CHARS]})",
                f"measured with another model ({safe(part.model)[:_SHOWN_CHARS]})",
            )
        )
        return None
    if part.library != installed:
        then = safe(part.library)[:_SHOWN_CHARS]
        ignored.append(
            Words(
                f"mesurés avec {then} ; {installed} est installé",
                f"measured with {then}; {installed} is installed",
            )
        )
        return None
    return part


def _read(file: Path) -> Tuned | Words | None:
    """The file; why it cannot be used; ``None`` where there is none."""
    try:
        with file.open("rb") as handle:
            raw = handle.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ValueError(f"> {_MAX_BYTES} bytes")
        return Tuned.model_validate(tomllib.loads(raw.decode("utf-8")))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (OSError, ValueError) as error:  # TOML's and Unicode's errors are ValueErrors
        why = str(error)
    shown = " ".join(safe(why).split())[:_SHOWN_CHARS]
    return Words(
        f"le fichier {FILE_NAME} est illisible ({shown})",
        f"the file {FILE_NAME} cannot be read ({shown})",
    )


def _table(value: object) -> bool:
    return isinstance(value, dict)


def _toml(value: object) -> str:
    # JSON's strings, numbers and booleans are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
