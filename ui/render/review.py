"""The review on the page: samples, one thing to judge, and how far evaluators agree."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import Citation
from assistant.references import full_reference
from assistant.review import (
    LONGEST_NOTE,
    Agreement,
    AnswerShown,
    Choice,
    CitationShown,
    Divergence,
    Item,
    Place,
    Progress,
    Reliability,
    Sample,
    label_of,
)
from assistant.wording import Words, plural
from ui.render.markup import button, decimal, notice, text, waiting
from ui.render.source import source

_HOW = {
    "random": Words("au hasard", "at random"),
    "disputed": Words("signalées fausses", "reported wrong"),
}
_STRATA = {
    "collection": Words("par collection", "by collection"),
    "verdict": Words("par verdict", "by verdict"),
}


def samples(found: Sequence[tuple[Sample, Progress]]) -> str:
    """Every sample with one's own progress in it, the newest first."""
    title = f"<h2>{text(Words('Échantillons', 'Samples'))}</h2>"
    if not found:
        return title + waiting(Words("Aucun encore.", "None yet."))
    return title + f'<ul class="history">{"".join(_sample(s, p) for s, p in found)}</ul>'


def _sample(sample: Sample, mine: Progress) -> str:
    day = sample.drawn.astimezone().strftime("%d/%m/%Y %H:%M")
    how = _HOW[sample.how]
    strata = _STRATA.get(sample.strata or "", Words("", ""))
    drawn, done = plural(sample.size), plural(mine.done)
    words = Words(
        f"{day} · {sample.size} réponse{drawn.fr} {how.fr} {strata.fr} · graine {sample.seed} · "
        f"{mine.done} jugement{done.fr} sur {mine.of}",
        f"{day} · {sample.size} answer{drawn.en} {how.en} {strata.en} · seed {sample.seed} · "
        f"{mine.done} of {mine.of} judged",
    )
    judge = button(Words("Juger", "Judge"), "judge", sample.sample)
    compare = button(Words("Comparer", "Compare"), "compare", sample.sample)
    return f'<li>{text(words)}<div class="tools">{judge}{compare}</div></li>'


def no_item() -> str:
    """Before a sample is chosen."""
    return waiting(
        Words(
            "Choisissez un échantillon : « Juger » le parcourt, à l’aveugle.",
            "Choose a sample: “Judge” goes through it, blind.",
        )
    )


def finished(sample: Sample) -> str:
    """All of a sample is judged."""
    done = notice(Words("Vous avez tout jugé. Merci.", "You have judged all of it. Thank you."))
    return done + button(Words("Comparer", "Compare"), "compare-now", sample.sample)


def item(seen: Item) -> str:
    """One thing to judge; the letters of its choices press them."""
    number = Words(
        f"{seen.number} sur {seen.of} ({seen.done} jugé{plural(seen.done).fr})",
        f"{seen.number} of {seen.of} ({seen.done} judged)",
    )
    asked = text(Words("Question :", "Question:"))
    understood = (
        f'<p class="understood">{text(Words("Comprise comme :", "Understood as:"))} '
        f"<q>{text(seen.understood)}</q></p>"
        if seen.understood
        else ""
    )
    shown = _cited(seen.shown) if isinstance(seen.shown, CitationShown) else _whole(seen.shown)
    back = button(Words("Précédent", "Back"), "back", _named(seen))
    skip = button(Words("Passer", "Skip"), "skip", _named(seen))
    label = text(Words("À juger", "To be judged"))
    return (
        f'<section class="judging" tabindex="-1" data-key="judging" aria-label="{label}">'
        f'<p class="count">{text(number)}</p><p>{asked} <q>{text(seen.question)}</q></p>'
        f"{understood}{_choices(seen)}{shown}"
        f'<div class="tools">{back}{skip}</div></section>'
    )


def _choices(seen: Item) -> str:
    named, said = _named(seen), seen.mine
    buttons = "".join(
        _choice(choice, f"{named}|{choice.key}", said is not None and said.key == choice.key)
        for choice in seen.choices
    )
    return f'<div class="choices">{buttons}{_note(named, "" if said is None else said.note)}</div>'


def _choice(choice: Choice, item: str, chosen: bool) -> str:
    letter, label = text(choice.letter), text(choice.label)
    return (
        f'<button type="button" class="act choice" data-act="say" data-item="{text(item)}" '
        f'data-with="note" data-letter="{letter}" aria-pressed="{str(chosen).lower()}" '
        f'data-key="say{letter}" title="{text(choice.meaning)}"><kbd>{letter}</kbd> {label}'
        f'<span class="meaning">{text(choice.meaning)}</span></button>'
    )


def _note(about: str, said: str) -> str:
    """The note on one thing; ``about`` tells it from that on the next, drawn in its place."""
    label = text(Words("Note (facultative)", "Note (optional)"))
    return (
        f'<label class="note">{label} <textarea rows="2" maxlength="{LONGEST_NOTE}" '
        f'data-item="{text(about)}" data-field="note">{text(said)}</textarea></label>'
    )


