"""The report as French tables, the same for Markdown and HTML.

Titles, notes and heads are ours; cells may hold hostile text, so whoever renders a
table escapes all of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.evaluation.cases import Case, Fault, worst_first
from assistant.evaluation.report import Report
from assistant.evaluation.scores import PER_QUESTION, Scores
from assistant.evaluation.titles import DEFINITIONS, FAULTS, TITLES
from assistant.evaluation.typography import (
    NO_BREAK,
    NONE,
    bounds,
    number,
    percent,
    ratio,
    seconds,
    typeset,
)
from assistant.figures.shares import Spread, median
from assistant.figures.tables import Table
from assistant.figures.titles import VERDICTS

_STAGES = {
    "retrieval": "recherche terminée",
    "first_evidence": "extraits affichés",
    "first_token": "premier mot rédigé",
    "total": "réponse vérifiée",
}
_TOKENS = {
    "prompt": "jetons de la consigne",
    "prefilled": "jetons lus",
    "generated": "jetons écrits",
}
_GROUP_SHARES = {
    "answered": "répondues",
    "refused": "refusées",
    "false_answers": "répondues à tort",
    "false_refusals": "refusées à tort",
    "complete_answers": "complètes",
    "wrong_answers": "fausses",
    "facts_said": "faits donnés",
    "facts_shown": "faits dans les extraits",
}


def tables_of(report: Report) -> list[Table]:
    """Every table of the report that has rows, in reading order."""
    found = [
        _headline(report.scores),
        _worst(report.cases),
        _groups("Par nature de question", "nature", report.per_kind),
        _groups("Par chose demandée", "chose demandée", report.per_asks),
        _groups("Par moitié", "moitié", report.per_split),
        _spreads(report.scores),
        _verdicts(report.scores),
        _conditions(report),
    ]
    return [table for table in found if table.rows]


def state_of(report: Report) -> str:
    """One sentence: how many questions, whether all were asked, how many failed."""
    asked = len(report.cases)
    s = "s" if asked > 1 else ""
    done = f"{number(asked)} question{s} posée{s} sur {number(report.planned)}"
    end = " ; évaluation interrompue, à poursuivre par --resume" if report.interrupted else ""
    failed = report.scores.failed
    errors = f" ; {number(failed)} en échec, hors des calculs" if failed else ""
    return typeset(f"{done}{errors}{end}.")


def _headline(scores: Scores) -> Table:
    rows = tuple(
        (
            typeset(TITLES[name].fr),
            percent(share.value),
            bounds(share.interval) if name in PER_QUESTION else NONE,
            ratio(share),
            typeset(DEFINITIONS[name]),
        )
        for name, share in scores.shares.items()
    )
    return Table(
        title="Chiffres clés",
        header=("mesure", "part", typeset("intervalle à 95 %"), "compte", "définition"),
        rows=rows,
        note=typeset(
            "Intervalles de Clopper-Pearson, exacts, là où chaque question compte une fois. "
            "Rappel et précision des citations : définitions d’ALCE (Gao et al., EMNLP 2023), "
            "mais le juge est le vérificateur du programme lui-même ; ils ne disent donc pas si "
            "ce vérificateur a raison."
        ),
    )


def _worst(cases: Sequence[Case]) -> Table:
    rows = tuple(
        (
            typeset(FAULTS[fault]),
            f"{case.question.question} ({case.question.id}, {case.question.kind})",
            _said(case),
            _why(case),
            " ; ".join(case.missing) or NONE,
            case.outcome.record or NONE,
        )
        for case in worst_first(cases)
        if (fault := case.fault) is not None
    )
    return Table(
        title="Les cas à revoir, les pires d’abord",
        header=("défaut", "question", "ce qui a été dit", "motif", "faits manquants", "trace"),
        rows=rows,
        note=typeset("Une trace se lit par « assistant audit show TRACE »."),
    )


def _said(case: Case) -> str:
    if case.failed:
        return "rien"
    if not case.answered:
        return "abstention"
    return " • ".join(f"{c.text} ({VERDICTS[c.verdict].fr})" for c in case.outcome.claims)


def _why(case: Case) -> str:
    reasons = [case.outcome.reason, *(claim.reason for claim in case.outcome.claims)]
    if case.fault in (Fault.MISSING_FACTS, Fault.WRONG_ANSWER):
        shown = sum(case.shown)
        reasons.append(typeset(f"Faits dans les extraits : {shown} sur {len(case.shown)}."))
    return " ".join(reason for reason in reasons if reason) or NONE


def _groups(title: str, head: str, groups: dict[str, Scores]) -> Table:
    rows = tuple(
        (
            name,
            number(scores.questions),
            *(percent(scores.shares[share].value) for share in _GROUP_SHARES),
            seconds(median(scores.seconds["total"])),
        )
        for name, scores in groups.items()
    )
    header = (head, "questions", *_GROUP_SHARES.values(), "durée médiane")
    return Table(title=title, header=header, rows=rows)


def _spreads(scores: Scores) -> Table:
    rows = [
        (title, seconds(s.median), seconds(s.p95), number(s.of))
        for stage, title in _STAGES.items()
        if (s := scores.seconds[stage]) is not None
    ]
    rows += [_count(title, scores.tokens[name]) for name, title in _TOKENS.items()]
    rows.append(_energy(scores.energy_wh))
    return Table(
        title="Temps, jetons, énergie",
        header=("mesure", "médiane", "95e centile", "questions"),
        rows=tuple(rows),
        note=typeset(
            "Temps depuis la question. Les modèles sont chargés avant la première question."
        ),
    )


def _count(title: str, found: Spread | None) -> tuple[str, str, str, str]:
    if found is None:
        return title, NONE, NONE, "0"
    return title, number(found.median), number(found.p95), number(found.of)


def _energy(found: Spread | None) -> tuple[str, str, str, str]:
    title = "énergie d’une réponse"
    if found is None:
        return title, "non mesurée", NONE, "0"
    unit = f"{NO_BREAK}Wh"
    return title, number(found.median, 3) + unit, number(found.p95, 3) + unit, number(found.of)


def _verdicts(scores: Scores) -> Table:
    return Table(
        title="Verdicts des affirmations",
        header=("verdict", "affirmations"),
        rows=tuple((VERDICTS[v].fr, number(count)) for v, count in scores.verdicts.items()),
    )


def _conditions(report: Report) -> Table:
    run = report.run
    weights = f"sha256 {run.model_sha256}" if run.model_sha256 else "sur un serveur"
    model = f"{run.model} ({weights})" if run.model else "aucun (mode extractif)"
    most = f", {run.plan.limit} questions au plus" if run.plan.limit else ""
    rows = [
        ("questions de référence", f"{run.gold} (sha256 {run.gold_sha256})"),
        ("moitié", ("toutes" if run.plan.split == "all" else run.plan.split) + most),
        ("programme", f"assistant-documentaire {run.program}"),
        ("modèle de langue", model),
        ("modèle de plongement", run.embedding),
        ("état des documents", f"génération {run.generation}"),
        *((f"réglages [{name}]", _settings(values)) for name, values in run.settings.items()),
        ("machine", f"{run.machine.cpu_count} processeurs, {run.machine.platform}"),
        ("Python", run.machine.python),
        ("commencée le", run.begun),
        ("rapport écrit le", report.written),
    ]
    return Table(title="Conditions", header=("quoi", "valeur"), rows=tuple(rows))


def _settings(values: dict[str, object]) -> str:
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
