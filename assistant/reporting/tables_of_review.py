"""What people said of the answers, and how the verifier stands beside them."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.figures.tables import Table
from assistant.figures.typography import NONE, Typography, shortened
from assistant.records import Verdict
from assistant.reporting.cells import LONGEST_QUESTION, LONGEST_QUOTE, heads, named
from assistant.reporting.findings import WorstCase
from assistant.reporting.groups import Group, Human, Judged
from assistant.reporting.measures import Measure, measures
from assistant.reporting.records import CITATION_KEYS, Outcome
from assistant.reporting.report import Report
from assistant.reporting.words import DRAWS, HUMANS, OUTCOMES, reason_of, verdict_of
from assistant.review.judgements import ON_REFUSAL, label_of
from assistant.wording import Words

_INTERVAL = Words("intervalle à 95 %", "95% interval")


def headline(report: Report, t: Typography) -> Table:
    """Every headline share with its interval, its count and its definition."""
    return Table(
        title=t.say(Words("En bref", "In short")),
        header=heads(
            t,
            Words(
                "mesure|part|intervalle à 95 %|compte|définition",
                "measure|share|95% interval|count|definition",
            ),
        ),
        rows=tuple(_measured(found, t) for found in measures(report)),
    )


def _measured(found: Measure, t: Typography) -> tuple[str, ...]:
    share = found.share
    return (
        t.say(found.title),
        t.percent(share.value),
        t.bounds(share.interval),
        t.ratio(share),
        t.say(found.definition),
    )


def drawn(report: Report, t: Typography) -> Table:
    """Citations by what people hold of them, by how they came to be judged, then in all."""
    rows = [(t.say(DRAWS[drawn]), judged) for drawn, judged in report.by_draw.items()]
    rows = [(name, judged) for name, judged in rows if _any(judged)]
    if rows:
        rows.append((t.say(Words("en tout", "in all")), report.whole.judged))
    left = Words("impossible à dire|non tranchée|précision", "cannot tell|not settled|precision")
    return Table(
        title=t.say(Words("Citations jugées", "Citations judged")),
        header=(
            t.say(Words("tirage", "drawn")),
            *(t.say(label_of(key)) for key in CITATION_KEYS[:-1]),
            *heads(t, left),
            t.say(_INTERVAL),
        ),
        rows=tuple((name, *_judged(judged, t)) for name, judged in rows),
        note=t.say(
            Words(
                "Dans des réponses dont les textes ont été effacés depuis : "
                f"{t.number(report.reviewing.erased)} ; elles comptent ici et dans leur mois, sous "
                "aucune collection ni nature, et pas face au vérificateur.",
                f"In answers whose texts were erased since: {t.number(report.reviewing.erased)}; "
                "they count here and in their month, under no collection or kind, and not "
                "against the verifier.",
            )
            if report.reviewing.erased
            else Words("", "")
        ),
    )


def _any(judged: Judged) -> bool:
    return bool(judged.of or judged.cannot_tell or judged.unsettled)


def _judged(judged: Judged, t: Typography) -> tuple[str, ...]:
    return (
        *(t.number(judged.keys.get(key, 0)) for key in CITATION_KEYS[:-1]),
        t.number(judged.cannot_tell),
        t.number(judged.unsettled),
        t.percent(judged.precision.value),
        t.bounds(judged.precision.interval),
    )


def whole_answers(report: Report, t: Typography) -> Table:
    """Answers and refusals judged as a whole."""
    labels = {choice.key: choice.label for choice in ON_REFUSAL}
    rows = []
    for outcome, counts in report.answers_judged.items():
        for key, count in sorted(counts.items()):
            refused = outcome is Outcome.ABSTAINED and key in labels
            label = labels[key] if refused else label_of(key)
            rows.append((t.say(OUTCOMES[outcome]), t.say(label), t.number(count)))
    return Table(
        title=t.say(Words("Réponses jugées dans leur ensemble", "Answers judged as a whole")),
        header=heads(t, Words("issue|jugement|réponses", "outcome|judgement|answers")),
        rows=tuple(rows),
    )


def confusion(report: Report, t: Typography) -> Table:
    """Claims by verdict and by what people hold of them."""
    found = report.whole.verifier
    return Table(
        title=t.say(Words("Affirmations jugées", "Claims judged")),
        header=(
            t.say(Words("vérificateur", "verifier")),
            *(
                t.say(Words(f"évaluateurs : {said.fr}", f"people: {said.en}"))
                for said in HUMANS.values()
            ),
        ),
        rows=tuple(
            (t.say(verdict_of(verdict)), *(t.number(found.cell(verdict, h)) for h in Human))
            for verdict in Verdict
        )
        if found.counts
        else (),
    )


def worst(report: Report, t: Typography) -> Table:
    """The claims on which the verifier and people say the contrary."""
    return Table(
        title=t.say(Words("Les pires cas", "The worst cases")),
        header=heads(
            t,
            Words(
                "vérificateur|évaluateurs|affirmation|citations et leur jugement|question|trace",
                "verifier|people|claim|citations and their judgement|question|record",
            ),
        ),
        rows=tuple(
            (
                " — ".join(
                    filter(
                        None,
                        (t.say(verdict_of(case.verdict)), shortened(case.reason, LONGEST_QUESTION)),
                    )
                ),
                t.say(HUMANS[case.human]),
                shortened(case.text, LONGEST_QUOTE),
                "\n".join(
                    f"[{t.say(label_of(cited.key)) if cited.key else NONE}] "
                    f"{shortened(cited.quote, LONGEST_QUOTE)} "
                    f"({named(cited.title)}, {named(cited.where)})"
                    for cited in case.citations
                ),
                shortened(case.question, LONGEST_QUESTION),
                case.record,
            )
            for case in report.worst
        ),
        note=t.say(
            Words(
                "D’abord ce qui a été montré comme sûr et ne l’est pas. Une trace se lit par "
                "« assistant audit show TRACE ».",
                "First what was shown as sure and is not. `assistant audit show RECORD` reads a "
                "record.",
            )
        ),
    )


def _with_reason(case: WorstCase, t: Typography) -> str:
    reason = shortened(case.reason, LONGEST_QUESTION)
    return " — ".join(filter(None, (t.say(verdict_of(case.verdict)), reason)))


def reasons(report: Report, t: Typography) -> Table:
    """Why readers hold answers for wrong."""
    return Table(
        title=t.say(Words("Raisons", "Reasons")),
        header=heads(t, Words("raison|signalements", "reason|reports")),
        rows=tuple(
            (named(t.say(reason_of(key))), t.number(count)) for key, count in report.reasons.items()
        ),
    )


def disputed(report: Report, t: Typography) -> Table:
    """The newest answers that readers hold for wrong."""
    rows = tuple(
        (
            t.moment(found.opened),
            shortened(found.question, LONGEST_QUESTION) or NONE,
            t.say(OUTCOMES[found.outcome]),
            " ; ".join(named(t.say(reason_of(key))) for key in found.reasons),
            found.record,
        )
        for found in report.disputed
    )
    all_ = t.number(report.whole.disputed)
    cut = Words(
        f"Les {t.number(len(rows))} dernières, sur {all_} ; toutes sont dans records.csv.",
        f"The newest {t.number(len(rows))} of {all_}; all are in records.csv.",
    )
    return Table(
        title=t.say(Words("Les dernières d’abord", "The newest first")),
        header=heads(
            t, Words("ouverte|question|issue|raisons|trace", "opened|question|outcome|why|record")
        ),
        rows=rows,
        note=t.say(cut) if len(rows) < report.whole.disputed else "",
    )


def groups(title: Words, head: Words, found: Mapping[str, Group], t: Typography) -> Table:
    """Quality by name: citations, what people hold of them, and the verifier beside them."""
    columns = Words(
        "questions|citations|citations jugées|étayent|précision|intervalle à 95 %"
        "|« non étayé » : précision|rappel|« étayé, exact » : précision|rappel",
        "questions|citations|citations judged|support|precision|95% interval"
        "|“unsupported”: precision|recall|“supported, exact”: precision|recall",
    )
    return Table(
        title=t.say(title),
        header=(t.say(head), *heads(t, columns)),
        rows=tuple((named(name, NONE), *_quality(group, t)) for name, group in found.items()),
    )


def _quality(group: Group, t: Typography) -> tuple[str, ...]:
    judged, verifier = group.judged, group.verifier
    shares = (
        verifier.refusal_precision,
        verifier.refusal_recall,
        verifier.acceptance_precision,
        verifier.acceptance_recall,
    )
    return (
        t.number(group.answers),
        t.number(group.citations),
        t.number(judged.of),
        t.number(judged.precision.count),
        t.percent(judged.precision.value),
        t.bounds(judged.precision.interval),
        *(NONE if not s.of else f"{t.percent(s.value)}\n{t.ratio(s)}" for s in shares),
    )
