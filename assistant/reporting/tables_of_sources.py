"""Cited documents that are not what they were when they were cited."""

from __future__ import annotations

from assistant.figures.tables import Table
from assistant.figures.typography import NONE, Typography, shortened
from assistant.reporting.cells import LONGEST_QUESTION, heads, named
from assistant.reporting.report import Report
from assistant.reporting.words import SOURCES
from assistant.wording import Words

_SOURCES_SHOWN = 200


def stale(report: Report, t: Typography) -> Table:
    """The sources that most answers cite first, with the answers that cite them."""
    shown = report.stale[:_SOURCES_SHOWN]
    notes = [
        Words(
            "Citations selon ce que le document est devenu ; les traces nommées sont les "
            "dernières, toutes les citations sont dans claims.csv.",
            "Citations by what has become of the document; the records named are the newest, all "
            "citations are in claims.csv.",
        )
    ]
    if len(shown) < len(report.stale):
        notes.append(
            Words(
                f"{t.number(len(shown))} documents sur {t.number(len(report.stale))}.",
                f"{t.number(len(shown))} of {t.number(len(report.stale))} documents.",
            )
        )
    if report.partial:
        notes.append(
            Words(
                "Un document passé dans une collection que vous ne pouvez pas lire est compté "
                "comme retiré.",
                "A document that went to a collection you may not read counts as withdrawn.",
            )
        )
    return Table(
        title=t.say(Words("Sources retirées, modifiées ou remplacées", "Sources that changed")),
        header=heads(
            t,
            Words(
                "document|collection|nature|citations|questions|traces",
                "document|collection|kind|citations|questions|records",
            ),
        ),
        rows=tuple(
            (
                shortened(f"{source.title} ({source.path})", LONGEST_QUESTION),
                named(source.collection, NONE),
                named(source.kind, NONE),
                "\n".join(
                    f"{t.say(SOURCES[state])} ({t.number(count)})"
                    for state, count in source.states.items()
                ),
                t.number(source.answers),
                " ".join(source.records),
            )
            for source in shown
        ),
        note=" ".join(t.say(note) for note in notes),
    )
