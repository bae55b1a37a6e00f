"""The report as one page that needs nothing but itself, in the language that is spoken."""

from __future__ import annotations

from assistant.figures import page
from assistant.figures.typography import Typography, typography_of
from assistant.reporting.reading_notes import NOTES
from assistant.reporting.report import Report
from assistant.reporting.sections import Section, sections
from assistant.wording import Words, spoken


def html(report: Report) -> str:
    """The whole page; every text in it is escaped."""
    t = typography_of(spoken())
    found = sections(report, t)
    titles = [(section.key, t.say(section.title)) for section in found]
    titles.append(("lire", t.say(_READ)))
    return page.whole(
        title=title_of(report, t),
        language=t.language,
        header=_header(report, t) + page.contents(t.say(Words("Sommaire", "Contents")), titles),
        main="".join(_section(section, t) for section in found) + _notes(t),
    )


_READ = Words("Comment lire ce rapport", "How to read this report")


def title_of(report: Report, t: Typography) -> str:
    """What the page is called: the period."""
    since = report.since and t.day(report.since.isoformat())
    until = report.until and t.day(report.until.isoformat())
    if since and until:
        period = Words(f"du {since} au {until}", f"from {since} to {until}")
    elif since:
        period = Words(f"depuis le {since}", f"since {since}")
    elif until:
        period = Words(f"jusqu’au {until}", f"until {until}")
    else:
        period = Words("toutes les réponses", "all answers")
    return t.say(Words(f"Rapport d’audit, {period.fr}", f"Audit report, {period.en}"))


def _header(report: Report, t: Typography) -> str:
    asked = t.number(report.whole.answers)
    lines = [
        page.paragraph(
            t.say(
                Words(f"Questions : {asked}.", f"Questions: {asked}.")
                if report.whole.answers
                else Words("Aucune question dans cette période.", "No question in this period.")
            ),
            warning=not report.whole.answers,
            soft=False,
        )
    ]
    written = Words(
        f"Écrit le {t.moment(report.written)} (UTC) ; assistant-documentaire {report.program}.",
        f"Written {t.moment(report.written)} (UTC); assistant-documentaire {report.program}.",
    )
    lines.append(page.paragraph(t.say(written)))
    if report.log is not None:
        count = t.number(report.log.records)
        lines.append(
            page.paragraph(
                t.say(
                    Words(
                        f"Journal lu à {count} enregistrements, tête {report.log.head} ; "
                        "« assistant audit verify » dit s’il est intact.",
                        f"Log read at {count} records, head {report.log.head}; "
                        "`assistant audit verify` says whether it is intact.",
                    )
                )
            )
        )
    if report.partial:
        left_out = Words(
            "Les réponses qui montrent un extrait d’une collection que vous ne pouvez pas lire "
            "ne sont comptées nulle part.",
            "Answers that show an excerpt of a collection you may not read are counted nowhere.",
        )
        lines.append(page.paragraph(t.say(left_out), warning=True))
    return "\n".join(lines) + "\n"


def _section(found: Section, t: Typography) -> str:
    tables = [table for table in found.tables if table is not None and table.rows]
    titled = len(found.tables) > 1
    body = page.drawn(found.figures)
    body += "".join(page.tabular(table, titled=titled) for table in tables)
    if not tables:
        body += page.paragraph(t.say(found.nothing), soft=False)
    return page.section(t.say(found.title), body, key=found.key)


def _notes(t: Typography) -> str:
    body = "\n".join(page.paragraph(t.say(note), soft=False) for note in NOTES)
    return page.section(t.say(_READ), body, key="lire")
