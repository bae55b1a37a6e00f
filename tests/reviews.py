"""A log of answers over real documents, and people to review it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant import contract
from assistant.accounts import Role, User
from assistant.records import Answer, Citation, Claim, Document, Evidence, Locator, Passage, Verdict
from assistant.review import Place, Sample, assignment, judge
from assistant.workspace import Workspace
from tests.shelves import put, shelf, span

NOTE = """# Note sur la fibre

## Situation

La fibre couvre 87 % des foyers. Ce taux est suivi chaque mois. Il progresse.

## Suites

Un point est fait en mars.
"""
HEARING = """Audition du 12 février 2026

[00:00:05] M. Durand (président) : Madame Leroy, combien de lycées ?

[00:00:20] Mme Leroy (CCI) : Soixante-deux lycées sont équipés. Le budget est de 4,5 millions d’euros.
"""
RATE = "La fibre couvre 87 % des foyers."
SCHOOLS = "Soixante-deux lycées sont équipés."
BUDGET = "Le budget est de 4,5 millions d’euros."
WHY = "motif-du-verificateur"  # what a blind evaluator must never see
NOBODY: frozenset[str] = frozenset()


def person(name: str, role: Role = Role.EVALUATOR, *, active: bool = True) -> User:
    user_id = f"u-{name.lower():x<10}"
    return User(user_id=user_id, name=name, role=role, created="", active=active)


ANA, BOB, CLEO = person("Ana"), person("Bob"), person("Cleo")


class Office:
    """Two documents in two collections, and answers that cite them."""

    def __init__(self, folder: Path) -> None:
        self.workspace: Workspace = shelf(folder)
        self.note = put(self.workspace, "notes/fibre.md", NOTE, "Note sur la fibre")
        self.hearing = put(self.workspace, "auditions/leroy.txt", HEARING, "Audition CCI")
        self.count = 0

    def cited(self, words: str) -> Citation:
        document = self.note if words in NOTE else self.hearing
        return cite(self.workspace, document, words)

    def answer(
        self,
        *claims: tuple[Verdict, Sequence[str]],
        given: bool = True,
        evidence: Sequence[str] = (RATE, SCHOOLS),
    ) -> str:
        """Record a whole answer: each claim with its verdict and the words it cites."""
        self.count += 1
        record = self.workspace.audit.open({"question": f"Question {self.count} ?", "user": "u-x"})
        said = Answer(
            answered=given,
            reason="" if given else WHY,
            suggestion="" if given else WHY,
            claims=tuple(
                Claim(
                    text=f"Phrase {number} : {' '.join(words)}",
                    verdict=verdict,
                    reason="" if verdict is not Verdict.UNSUPPORTED else WHY,
                    citations=tuple(map(self.cited, words)),
                )
                for number, (verdict, words) in enumerate(claims)
            ),
            evidence=tuple(
                as_evidence(self.cited(words), number)
                for number, words in enumerate(evidence, start=1)
            ),
        )
        self.workspace.audit.close(record, closing(said))
        return record

    def dispute(self, record: str, why: str = "figure") -> None:
        said = {"dispute u-x": {"by": "u-x", "why": why}}
        self.workspace.audit.append("answer.disputed", {"why": why}, said, record)


def closing(answer: Answer) -> dict[str, Any]:
    """What a record is closed with, as the story of asking does it."""
    return {
        "raw": WHY,
        "threshold": 0.123456,
        "seconds": {"total": 1.0},
        "tokens": {"prompt": 0, "prefilled": 0, "generated": 0},
        **contract.answer_json(answer),
    }


def cite(workspace: Workspace, document: Document, words: str) -> Citation:
    start, end = span(workspace, document, words)
    passage = Passage(
        passage_id=f"{document.document_id}:{start}",
        document_id=document.document_id,
        text=words,
        start=start,
        end=end,
        locator=Locator(section="Situation"),
    )
    return Citation(passage=passage, document=document, quote=words, start=start, end=end)


def as_evidence(citation: Citation, number: int) -> Evidence:
    return Evidence(
        number=number,
        text=citation.quote,
        start=citation.start,
        end=citation.end,
        score=0.987654,
        passage=citation.passage,
        document=citation.document,
        answers=-3.141592,
    )


def walk(
    workspace: Workspace,
    sample: Sample,
    who: User,
    say: Any = "supports",
    *,
    hidden: frozenset[str] = NOBODY,
    note: str = "",
) -> list[Place]:
    """Judge everything that is left; ``say`` is a key, or gives one for an item."""
    judged: list[Place] = []
    while (item := assignment(workspace, sample, who, hidden)) is not None:
        key = say(item) if callable(say) else say
        if key not in {choice.key for choice in item.choices}:
            key = item.choices[0].key
        judge(workspace, sample, who, hidden, item.place, key, note=note)
        judged.append(item.place)
    return judged


def texts(value: Any) -> str:
    """Everything a record holds, whatever the depth."""
    return repr(asdict(value))
