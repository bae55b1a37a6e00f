"""The sections of the page, in reading order: what each draws, its tables, what it says of none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.figures.drawing import Figure
from assistant.figures.tables import Table
from assistant.figures.typography import Typography
from assistant.reporting import plots, tables_of_review, tables_of_sources, tables_of_use
from assistant.reporting.cells import heads
from assistant.reporting.report import Report
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page; ``nothing`` is said where no table has a row."""

    key: str
    title: Words
    nothing: Words
    figures: Sequence[Figure]
    tables: Sequence[Table | None]


def sections(report: Report, t: Typography) -> list[Section]:
    """Every section of a report."""
    review, use = tables_of_review, tables_of_use
    nobody = Words("Personne n’a rien jugé.", "Nobody has judged anything.")
    none = Words("Aucune.", "None.")
    return [
        Section(
            key="bref",
            title=Words("En bref", "In short"),
            nothing=none,
            figures=plots.headline(report, t),
            tables=[review.headline(report, t)],
        ),
        Section(
            key="volumes",
            title=Words("Questions et refus", "Questions and refusals"),
            nothing=none,
            figures=plots.volumes(report, t),
            tables=[use.volumes(report, t), use.days(report, t)],
        ),
        Section(
            key="citations",
            title=Words("Citations, jugées par les évaluateurs", "Citations as people judged them"),
            nothing=nobody,
            figures=plots.precision(
                "precision-mois",
                Words("Précision des citations par mois.", "Citation precision by month."),
                report.by_month,
                t,
            ),
            tables=[
                _reviewing(report, t),
                review.drawn(report, t),
                review.whole_answers(report, t),
            ],
        ),
        Section(
            key="verificateur",
            title=Words("Le vérificateur face aux évaluateurs", "The verifier against people"),
            nothing=nobody,
            figures=plots.verifier(report, t),
            tables=[review.confusion(report, t), review.worst(report, t)],
        ),
        Section(
            key="groupes",
            title=Words("Par mois, par collection, par nature", "By month, by collection, by kind"),
            nothing=none,
            figures=plots.precision(
                "precision-collections",
                Words(
                    "Précision des citations par collection de la source.",
                    "Citation precision by collection of the source.",
                ),
                report.by_collection,
                t,
            ),
            tables=[
                review.groups(
                    Words("Citations par mois", "Citations by month"),
                    Words("mois", "month"),
                    report.by_month,
                    t,
                ),
                review.groups(
                    Words("Citations par collection", "Citations by collection"),
                    Words("collection", "collection"),
                    report.by_collection,
                    t,
                ),
                review.groups(
                    Words("Citations par nature de document", "Citations by kind of document"),
                    Words("nature", "kind"),
                    report.by_kind,
                    t,
                ),
            ],
        ),
        Section(
            key="signalees",
            title=Words("Réponses signalées fausses", "Answers reported as wrong"),
            nothing=none,
            figures=(),
            tables=[review.reasons(report, t), review.disputed(report, t)],
        ),
        Section(
            key="sources",
            title=Words(
                "Sources qui ne sont plus ce qu’elles étaient",
                "Sources that are not what they were",
            ),
            nothing=none,
            figures=(),
            tables=[tables_of_sources.stale(report, t)],
        ),
        Section(
            key="modeles",
            title=Words("Modèles, temps, énergie", "Models, times, energy"),
            nothing=none,
            figures=(),
            tables=[use.conditions(report, t), use.times(report, t), use.energy(report, t)],
        ),
    ]


def _reviewing(report: Report, t: Typography) -> Table:
    """How much was reviewed, by how many."""
    found = report.reviewing
    rows = (
        (Words("réponses examinées", "answers reviewed"), found.answers),
        (Words("évaluateurs", "evaluators"), found.evaluators),
        (Words("jugements en vigueur", "judgements that stand"), found.words),
        (Words("jugées par plusieurs", "judged by several"), found.shared),
        (Words("désaccords tranchés", "disagreements settled"), found.settled),
        (Words("jugements illisibles, écartés", "unreadable judgements, left out"), found.unread),
    )
    return Table(
        title=t.say(Words("Qui a jugé", "Who judged")),
        header=heads(t, Words("quoi|nombre", "what|number")),
        rows=tuple((t.say(name), t.number(count)) for name, count in rows)
        if found.words or found.unread
        else (),
    )
