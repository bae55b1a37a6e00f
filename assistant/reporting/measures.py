"""The shares that a report is read for, each with its definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.figures.shares import Share
from assistant.reporting.groups import Group
from assistant.reporting.records import Drawn, Outcome
from assistant.reporting.report import Report
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A share, its key in the files, its name and definition, the colour of its bar."""

    key: str
    title: Words
    share: Share
    definition: Words
    hue: str


def measures(report: Report) -> tuple[Measure, ...]:
    """Every headline share of a report, in reading order; some are of nothing."""
    return (*_use(report), *_review(report), *verifier_measures(report.whole))


def _use(report: Report) -> Iterable[Measure]:
    yield Measure(
        key="refusals",
        title=Words("Taux de refus", "Refusal rate"),
        share=report.whole.refusals,
        definition=Words(
            "Questions refusées, sur celles qui ont été répondues ou refusées.",
            "Questions refused, over those answered or refused.",
        ),
        hue="refusal",
    )
    yield Measure(
        key="disputed",
        title=Words("Réponses signalées fausses", "Answers reported as wrong"),
        share=Share(count=report.whole.disputed, of=report.whole.answers),
        definition=Words(
            "Réponses dont un lecteur a dit qu’elles étaient fausses, sur toutes les questions.",
            "Answers that a reader said were wrong, over all questions.",
        ),
        hue="bad",
    )


def _review(report: Report) -> Iterable[Measure]:
    judged = report.whole.judged
    yield Measure(
        key="citation_precision",
        title=Words("Précision des citations", "Citation precision"),
        share=judged.precision,
        definition=Words(
            "Citations qui étayent toute la phrase, sur les citations jugées ; « impossible à "
            "dire » et les désaccords non tranchés n’y sont pas.",
            "Citations that support the whole sentence, over the citations judged; “cannot tell” "
            "and unsettled disagreements are left out.",
        ),
        hue="good",
    )
    yield Measure(
        key="citation_precision_random",
        title=Words("… échantillons au hasard", "… random samples"),
        share=report.by_draw[Drawn.RANDOM].precision,
        definition=Words(
            "De même, sur les seules citations d’un échantillon au hasard sans strates : la "
            "valeur qui dit quelque chose de toutes les réponses.",
            "The same over the citations of unstratified random samples: the value that says "
            "something about all answers.",
        ),
        hue="good",
    )
    yield Measure(
        key="citation_partly",
        title=Words("Citations qui étayent en partie", "Citations that support in part"),
        share=judged.partly,
        definition=Words(
            "Comptées à part, sur les mêmes citations jugées.",
            "Told apart, over the same citations.",
        ),
        hue="poor",
    )
    yield Measure(
        key="citation_wrong",
        title=Words("Citations fausses", "Wrong citations"),
        share=judged.wrong,
        definition=Words(
            "« N’étaye pas » ou « mauvaise source », sur les mêmes citations jugées.",
            "“Does not support” or “wrong source”, over the same citations.",
        ),
        hue="bad",
    )
    yield Measure(
        key="complete",
        title=Words("Réponses complètes", "Complete answers"),
        share=_whole(report, Outcome.ANSWERED, "complete"),
        definition=Words(
            "Réponses jugées complètes, sur les réponses jugées dans leur ensemble.",
            "Answers judged complete, over the answers judged as a whole.",
        ),
        hue="good",
    )
    yield Measure(
        key="rightly_refused",
        title=Words("Refus justifiés", "Right refusals"),
        share=_whole(report, Outcome.ABSTAINED, "rightly_refused"),
        definition=Words(
            "Refus jugés justifiés, sur les refus jugés.",
            "Refusals judged right, over the refusals judged.",
        ),
        hue="refusal",
    )


def verifier_measures(group: Group) -> tuple[Measure, ...]:
    """Precision and recall of the verifier's two answers, people being right by definition."""
    found = group.verifier
    return (
        Measure(
            key="unsupported_precision",
            title=Words("« Non étayé » : précision", "“Unsupported”: precision"),
            share=found.refusal_precision,
            definition=Words(
                "Affirmations que les évaluateurs tiennent aussi pour non étayées, sur celles que "
                "le vérificateur dit non étayées.",
                "Claims that people hold for unsupported too, over those that the verifier "
                "calls so.",
            ),
            hue="first",
        ),
        Measure(
            key="unsupported_recall",
            title=Words("« Non étayé » : rappel", "“Unsupported”: recall"),
            share=found.refusal_recall,
            definition=Words(
                "Affirmations que le vérificateur dit non étayées, sur celles que les "
                "évaluateurs tiennent pour telles.",
                "Claims that the verifier calls unsupported, over those that people hold for so.",
            ),
            hue="first",
        ),
        Measure(
            key="supported_precision",
            title=Words("« Étayé, exact » : précision", "“Supported, exact”: precision"),
            share=found.acceptance_precision,
            definition=Words(
                "Affirmations que les évaluateurs tiennent aussi pour étayées, sur celles que le "
                "vérificateur dit étayées ou exactes.",
                "Claims that people hold for supported too, over those that the verifier calls "
                "supported or exact.",
            ),
            hue="second",
        ),
        Measure(
            key="supported_recall",
            title=Words("« Étayé, exact » : rappel", "“Supported, exact”: recall"),
            share=found.acceptance_recall,
            definition=Words(
                "Affirmations que le vérificateur dit étayées ou exactes, sur celles que les "
                "évaluateurs tiennent pour étayées.",
                "Claims that the verifier calls supported or exact, over those that people hold "
                "for supported.",
            ),
            hue="second",
        ),
    )


def _whole(report: Report, outcome: Outcome, key: str) -> Share:
    judged = report.answers_judged.get(outcome, {})
    return Share(count=judged.get(key, 0), of=sum(judged.values()))
