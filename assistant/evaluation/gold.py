"""Gold questions: JSON Lines, each line checked before anything is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assistant.evaluation.refusals import EvaluationError
from assistant.wording import Words

NEAR_MISS = "nearmiss"
UNANSWERABLE = frozenset({NEAR_MISS, "unanswerable"})

Split = Literal["dev", "test"]
_Text = Annotated[str, StringConstraints(pattern=r"\S")]


class GoldQuestion(BaseModel):
    """One question with what is known of its answer.

    ``facts`` must all stand in a complete answer; ``documents`` (paths in the corpus)
    and ``quotes`` say where they come from. ``asks`` names what sort of thing is asked
    for, ``previous`` is the question before it, for a follow-up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: _Text
    question: _Text
    kind: _Text
    answerable: bool
    facts: tuple[_Text, ...]
    documents: tuple[str, ...]
    quotes: tuple[str, ...]
    asks: str | None = None
    previous: str | None = None
    note: str | None = None

    @property
    def split(self) -> Split:
        """The half this question belongs to."""
        return split_of(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A gold file: its name, the sha256 of its bytes, its questions in order."""

    name: str
    sha256: str
    questions: tuple[GoldQuestion, ...]


def split_of(question_id: str) -> Split:
    """Which half a question belongs to: fixed for ever by the sha256 of its id.

    What is chosen or tuned by looking at answers looks at ``"dev"`` only, so that
    ``"test"`` measures.
    """
    first = hashlib.sha256(question_id.encode("utf-8")).hexdigest()[0]
    return "dev" if int(first, 16) % 2 == 0 else "test"


def read_gold(path: Path) -> Gold:
    """Read and check a whole gold file; blank lines are passed over.

    Raises:
        EvaluationError: The file is unreadable or empty, or a line is not a gold
            question; the message gives its number (1-based).
    """
    try:
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").split("\n")  # not splitlines: texts may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            Words(f"« {path} » est illisible : {error}.", f"{str(path)!r} is unreadable: {error}."),
            remedy=Words(
                "Indiquez un fichier JSON Lines encodé en UTF-8.",
                "Name a JSON Lines file in UTF-8.",
            ),
        ) from error
    questions: dict[str, GoldQuestion] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _parse(path, number, line)
        if question.id in questions:
            raise _bad_line(
                path,
                number,
                Words(f"l’id « {question.id} » y est déjà", f"id {question.id!r} is there already"),
                Words("Donnez à chaque question un id unique.", "Give each question its own id."),
            )
        questions[question.id] = question
    if not questions:
        raise EvaluationError(
            Words(f"« {path} » ne contient aucune question.", f"{str(path)!r} has no question."),
            remedy=Words("Écrivez une question par ligne.", "Write one question a line."),
        )
    return Gold(
        name=path.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        questions=tuple(questions.values()),
    )


def chosen(
    questions: Sequence[GoldQuestion], *, split: Literal["dev", "test", "all"], limit: int | None
) -> tuple[GoldQuestion, ...]:
    """The questions of a split, in the file's order, the first ``limit`` of them.

    Raises:
        EvaluationError: There is none.
    """
    kept = tuple(q for q in questions if split in ("all", q.split))[:limit]
    if not kept:
        raise EvaluationError(
            Words(f"Aucune question dans la moitié « {split} ».", f"No question in {split!r}."),
            remedy=Words("Choisissez une autre moitié : --split all.", "Choose --split all."),
        )
    return kept


def _parse(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        question = GoldQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _bad_line(path, number, *_explained(first["type"], first["loc"])) from error
    if question.answerable == (question.kind in UNANSWERABLE):
        raise _bad_line(
            path,
            number,
            Words(
                f"« answerable » contredit « kind » ({question.kind})",
                f"`answerable` contradicts `kind` ({question.kind})",
            ),
            Words(
                "« nearmiss » et « unanswerable », et eux seuls, sont sans réponse.",
                "`nearmiss` and `unanswerable`, and only they, have no answer.",
            ),
        )
    if question.answerable and not question.facts:
        raise _bad_line(
            path,
            number,
            Words("une réponse existe, mais « facts » est vide", "answerable, but no `facts`"),
            Words(
                "Donnez au moins un fait que la réponse doit contenir.",
                "Give at least one fact that the answer must hold.",
            ),
        )
    return question


def _explained(kind: str, place: tuple[int | str, ...]) -> tuple[Words, Words]:
    """What is wrong with a line and what to do, from the type and place of pydantic's error."""
    known = ", ".join(GoldQuestion.model_fields)
    keys = Words(f"Clés attendues : {known}.", f"Keys: {known}.")
    key = ".".join(str(part) for part in place)[:80]
    if not key:
        return Words("ce n’est pas un objet JSON", "it is not a JSON object"), keys
    if kind == "missing":
        return Words(f"la clé « {key} » manque", f"key {key!r} is missing"), keys
    if kind == "extra_forbidden":
        return Words(f"la clé « {key} » est inconnue", f"key {key!r} is unknown"), keys
    return (
        Words(f"la valeur de « {key} » ne convient pas", f"the value of {key!r} is not acceptable"),
        Words(
            "Textes non vides ; « answerable » : true ou false ; "
            "« facts », « documents », « quotes » : listes de textes.",
            "Texts that are not empty; `answerable`: true or false; "
            "`facts`, `documents`, `quotes`: lists of texts.",
        ),
    )


def _bad_line(path: Path, number: int, what: Words, remedy: Words) -> EvaluationError:
    return EvaluationError(
        Words(f"{path}, ligne {number} : {what.fr}.", f"{path}, line {number}: {what.en}."),
        remedy=remedy,
    )
