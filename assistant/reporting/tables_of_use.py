"""What was asked of the assistant and what it took: volumes, models, times, energy."""

from __future__ import annotations

from assistant.figures.tables import Table
from assistant.figures.typography import NONE, Typography
from assistant.reporting.cells import heads, named
from assistant.reporting.groups import Group
from assistant.reporting.records import Outcome
from assistant.reporting.report import Report
from assistant.reporting.words import OUTCOMES
from assistant.wording import Words

DAYS_SHOWN = 62  # beyond, the days are in the files only

_STAGES = {
    "first_evidence": Words("extraits affichés", "evidence shown"),
    "first_token": Words("premier mot rédigé", "first word written"),
    "total": Words("réponse vérifiée", "answer verified"),
}


def volumes(report: Report, t: Typography) -> Table:
    """Questions by month and how they ended, then in all."""
    shown = shown_outcomes(report)
    rows = [(month, group) for month, group in report.by_month.items()]
    rows.append((t.say(Words("en tout", "in all")), report.whole))
    return Table(
        title=t.say(Words("Questions par mois", "Questions by month")),
        header=(
            *heads(t, Words("mois|questions", "month|questions")),
            *(t.say(OUTCOMES[outcome]) for outcome in shown),
            *heads(
                t,
                Words("taux de refus|intervalle à 95 %|signalées", "refused|95% interval|reported"),
            ),
        ),
        rows=tuple(
            (
                name,
                t.number(group.answers),
                *(t.number(group.outcomes[outcome]) for outcome in shown),
                t.percent(group.refusals.value),
                t.bounds(group.refusals.interval),
                t.number(group.disputed),
            )
            for name, group in rows
        ),
    )


def days(report: Report, t: Typography) -> Table | None:
    """Questions by day, where there are few enough days to read."""
    if not 0 < len(report.by_day) <= DAYS_SHOWN:
        return None
    shown = shown_outcomes(report)
    return Table(
        title=t.say(Words("Questions par jour", "Questions by day")),
        header=(
            *heads(t, Words("jour|questions", "day|questions")),
            *(t.say(OUTCOMES[outcome]) for outcome in shown),
        ),
        rows=tuple(
            (
                t.day(day),
                t.number(sum(found.values())),
                *(t.number(found.get(outcome, 0)) for outcome in shown),
            )
            for day, found in report.by_day.items()
        ),
    )


def shown_outcomes(report: Report) -> list[Outcome]:
    """The outcomes that have a column: those every reader looks for, and those that happened."""
    always = (Outcome.ANSWERED, Outcome.ABSTAINED)
    return [o for o in Outcome if o in always or report.whole.outcomes[o]]


def conditions(report: Report, t: Typography) -> Table:
    """Models with their hashes, program and embedding."""
    none = t.say(Words("aucun (phrases extraites)", "none (sentences extracted)"))
    return Table(
        title=t.say(Words("Modèles et programme", "Models and program")),
        header=heads(
            t,
            Words(
                "modèle de langue|sha256|programme|plongement|questions|première|dernière",
                "language model|sha256|program|embedding|questions|first|last",
            ),
        ),
        rows=tuple(
            (
                *(
                    named(said, nothing)
                    for said, nothing in (
                        (found.model, none),
                        (found.sha256, NONE),
                        (found.program, NONE),
                        (found.embedding, NONE),
                    )
                ),
                t.number(found.answers),
                t.day(found.first[:10]),
                t.day(found.last[:10]),
            )
            for found in report.conditions
        ),
    )


def times(report: Report, t: Typography) -> Table:
    """Median and 95th percentile of what a reader waits for."""
    return Table(
        title=t.say(Words("Temps depuis la question", "Time since the question")),
        header=heads(
            t, Words("étape|médiane|95e centile|questions", "stage|median|95th centile|questions")
        ),
        rows=tuple(
            (t.say(title), t.seconds(found.median), t.seconds(found.p95), t.number(found.of))
            for stage, title in _STAGES.items()
            if (found := report.whole.seconds[stage]) is not None
        ),
        note=t.say(
            Words(
                "Questions répondues ou refusées. Sans modèle de langue, rien n’est rédigé.",
                "Questions answered or refused. Without a language model nothing is written.",
            )
        ),
    )


def energy(report: Report, t: Typography) -> Table:
    """Energy by month and in all, measured and estimated apart."""
    rows = [
        (month, group)
        for month, group in report.by_month.items()
        if group.energy.per_answer is not None
    ]
    if rows:
        rows.append((t.say(Words("en tout", "in all")), report.whole))
    return Table(
        title=t.say(Words("Énergie", "Energy")),
        header=heads(
            t,
            Words(
                "mois|somme|dont mesurée|dont estimée|médiane par réponse|95e centile|mesurées"
                "|estimées|inconnue",
                "month|sum|measured|estimated|median an answer|95th centile|measured|estimated"
                "|unknown",
            ),
        ),
        rows=tuple((name, *_spent(group, t)) for name, group in rows),
        note=t.say(
            Words(
                "« Mesurée » : par le compteur du processeur, du début à la fin ; sinon estimée "
                "d’après le temps de calcul. Les phrases extraites sans modèle ne sont pas "
                "comptées : leur énergie est inconnue et presque nulle.",
                "“Measured”: by the processor's counter, from beginning to end; otherwise "
                "estimated from CPU time. Sentences extracted without a model are not metered: "
                "their energy is unknown and next to nothing.",
            )
        ),
    )


def _spent(group: Group, t: Typography) -> tuple[str, ...]:
    found, each = group.energy, group.energy.per_answer
    return (
        t.watt_hours(found.total_wh, 2),
        t.watt_hours(found.measured_wh, 2),
        t.watt_hours(found.estimated_wh, 2),
        t.watt_hours(None if each is None else each.median),
        t.watt_hours(None if each is None else each.p95),
        t.number(found.measured),
        t.number(found.estimated),
        t.number(found.without),
    )
