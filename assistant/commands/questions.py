"""``assistant search`` and ``assistant ask``."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.records import (
    Citation,
    Claim,
    Copy,
    DocumentKind,
    Evidence,
    Filters,
    Hit,
    Status,
    Verdict,
)
from assistant.terminal import note, say, say_json, wrapped
from assistant.wording import Words, safe

if TYPE_CHECKING:
    from assistant.answering import AnswerReady
    from assistant.evidence import Excerpt

_VERDICTS = {
    Verdict.EXACT: Words("citation exacte", "exact quotation"),
    Verdict.SUPPORTED: Words("étayé", "supported"),
    Verdict.UNSUPPORTED: Words("NON ÉTAYÉ", "UNSUPPORTED"),
}


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two commands."""
    search = commands.add_parser(
        "search",
        parents=[shared],
        help=str(Words("chercher des extraits sourcés", "find sourced excerpts")),
    )
    _question(search)
    search.add_argument(
        "--top", type=_positive, metavar="N", help=str(Words("nombre d’extraits", "how many"))
    )
    search.add_argument(
        "--mode",
        choices=("hybrid", "dense", "lexical"),
        default="hybrid",
        help=str(Words("par le sens, par les mots, ou les deux", "by meaning, words, or both")),
    )
    search.set_defaults(run=_search)
    ask = commands.add_parser(
        "ask",
        parents=[shared],
        help=str(Words("poser une question, obtenir une réponse citée", "get a cited answer")),
    )
    _question(ask)
    ask.add_argument(
        "--mode",
        choices=("model", "extractive"),
        default="model",
        help=str(
            Words(
                "« extractive » répond par les meilleures phrases, sans modèle de langue",
                "`extractive` answers by the best sentences, without a language model",
            )
        ),
    )
    ask.add_argument(
        "--after",
        metavar="ID",
        help=str(
            Words(
                "la question fait suite à celle de cette trace (« last » : la dernière)",
                "the question follows that of this record (`last`: the latest)",
            )
        ),
    )
    ask.set_defaults(run=_ask)


