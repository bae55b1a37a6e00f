"""Real logs of whole answers, judged by people, for the tests of the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from assistant import contract
from assistant.audit import AuditLog
from assistant.records import (
    Answer,
    Citation,
    Claim,
    Document,
    DocumentKind,
    Evidence,
    Tokens,
    Verdict,
)
from assistant.workspace import Workspace
from tests.audit_logs import Clock
from tests.conftest import evidence
from tests.workspaces import make_workspace

MODEL = {"name": "petit-modele", "sha256": "b" * 64}
TEXT = "La fibre couvre 87 % des foyers."


def workspace_in(folder: Path, *, step: timedelta = timedelta(hours=6)) -> Workspace:
    """A workspace whose log begins on 20 November 2025 and ticks by ``step`` an event."""
    workspace = Workspace.open(make_workspace(folder / "ws", documents=0))
    workspace.audit = AuditLog(workspace.settings.index_folder / "audit", clock=Clock(step))
    return workspace


def source(quote: str = TEXT, collection: str = "notes", **more: Any) -> Evidence:
    """A sentence of ``collection/essai.md``; ``more`` are fields of the document."""
    path = more.pop("path", f"{collection}/essai.md")
    found = evidence(quote)
    document = replace(
        found.document,
        document_id=path.replace("/", "-"),
        path=path,
        collection=collection,
        **more,
    )
    return replace(found, document=document)


def said(text: str, verdict: Verdict, *sources: Evidence, reason: str = "") -> Claim:
    cited = tuple(
        Citation(passage=s.passage, document=s.document, quote=s.text, start=s.start, end=s.end)
        for s in sources
    )
    return Claim(text=text, verdict=verdict, reason=reason, citations=cited)


def opened(log: AuditLog, question: str = "Combien ?", **more: Any) -> str:
    return log.open(
        {
            "user": "p-agent",
            "question": question,
            "standalone": question,
            "previous": None,
            "filters": {},
            "generation": 3,
            "model": MODEL,
            "embedding": "e5 0123",
            "settings": {"seed": 0},
            "program": "0.1.0",
            **more,
        }
    )


def answer(
    log: AuditLog,
    *claims: Claim,
    answered: bool = True,
    question: str = "Combien ?",
    total_s: float = 20.0,
    wh: float | None = 0.5,
    measured: bool = False,
    opening: dict[str, Any] | None = None,
    **more: Any,
) -> str:
    """An answer, or an abstention, recorded as the program records it."""
    record = opened(log, question, **(opening or {}))
    shown = tuple(
        replace(source(c.quote), number=number, document=c.document)
        for number, c in enumerate((c for claim in claims for c in claim.citations), start=1)
    )
    how = {"fr": "estimée", "en": "estimated"}
    given = Answer(
        answered=answered,
        reason="" if answered else "Aucune phrase ne répond.",
        claims=claims,
        evidence=shown,
    )
    log.close(
        record,
        {
            "seconds": {"retrieval": 0.2, "first_evidence": 0.4, "total": total_s},
            "tokens": asdict(Tokens(prompt=700, prefilled=400, generated=60)),
            "energy": None if wh is None else {"wh": wh, "measured": measured, "how": how},
            **contract.answer_json(given),
            **more,
        },
    )
    return record


def judge(
    log: AuditLog,
    record: str,
    thing: tuple[int, int] | None,
    key: str,
    *,
    by: str = "e1",
    sample: str | None = None,
    settles: bool = False,
    note: str = "",
) -> None:
    claim, citation = thing or (None, None)
    log.append(
        "review.settled" if settles else "review.judged",
        {"sample": sample, "by": by, "claim": claim, "citation": citation, "judgement": key},
        {f"judgement {by} {claim}.{citation}": {"note": note}},
        record,
    )


def sampled(
    log: AuditLog, records: Iterable[str], how: str = "random", strata: str | None = None
) -> str:
    return log.append(
        "review.sampled",
        {"by": "e1", "seed": 7, "how": how, "strata": strata, "size": 2},
        {"items": [{"record": record} for record in records]},
    )


def dispute(log: AuditLog, record: str, why: str, user: str = "p-agent") -> None:
    log.append(
        "answer.disputed", {"why": why}, {f"dispute {user}": {"by": user, "why": why}}, record
    )


def publish(workspace: Workspace, *documents: tuple[Document, str]) -> None:
    """Make these the documents of the corpus, each with its whole text."""
    catalogue = workspace.catalogue
    generation = catalogue.generation + 1
    leaving = [stored.row for stored in catalogue.documents(generation - 1)]
    coming = [catalogue.add(document, text, [], [], "r") for document, text in documents]
    catalogue.publish(generation, adds=coming, retires=leaving, embedding="e5")


def avis(quote: str, **more: Any) -> Evidence:
    """A sentence of an opinion, in the collection of opinions."""
    return source(quote, "avis", kind=DocumentKind.OPINION, **more)


def small_log(workspace: Workspace) -> dict[str, str]:
    """Nine questions over six days, of every outcome, some judged; their records by name."""
    log = workspace.audit
    publish(workspace, (source().document, TEXT), (avis("").document, "Le centre a 214 dossiers."))
    dossiers = avis("Le centre a 214 dossiers.")
    names = {
        "good": answer(
            log,
            said("87 % des foyers sont couverts.", Verdict.EXACT, source()),
            said("Le centre a traité 241 dossiers.", Verdict.SUPPORTED, dossiers),
            measured=True,
            wh=0.3,
            total_s=10.0,
        ),
        "refused": answer(log, answered=False, wh=0.1, total_s=4.0),
        "odd": answer(
            log,
            said("La fibre couvre 87 % des foyers.", Verdict.UNSUPPORTED, source(), reason="?"),
            said("Il y a 214 dossiers.", Verdict.SUPPORTED, dossiers),
        ),
        "erased": answer(log, said("Texte effacé.", Verdict.EXACT, source())),
        "extracted": answer(log, wh=None, opening={"model": {"name": None, "sha256": None}}),
    }
    names["stopped"] = opened(log)
    log.close(names["stopped"], {"status": "stopped", "seconds": {"total": 3.0}})
    names["failed"] = opened(log)
    log.close(names["failed"], {"status": "failed", "error": "Modèle absent."})
    names["open"] = opened(log)
    random = sampled(log, [names["good"], names["erased"]])
    judge(log, names["good"], (0, 0), "does_not", sample=random)
    judge(log, names["good"], (0, 0), "supports", sample=random, note="revu")
    judge(log, names["good"], (0, 0), "supports", by="e2", sample=random)
    judge(log, names["good"], (1, 0), "supports", sample=random)
    judge(log, names["good"], (1, 0), "does_not", by="e2", sample=random)
    judge(log, names["good"], (1, 0), "does_not", by="e3", settles=True)
    judge(log, names["good"], None, "complete", sample=random)
    judge(log, names["refused"], None, "rightly_refused")
    judge(log, names["odd"], (0, 0), "supports", sample=sampled(log, [names["odd"]], "disputed"))
    judge(log, names["odd"], (1, 0), "cannot_tell")
    judge(log, names["odd"], None, "incomplete")
    judge(log, names["erased"], (0, 0), "partly", sample=random)
    dispute(log, names["odd"], "quote")
    dispute(log, names["erased"], "other")
    log.forget(names["erased"], "demande de la personne")
    return names
