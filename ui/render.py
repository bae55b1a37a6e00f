"""Records to HTML: the one place where text becomes markup, everything escaped.

Text of documents and questions is hostile. It is stripped of control and
direction-changing characters, escaped, and never stands in a tag or an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from assistant.answering import AnswerReady, authorship
from assistant.records import Citation, Claim, Disagreement, Evidence, Hit, Status, Verdict
from assistant.wording import Words, safe

_VERDICTS = {
    Verdict.EXACT: Words("citation exacte", "exact quotation"),
    Verdict.SUPPORTED: Words("étayé par la source", "supported by the source"),
    Verdict.UNSUPPORTED: Words("non étayé", "unsupported"),
}


def text(words: object) -> str:
    """Any text, safe to stand between two tags."""
    return escape(safe(str(words)), quote=True)


def banner(message: object, remedy: object = "") -> str:
    """An error with its remedy."""
    return f'<div class="banner" role="alert"><p>{text(message)}</p><p>{text(remedy)}</p></div>'


def waiting(words: Words) -> str:
    """What is being done, for eyes and screen readers."""
    return f'<p class="waiting" role="status">{text(words)}</p>'


def evidence_list(evidence: Iterable[Evidence]) -> str:
    """The sourced sentences that the model reads."""
    rows = "".join(
        f'<li value="{e.number}"><blockquote>{text(e.text)}</blockquote>{reference(e)}</li>'
        for e in evidence
    )
    heading = text(Words("Extraits trouvés dans vos documents", "Excerpts from your documents"))
    return f'<section class="evidence"><h3>{heading}</h3><ol>{rows}</ol></section>'


def hit_list(hits: Iterable[Hit]) -> str:
    """Search results, best first."""
    rows = "".join(
        f"<li><blockquote>{text(h.passage.text)}</blockquote>{reference(h)}</li>" for h in hits
    )
    if not rows:
        return waiting(Words("Aucun extrait ne correspond.", "No excerpt matches."))
    return f'<section class="evidence"><ol>{rows}</ol></section>'


def answer(ready: AnswerReady) -> str:
    """The verified answer, or the abstention: they never look alike."""
    shown = ready.answer
    sources: list[Citation] = []
    claims = "".join(_claim(claim, sources) for claim in shown.claims)
    if shown.answered:
        head = f'<h3 class="answered">{text(Words("Réponse", "Answer"))}</h3>'
    else:
        words = Words("Pas de réponse dans les documents", "No answer in the documents")
        head = f'<h3 class="abstained">{text(words)}</h3><p>{text(shown.reason)}</p>'
        if shown.suggestion:
            head += f'<p class="suggestion">{text(shown.suggestion)}</p>'
    quotes = "".join(
        f"<li><blockquote>{text(c.quote)}</blockquote>{reference(c)}</li>" for c in sources
    )
    state = "answered" if shown.answered else "abstained"
    return (
        f'<article class="answer {state}">{head}<ul class="claims">{claims}</ul>'
        f'<ol class="sources">{quotes}</ol>{_disagreements(shown.disagreements)}'
        f"{_provenance(ready)}</article>"
    )


def reference(source: Hit | Evidence | Citation) -> str:
    """Document, date, place, and status when it is not final."""
    document, locator = source.document, source.passage.locator
    parts = [text(document.title)]
    if document.date is not None:
        parts.append(document.date.strftime("%d/%m/%Y"))
    if locator.label:
        parts.append(text(locator.label))
    if document.status is not Status.FINAL:
        parts.append(f'<strong class="status">{text(document.status)}</strong>')
    return f'<p class="reference">{" — ".join(parts)}</p>'


def _claim(claim: Claim, sources: list[Citation]) -> str:
    numbers = []
    for citation in claim.citations:
        if citation not in sources:
            sources.append(citation)
        numbers.append(str(sources.index(citation) + 1))
    cites = f' <span class="cites">[{", ".join(numbers)}]</span>' if numbers else ""
    reason = f'<p class="reason">{text(claim.reason)}</p>' if claim.reason else ""
    verdict = f'<span class="verdict">{text(_VERDICTS[claim.verdict])}</span>'
    return f'<li class="{claim.verdict}">{text(claim.text)}{cites} {verdict}{reason}</li>'


def _disagreements(found: Iterable[Disagreement]) -> str:
    """Other figures for the same thing, each with its source."""
    rows = "".join(
        f"<li><p>{text(d.note)}</p><blockquote>{text(d.other.quote)}</blockquote>"
        f"{reference(d.other)}</li>"
        for d in found
    )
    if not rows:
        return ""
    heading = text(Words("Les documents ne s’accordent pas", "The documents disagree"))
    return f'<section class="disagreements"><h4>{heading}</h4><ul>{rows}</ul></section>'


def _provenance(ready: AnswerReady) -> str:
    by = authorship(ready)
    seconds = f"{ready.seconds['total']:.1f}"
    words = Words(
        f"{by.fr} par relecture des sources, en "
        f"{seconds.replace('.', ',')} s. Trace d’audit : {ready.record}.",
        f"{by.en}, verified by re-reading the sources, in {seconds} s. "
        f"Audit record: {ready.record}.",
    )
    return f'<p class="provenance">{text(words)}</p>'
