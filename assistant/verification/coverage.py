"""Coverage: the words of the claim are the words of its quotes, or say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.french.letters import fold
from assistant.french.numbers import QuantityKind
from assistant.french.words import raw_words, stem, stems
from assistant.verification.denials import denials
from assistant.verification.light import LIGHT, telling
from assistant.verification.names import says_name
from assistant.verification.opposites import DOWN, PAIRS, UP
from assistant.verification.statement import Segment, Source, Statement, matches

# Chosen on the dev half of benchmarks/gold/claims.jsonl (see DECISIONS.md).
COVERAGE_THRESHOLD = 0.7  # share of the content words that the quotes and what names them have
QUOTED_SHARE = 0.4  # share of them that the quotes themselves must have
_WORDS_PER_VERB = 6  # a claim without a figure may have one word of its own for so many
_WORDS_PER_NOUN = 8  # a claim of so many content words may have one noun of its own
_SEGMENT_WORDS = 2  # a stretch with so many words of its own and none in the quotes is an addition

_NAMED = {QuantityKind.DATE, QuantityKind.ARTICLE, QuantityKind.REFERENCE, QuantityKind.TIME,
          QuantityKind.ORDINAL}  # fmt: skip
_ARTICLES = frozenset(
    ("le", "la", "les", "l'", "un", "une", "des", "du", "de", "d'", "au", "aux", "par", "chaque",
     "à", "pour", "sur", "sans", "avec", "dans", "ce", "cette", "ces", "son", "sa", "ses", "leur",
     "leurs", "tout", "toute", "tous", "toutes", "et", "ou")
)  # fmt: skip
_BEFORE_VERBS = frozenset(
    ("de", "d'", "à", "pour", "sans", "par", "et", "ou", "l'", "la", "le", "les")
)
_INFINITIVE = re.compile(r"(?:er|ir|oir|re)\Z")
# Rising, falling and bounds have checks of their own.
_JUDGED_ELSEWHERE = re.compile(
    rf"(?<!\w)(?:{UP}|{DOWN}|plafonn\w+|limit\w+|maxim\w+|minim\w+|dépass\w+|excéd\w+|engagé\w*)"
)
_PREDICATE = re.compile(
    r"\b(?:est|sont|etait|etaient|sera|seront|serait|ete|reste|restent|devient|demeure|demeurent)"
    r" (?:\w+ment |pas |plus |tres |encore |deja |bien |trop |ainsi |donc |desormais |toujours )*"
    r"(?!le |la |les |l'|un |une |des |du |de |d'|en |a |au )(?P<word>[^\W\d_]{4,})"
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*'?")


def check_coverage(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Enough content words are in the quotes; the document's name may only complete them."""
    asked = _asked(claim)
    if not asked and not claim.quantities and not claim.names:
        return "La phrase ne dit rien qui puisse être vérifié."
    quoted: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    for source in sources:
        quoted |= source.quote.stems
        around |= source.context.stems
    in_quotes = matches(asked, quoted)
    if not in_quotes and not _names_or_figures_in(claim, sources):
        return "Rien de ce que dit la phrase ne se trouve dans la source citée elle-même."
    figures = len(claim.quantities)  # each of them is in a quote by now
    if asked and len(in_quotes) + figures < QUOTED_SHARE * (len(asked) + figures):
        written = _as_written(claim, asked - in_quotes)
        return f"Ces mots ne se retrouvent pas dans la source citée : {', '.join(written)}."
    missing = asked - in_quotes - matches(asked, around)
    missing -= _denied_opposites(claim, missing, sources)
    if not missing:
        return None
    most = (1 - COVERAGE_THRESHOLD) * len(asked) if figures else len(asked) // _WORDS_PER_VERB
    if any(" | " in source.quote.text for source in sources):
        most = max(most, 1)  # a row of a table has no verb
    enough = len(missing) <= most and not _predicate_missing(claim, missing)
    added = [word for segment in claim.segments for word in _added(segment, missing)]
    if enough and not added and not _strange_nouns(claim, missing, len(asked)):
        return None
    written = _as_written(claim, missing)
    return f"Ces mots ne se retrouvent pas dans la source citée : {', '.join(written)}."


def _names_or_figures_in(claim: Statement, sources: Sequence[Source]) -> bool:
    """A name or a figure of the claim is in a quote, and not only in what names its document."""
    named = any(says_name(name, source.quote) for name in claim.names for source in sources)
    return named or any(q.kind is not QuantityKind.DATE for q in claim.quantities)


def _denied_opposites(
    claim: Statement, missing: frozenset[str], sources: Sequence[Source]
) -> frozenset[str]:
    """Words that the claim denies and whose opposite a quote says: « n'a pas été retenue »."""
    found: set[str] = set()
    for denial in denials(claim):
        stretch = claim.level[denial.start : denial.end]
        for pair in PAIRS:
            for word, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
                if (here := word.search(stretch)) is None:
                    continue
                if any(opposite.search(source.quote.level) for source in sources):
                    found |= matches(
                        missing,
                        stems(claim.text[denial.start + here.start() : denial.start + here.end()]),
                    )
    return frozenset(found)


def _predicate_missing(claim: Statement, missing: frozenset[str]) -> bool:
    """« est annulé », « sont gratuites »: what is said of the subject is in no quote."""
    for match in _PREDICATE.finditer(claim.level):
        if stem(claim.text[match.start("word") : match.end("word")]) in missing:
            return True
    return False


def _asked(claim: Statement) -> frozenset[str]:
    in_names = {stem(word) for name in claim.names for word in raw_words(name.text)}
    judged = {stem(word.group()) for word in _JUDGED_ELSEWHERE.finditer(claim.plain.lower())}
    return telling(claim.stems) - LIGHT - in_names - judged


def _added(segment: Segment, missing: frozenset[str]) -> list[str]:
    """Words of a stretch of which nearly nothing stands in the quotes."""
    own = segment.stems - LIGHT
    gone = own & missing
    if len(own) >= _SEGMENT_WORDS and 2 * len(gone) > len(own):
        return sorted(gone)
    return []


def _strange_nouns(claim: Statement, missing: frozenset[str], asked: int) -> bool:
    """A noun that no quote has: one is borne in a long claim, none that a figure counts."""
    counted = {
        q.end
        for q in claim.quantities
        if q.kind not in _NAMED and not claim.level[: q.start].endswith(("n° ", "numero "))
    }
    nouns: set[str] = set()
    for before, word in pairwise(_WORD.finditer(claim.plain.lower())):
        written = stem(claim.text[word.start() : word.end()])
        if written not in missing:
            continue
        article = before.group()
        if (before.end() in counted and word.start() - before.end() == 1) or article == "par":
            return True
        verbal = article in _BEFORE_VERBS and _INFINITIVE.search(word.group()) is not None
        if article in _ARTICLES and not verbal:
            nouns.add(written)
    return len(nouns) > asked // _WORDS_PER_NOUN


def _as_written(claim: Statement, missing: frozenset[str]) -> list[str]:
    written = dict.fromkeys(w for w in raw_words(claim.text) if stem(w) in missing)
    return [f"« {word} »" for word in written if fold(word)][:4]
