"""Records to HTML: the one place where text becomes markup, everything escaped."""

from ui.render.answer import VERDICTS, WRONG, answer, drafted, evidence_list, in_words, understood
from ui.render.audit import OUTCOMES, no_record, record, records
from ui.render.corpus import changes, corpus, refusals, report
from ui.render.excerpts import basket, results, undo
from ui.render.frame import NAME, login_page, masthead
from ui.render.history import history
from ui.render.markup import banner, error_banner, notice, progress, text, waiting
from ui.render.picture import picture
from ui.render.source import no_source, source

__all__ = [
    "NAME",
    "OUTCOMES",
    "VERDICTS",
    "WRONG",
    "answer",
    "banner",
    "basket",
    "changes",
    "corpus",
    "drafted",
    "error_banner",
    "evidence_list",
    "history",
    "in_words",
    "login_page",
    "masthead",
    "no_record",
    "no_source",
    "notice",
    "picture",
    "progress",
    "record",
    "records",
    "refusals",
    "report",
    "results",
    "source",
    "text",
    "understood",
    "undo",
    "waiting",
]
