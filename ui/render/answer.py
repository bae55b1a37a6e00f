"""An answer on the page: its claims with numbered citations, its sources, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answering import AnswerReady, authorship
from assistant.answering.past import WRONG
from assistant.records import Answer, Citation, Claim, Disagreement, Evidence, Verdict
from assistant.references import placed_reference
from assistant.wording import Words, plural
from ui.render.markup import button, decimal, status_mark, text

VERDICTS = {
    Verdict.EXACT: Words("citation exacte", "exact quotation"),
    Verdict.SUPPORTED: Words("étayé par la source", "supported by the source"),
    Verdict.UNSUPPORTED: Words("non étayé", "unsupported"),
}


def understood(asked: str, standalone: str) -> str:
    """What a follow-up was taken to mean, and the way to ask it as it was written."""
    if asked.strip() == standalone.strip():
        return ""
    words = text(Words("Question comprise comme :", "Understood as:"))
    literal = button(Words("Poser la question telle quelle", "Ask it as written"), "literal")
    return f'<p class="understood">{words} <q>{text(standalone)}</q> {literal}</p>'


def evidence_list(evidence: Iterable[Evidence]) -> str:
    """The sourced sentences that the model reads; each opens its source."""
    rows = "".join(
        f'<li value="{e.number}"><blockquote>{text(e.text)}</blockquote>{_opening(e)}</li>'
        for e in evidence
    )
    heading = text(Words("Extraits trouvés dans vos documents", "Excerpts from your documents"))
    if not rows:
        nothing = text(Words("Aucun extrait ne correspond.", "No excerpt matches."))
        return f'<section class="evidence"><h2>{heading}</h2><p>{nothing}</p></section>'
    return f'<section class="evidence"><h2>{heading}</h2><ol>{rows}</ol></section>'


def answer(ready: AnswerReady, *, disputable: bool = True) -> str:
    """The verified answer, or the abstention: they never look alike."""
    shown = ready.answer
    sources = sources_of(shown)
    claims = "".join(_claim(number, claim, sources) for number, claim in enumerate(shown.claims))
    state = "answered" if shown.answered else "abstained"
    return (
        f'<article class="answer {state}" tabindex="-1">{_head(shown)}'
        f'<ul class="claims">{claims}</ul>{_sources(sources)}'
        f"{_disagreements(shown.disagreements)}{_provenance(ready, sources)}"
        f"{_tools(ready, sources, disputable)}</article>"
    )


def drafted(claims: Sequence[Claim]) -> str:
    """What is written of an answer so far: verified claim by claim, not yet as a whole."""
    sources = _once(citation for claim in claims for citation in claim.citations)
    rows = "".join(_claim(number, claim, sources) for number, claim in enumerate(claims))
    title = text(Words("Réponse en cours", "Answer under way"))
    return (
        f'<article class="answer drafted"><h2>{title}</h2><ul class="claims">{rows}</ul>'
        f"{_sources(sources)}</article>"
    )


def sources_of(shown: Answer) -> list[Citation]:
    """The cited sources of an answer, each once, in the order of their numbers from 1."""
    return _once(citation for claim in shown.claims for citation in claim.citations)


def in_words(ready: AnswerReady) -> str:
    """The answer as plain text, to be pasted elsewhere with its references."""
    shown, sources = ready.answer, sources_of(ready.answer)
    lines = [ready.question, ""]
    if not shown.answered:
        lines += [shown.reason, ""]
    for claim in shown.claims:
        numbers = "".join(f" [{sources.index(c) + 1}]" for c in _once(claim.citations))
        lines.append(f"- {claim.text}{numbers} ({VERDICTS[claim.verdict]})")
    lines += ["", *(f"[{n}] « {c.quote} » {referred(c)}" for n, c in enumerate(sources, 1))]
    return "\n".join([*lines, "", f"{authorship(ready)}. {ready.record}"])


def _sentence(words: Words) -> Words:
    """The same, begun with a capital."""
    return Words(words.fr[:1].upper() + words.fr[1:], words.en[:1].upper() + words.en[1:])


def _once(citations: Iterable[Citation]) -> list[Citation]:
    found: list[Citation] = []
    for citation in citations:
        if citation not in found:
            found.append(citation)
    return found


def _head(shown: Answer) -> str:
    if shown.answered:
        return f'<h2 class="answered">{text(Words("Réponse", "Answer"))}</h2>'
    title = text(Words("Pas de réponse dans les documents", "No answer in the documents"))
    suggestion = f'<p class="suggestion">{text(shown.suggestion)}</p>' if shown.suggestion else ""
    unsupported = ""
    if shown.claims:
        words = Words(
            "Ce que le modèle proposait, et qui n’a pas passé la vérification :",
            "What the model proposed, and what did not pass verification:",
        )
        unsupported = f'<p class="proposed">{text(words)}</p>'
    return f'<h2 class="abstained">{title}</h2><p>{text(shown.reason)}</p>{suggestion}{unsupported}'


def _claim(place: int, claim: Claim, sources: Sequence[Citation]) -> str:
    cites = "".join(
        button(
            str(sources.index(c) + 1),
            "cite",
            f"{place}:{claim.citations.index(c)}",
            look="cite",
            title=Words(
                f"Ouvrir la source {sources.index(c) + 1} : {c.document.title}",
                f"Open source {sources.index(c) + 1}: {c.document.title}",
            ),
        )
        for c in _once(claim.citations)
    )
    reason = f'<p class="reason">{text(claim.reason)}</p>' if claim.reason else ""
    verdict = f'<span class="verdict">{text(VERDICTS[claim.verdict])}</span>'
    return (
        f'<li class="{claim.verdict}"><span class="claim">{text(claim.text)}</span> '
        f'<span class="cites">{cites}</span> {verdict}{reason}</li>'
    )


def _sources(sources: Sequence[Citation]) -> str:
    rows = "".join(
        f"<li><blockquote>{text(c.quote)}</blockquote>"
        f'<p class="reference">{text(referred(c))}{status_mark(c.document.status)}</p></li>'
        for c in sources
    )
    return f'<ol class="sources">{rows}</ol>' if rows else ""


def referred(source: Citation | Evidence) -> Words:
    """Document, date and place of a source; its status has a mark of its own."""
    return placed_reference(source.document, source.passage.locator)


def _opening(source: Evidence) -> str:
    """The reference of an excerpt, which opens it."""
    opens = button(
        referred(source),
        "evidence",
        str(source.number),
        look="opens",
        title=Words(
            f"Ouvrir l’extrait {source.number} : {referred(source)}",
            f"Open excerpt {source.number}: {referred(source)}",
        ),
    )
    return f'<p class="reference">{opens}{status_mark(source.document.status)}</p>'


def _disagreements(found: Iterable[Disagreement]) -> str:
    """Other figures for the same thing, each with its source."""
    rows = "".join(
        f"<li><p>{text(d.note)}</p><blockquote>{text(d.other.quote)}</blockquote>"
        f'<p class="reference">{text(referred(d.other))}'
        f"{status_mark(d.other.document.status)}</p></li>"
        for d in found
    )
    if not rows:
        return ""
    heading = text(Words("Les documents ne s’accordent pas", "The documents disagree"))
    return f'<section class="disagreements"><h3>{heading}</h3><ul>{rows}</ul></section>'


def _provenance(ready: AnswerReady, sources: Sequence[Citation]) -> str:
    """What answered, from how many documents, in what time, at what cost."""
    by, total = authorship(ready), decimal(ready.seconds.get("total", 0.0))
    documents = len({c.document.document_id for c in sources})
    s = plural(documents)
    words = Words(
        f"{by.fr} par relecture des sources · {documents} document{s.fr} cité{s.fr} · {total.fr} s"
        f"{_energy(ready).fr} · trace {ready.record}",
        f"{by.en}, verified by re-reading the sources · {documents} document{s.en} cited · "
        f"{total.en} s{_energy(ready).en} · record {ready.record}",
    )
    return f'<p class="provenance">{text(words)}</p>'


def _energy(ready: AnswerReady) -> Words:
    energy = ready.energy
    if energy is None:
        return Words("", "")
    wh = decimal(energy.wh, 3)
    how = Words("mesurée", "measured") if energy.measured else Words("estimée", "estimated")
    return Words(f" · énergie {wh.fr} Wh ({how.fr})", f" · energy {wh.en} Wh ({how.en})")


def _tools(ready: AnswerReady, sources: Sequence[Citation], disputable: bool) -> str:
    copy = text(Words("Copier avec les références", "Copy with references"))
    copied = text(Words("Copié", "Copied"))
    tools = (
        f'<button type="button" class="act plain" data-copy="{text(in_words(ready))}" '
        f'data-done="{copied}" data-key="copy">{copy}</button>'
    )
    if disputable:
        reasons = "".join(
            button(_sentence(words), "dispute", key)
            for key, words in WRONG.items()
            if key != ("refused" if ready.answer.answered else "quote")
        )
        summary = text(Words("Cette réponse est fausse", "This answer is wrong"))
        tools += (
            f'<details class="dispute"><summary>{summary}</summary>'
            f'<div class="reasons">{reasons}</div></details>'
        )
    return f'<div class="tools">{tools}</div>'