def _cited(shown: CitationShown) -> str:
    """A claim, and its source; not what the verifier said of them."""
    claim = f'<p class="claim-judged">{text(shown.claim)}</p>'
    if shown.source is not None:
        return claim + source(shown.source)
    why = "" if shown.unshown is None else notice(shown.unshown)
    return claim + why + _quoted(shown.citation)


def _quoted(citation: Citation) -> str:
    reference = full_reference(citation.document, citation.passage.locator)
    return (
        f'<blockquote>{text(citation.quote)}</blockquote><p class="reference">{text(reference)}</p>'
    )


def _whole(shown: AnswerShown) -> str:
    """The answer as its reader had it, and the excerpts it was drawn from."""
    head = (
        Words("La réponse a été refusée au lecteur.", "The reader was refused an answer.")
        if shown.refused
        else Words("La réponse donnée :", "The answer that was given:")
    )
    claims = "".join(
        f'<li><p class="claim-judged">{text(claim.text)}</p>'
        f"{''.join(map(_quoted, claim.citations))}</li>"
        for claim in shown.claims
    )
    found = "".join(f"<li>{_quoted(citation)}</li>" for citation in shown.evidence)
    title = text(Words("Extraits trouvés", "Excerpts found"))
    return (
        f"<p>{text(head)}</p><ul>{claims}</ul><details open><summary>{title}</summary>"
        f"<ol>{found}</ol></details>"
    )


def comparison(sample: Sample, found: Agreement, apart: Sequence[Divergence]) -> str:
    """Agreement on a sample, and what is to be settled."""
    title = text(Words("Accord entre évaluateurs", "Agreement of evaluators"))
    many = plural(found.revised)
    revised = Words(
        f"{found.revised} jugement{many.fr} changé{many.fr} après qu’un autre avait jugé la même "
        "chose.",
        f"{found.revised} judgement{many.en} changed after another person's of the same thing.",
    )
    rows = _reliability(Words("Citations", "Citations"), found.citations)
    rows += _reliability(Words("Réponses", "Answers"), found.answers)
    heads = Words(
        "|Jugées|Par deux ou plus|Accord brut|Alpha de Krippendorff|Kappa de Cohen",
        "|Judged|By two or more|Raw agreement|Krippendorff's alpha|Cohen's kappa",
    )
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in str(heads).split("|"))
    listed = "".join(_divergence(sample, one) for one in apart)
    differ = text(Words("Désaccords", "Disagreements"))
    none = waiting(Words("Aucun désaccord.", "No disagreement."))
    return (
        f'<section class="comparison" tabindex="-1"><h2>{title}</h2>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div><p>{text(revised)}</p>"
        f"<h2>{differ}</h2>{listed or none}</section>"
    )


def _reliability(name: Words, found: Reliability) -> str:
    kappas = "<br>".join(
        text(f"{pair.one} / {pair.other} : {_figure(pair.kappa)} (n = {pair.n})")
        for pair in found.pairs
    )
    return (
        f'<tr><th scope="row">{text(name)}</th><td class="number">{found.judged}</td>'
        f'<td class="number">{found.n}</td><td class="number">{text(_figure(found.raw))}</td>'
        f'<td class="number">{text(_figure(found.alpha))}</td><td>{kappas or "—"}</td></tr>'
    )


def _figure(value: float | None) -> str:
    return "—" if value is None else str(decimal(value, 2))


def _divergence(sample: Sample, one: Divergence) -> str:
    said = "".join(
        f"<li>{text(j.by)} : <strong>{text(j.label)}</strong>"
        f"{f' — {text(j.note)}' if j.note else ''}</li>"
        for j in one.judgements
    )
    what = f'<p class="claim-judged">{text(one.claim)}</p>' if one.claim is not None else ""
    quoted = "" if one.citation is None else _quoted(one.citation)
    held = (
        ""
        if one.settled is None
        else notice(
            Words(
                f"Tranché : {label_of(one.settled.key).fr}",
                f"Settled: {label_of(one.settled.key).en}",
            )
        )
    )
    named = _place(sample.sample, one.place)
    choices = "".join(
        button(choice.label, "settle", f"{named}|{choice.key}", title=choice.meaning)
        for choice in one.choices
    )
    return (
        f'<article class="divergence"><p><q>{text(one.question)}</q></p>{what}{quoted}'
        f'<ul>{said}</ul>{held}<div class="tools">{choices}</div></article>'
    )


def _named(seen: Item) -> str:
    return _place(seen.sample, seen.place)


def _place(sample: str, place: Place) -> str:
    claim = "" if place.claim is None else place.claim
    citation = "" if place.citation is None else place.citation
    return f"{sample}|{place.record}|{claim}|{citation}"
