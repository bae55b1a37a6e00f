"""Records to HTML: the one place where text becomes markup, everything escaped."""

from ui.render.answer import VERDICTS, answer, drafted, evidence_list, in_words, understood
from ui.render.audit import OUTCOMES, no_record, record, records, report_form
from ui.render.corpus import changes, corpus, refusals, report
from ui.render.excerpts import basket, results, undo
from ui.render.frame import NAME, login_page, masthead
from ui.render.history import history
from ui.render.markup import banner, error_banner, notice, progress, text, waiting
from ui.render.picture import picture
from ui.render.review import comparison, finished, item, no_item, samples
from ui.render.source import no_source, source

__all__ = [
    "NAME",
    "OUTCOMES",
    "VERDICTS",
    "answer",
    "banner",
    "basket",
    "changes",
    "comparison",
    "corpus",
    "drafted",
    "error_banner",
    "evidence_list",
    "finished",
    "history",
    "in_words",
    "item",
    "login_page",
    "masthead",
    "no_item",
    "no_record",
    "no_source",
    "notice",
    "picture",
    "progress",
    "record",
    "records",
    "refusals",
    "report",
    "report_form",
    "results",
    "samples",
    "source",
    "text",
    "understood",
    "undo",
    "waiting",
]