def _question(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", type=_asked, help=str(Words("votre question", "your question")))
    parser.add_argument("--collection", help=str(Words("dans cette collection", "in it only")))
    parser.add_argument(
        "--kind",
        type=DocumentKind,
        choices=list(DocumentKind),
        metavar="K",
        help=", ".join(DocumentKind),
    )
    parser.add_argument(
        "--since", type=_day, metavar="AAAA-MM-JJ", help=str(Words("datés depuis", "dated since"))
    )
    parser.add_argument(
        "--until", type=_day, metavar="AAAA-MM-JJ", help=str(Words("jusqu’au", "until"))
    )
    parser.add_argument("--speaker", help=str(Words("dits par cette personne", "said by")))
    parser.add_argument(
        "--status", type=Status, choices=list(Status), metavar="S", help=", ".join(Status)
    )
    parser.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(
        collection=options.collection,
        kind=options.kind,
        since=options.since,
        until=options.until,
        speaker=options.speaker,
        status=options.status,
    )


def _search(options: argparse.Namespace) -> int:
    from assistant.answering import search
    from assistant.contract import search_json
    from assistant.evidence import best_sentences, excerpt
    from assistant.workspace import Workspace

    found = search(
        Workspace.open(options.workspace),
        options.question,
        filters=_filters(options),
        top=options.top,
        mode=options.mode,
    )
    best = best_sentences(options.question, found.hits)
    if options.json:
        say_json(search_json(found.hits, best, found.seconds))
        return 0
    if not found.hits:
        say(
            Words(
                "Aucun extrait ne correspond. Essayez d’autres mots, ou moins de filtres.",
                "No excerpt matches. Try other words, or fewer filters.",
            )
        )
    for hit, sentence in zip(found.hits, best, strict=True):
        say(f"{hit.rank}. {reference(hit)}")
        _show_excerpt(excerpt(hit, sentence))
        for copy in hit.copies:
            where = reference(copy)
            say(Words(f"     Même texte\u00a0: {where}", f"     Same text: {where}"))
        say()
    return 0


def _show_excerpt(shown: Excerpt) -> None:
    """The best sentence stands by itself, with a sign in front."""
    for text, first in ((shown.before, "     "), (shown.best, "   ▸ "), (shown.after, "     ")):
        if text.strip():
            say(wrapped(text, indent="     ", first=first))


def _ask(options: argparse.Namespace) -> int:
    from assistant.answering import (
        AnswerReady,
        DraftPiece,
        EvidenceReady,
        Judged,
        Question,
        ask,
        former_question,
    )
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    question = Question(
        text=options.question,
        filters=_filters(options),
        extractive=options.mode == "extractive",
        previous=options.after and former_question(workspace, options.after),
    )
    shown = not options.json
    for event in ask(workspace, question):
        match event:
            case EvidenceReady() if shown:
                if event.standalone != question.text:
                    say(wrapped(str(_understood(event.standalone)), indent="  "))
                    say()
                _show_evidence(event.evidence)
            case Judged(done, total) if shown and sys.stderr.isatty():
                _show_judging(done, total)
            case DraftPiece(text=text) if shown and sys.stderr.isatty():
                sys.stderr.write(safe(text))
                sys.stderr.flush()
            case AnswerReady() if shown:
                _show_answer(event)
            case AnswerReady():
                say_json(event.as_json())
            case _:
                pass
    return 0


def _understood(question: str) -> Words:
    return Words(f"Question comprise : « {question} »", f"Understood as: {question!r}")


def _show_judging(done: int, total: int) -> None:
    """One line that is written over: how many of the sentences the model has judged."""
    words = Words(f"Le modèle lit les extraits : {done}/{total}", f"Judging: {done}/{total}")
    sys.stderr.write(f"\r{words}" if done < total else "\r\033[K")
    sys.stderr.flush()


def _show_evidence(evidence: tuple[Evidence, ...]) -> None:
    say(Words("Extraits trouvés", "Excerpts found"))
    for e in evidence:
        say(wrapped(f"«\u00a0{e.text}\u00a0»", indent="     ", first=f"{e.number:3d}. "))
        say(f"     {reference(e)}")
    say()


def _show_answer(ready: AnswerReady) -> None:
    from assistant.answering import authorship

    answer = ready.answer
    if sys.stderr.isatty():
        note("")
    if answer.answered:
        say(Words("Réponse", "Answer"))
    else:
        say(Words("Pas de réponse dans les documents", "No answer in the documents"))
        say(wrapped(answer.reason, indent="  "))
        if answer.suggestion:
            say(wrapped(answer.suggestion, indent="  "))
    sources: list[Citation] = []
    for claim in answer.claims:
        _show_claim(claim, sources)
    for number, citation in enumerate(sources, start=1):
        say(wrapped(f"«\u00a0{citation.quote}\u00a0»", indent="      ", first=f"  [{number}] "))
        say(f"      {reference(citation)}")
    for one in answer.disagreements:
        say(Words("Les documents ne s’accordent pas :", "The documents disagree:"))
        say(wrapped(one.note, indent="  "))
        say(wrapped(f"«\u00a0{one.other.quote}\u00a0»", indent="      "))
        say(f"      {reference(one.other)}")
    took = f"{ready.seconds['total']:.1f}"
    by = authorship(ready)
    say()
    say(
        Words(
            f"{by.fr} par relecture des sources ; "
            f"{took.replace('.', ',')} s ; trace {ready.record}.",
            f"{by.en}, verified by re-reading the sources; {took} s; record {ready.record}.",
        )
    )


def _show_claim(claim: Claim, sources: list[Citation]) -> None:
    numbers = []
    for citation in claim.citations:
        if citation not in sources:
            sources.append(citation)
        numbers.append(str(sources.index(citation) + 1))
    cites = f" [{', '.join(numbers)}]" if numbers else ""
    say(wrapped(f"{claim.text}{cites} ({_VERDICTS[claim.verdict]})", indent="    ", first="  • "))
    if claim.verdict is Verdict.UNSUPPORTED:
        say(wrapped(claim.reason, indent="      "))


def reference(source: Hit | Copy | Evidence | Citation) -> str:
    """What a reader needs to look a source up: title, date, place, and status when not final."""
    document, locator = source.document, source.passage.locator
    parts = [document.title]
    if document.date is not None:
        parts.append(document.date.strftime("%d/%m/%Y"))
    if locator.label:
        parts.append(locator.label)
    if document.status is not Status.FINAL:
        parts.append(str(document.status).upper())
    return safe(" — ".join(parts))


def _asked(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(str(Words("la question est vide", "it is empty")))
    return text


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("1 … 1000")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            str(Words(f"« {text} » n’est pas une date AAAA-MM-JJ", f"{text!r}: not YYYY-MM-DD"))
        ) from None
