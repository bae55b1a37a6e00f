"""How a transcript says who speaks: the grammar of its marks, and who is who.

A mark opens a line: ``M. Durand :``, ``Mme LEROY (CCI) —``, ``Le Président :``,
``[00:12:31] M. Durand :``. « M. Durand a déclaré : » is prose, not a mark: every
word of a name begins with a capital, but for particles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_CIVIL = {
    "m": "M.",
    "mr": "M.",
    "monsieur": "M.",
    "mm": "MM.",
    "messieurs": "MM.",
    "mme": "Mme",
    "madame": "Mme",
    "mmes": "Mmes",
    "mesdames": "Mmes",
    "mlle": "Mlle",
    "mademoiselle": "Mlle",
    "dr": "Dr",
    "docteur": "Dr",
    "pr": "Pr",
    "professeur": "Pr",
    "me": "Me",
    "maître": "Me",
}
_CIVILITY = rf"(?:(?i:{'|'.join(sorted(_CIVIL, key=len, reverse=True))})\b\.?)"
_UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
_WORD = rf"[{_UPPER}][^\W\d_]*(?:['’.-]+[^\W\d_]+)*\.?"
_PARTICLE = r"(?:de|du|des|la|le|les|von|van|den|der|el|al|ben|bin|et|y)\s+|[dl]['’]"
_NAME = rf"(?:(?:{_PARTICLE})*{_WORD}(?:\s+|(?=[,(\[:–—-])|$)){{1,6}}"
_FUNCTION = (
    r"(?:vice[- ]|co[- ]?)?(?:président|présidente|rapporteur|rapporteure|rapporteuse|secrétaire|"
    r"directeur|directrice|maire|préfet|préfète|modérateur|modératrice|animateur|animatrice|"
    r"intervenant|intervenante|participant|participante|orateur|oratrice|représentant|"
    r"représentante|conseiller|conseillère|journaliste|traducteur|traductrice|membre)\b"
)
# « Le Président de la commission : », but not « Le président a rappelé que : ».
_VERBS = (
    r"a|est|ont|sont|dit|que|qui|avait|sera|rappelle|indique|précise|souligne|ajoute|demande|"
    r"répond|conclut|remercie|propose|explique|annonce|déclare|ouvre|constate|interroge"
)
_TAIL = rf"(?:(?:\s+|[-'’])(?!(?:{_VERBS})\b)[^\W_]+){{0,9}}?"
_OFFICE = rf"(?:{_CIVILITY}\s+)?(?i:(?:le|la|un|une)\s+{_FUNCTION}){_TAIL}\s*"
_NUMBERED = rf"(?i:{_FUNCTION}|locuteur|locutrice|speaker)[ _]*(?:\d{{1,3}}|[A-Z]\b)\s*"
_COMMA_ROLE = (
    rf",\s*(?!(?:{_VERBS}|dont|en|interrog\w+)\b)(?P<comma>[^.:;,!?()\[\]\n–—]{{2,100}}?)\s*"
)
_ROLE = rf"(?:\((?P<role>[^()\n]{{1,120}})\)\s*|{_COMMA_ROLE})?"
_CLOCK = r"(?:\d{1,2}\s*[:hH]\s*)?\d{1,3}\s*[:mM]\s*\d{2}(?:[.,]\d{1,3})?\s*s?"
_SPAN = rf"{_CLOCK}(?:\s*(?:-+>?|–|—|à)\s*{_CLOCK})?"
_TIME = rf"[\[(]\s*(?:{_SPAN})\s*[\])]"
_BARE_TIME = r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?(?![\w:])"

_LEADING_TIME = re.compile(rf"\s*(?P<time>{_TIME}|{_BARE_TIME})\s*(?:[-–—:]\s+)?")
_INLINE_TIME = re.compile(rf"\[\s*(?:{_SPAN})\s*\]")
_CLOCK_PARTS = re.compile(r"(?:(\d{1,2})\s*[:hH]\s*)?(\d{1,3})\s*[:mM]\s*(\d{2})(?:[.,](\d{1,3}))?")
_END = rf"(?P<after>{_TIME}\s*)?(?::|(?P<dash>[–—]|-(?=\s)))\s*(?P<said>.*)"


def _mark(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<name>{name}){_ROLE}{_END}", re.DOTALL)


_FORMAL = tuple(map(_mark, (rf"{_CIVILITY}\s+{_NAME}", _OFFICE, _NUMBERED)))
_BARE = _mark(_NAME)
_FUNCTION_ALONE_MARK = _mark(rf"(?i:{_FUNCTION})\s*")
_FUNCTION_ALONE = re.compile(rf"(?P<name>(?i:{_FUNCTION}))\s*:")
# « Monsieur Durand, une question : » speaks to someone; « M. Durand, président : » does not.
_VOCATIVE = re.compile(r"(?i:monsieur|madame|mademoiselle|maître|docteur|(?:m\.|mme)\s+l[ea]\b)")
_ALONE = re.compile(rf"(?P<name>{_NAME}){_ROLE}\s*(?P<time>{_TIME}|{_BARE_TIME})\s*:?\s*$")
_LABEL = re.compile(
    r"(?P<name>[^(\[,]{1,120}?)\s*"
    r"(?:[(\[](?P<role>[^()\[\]]{1,120})[)\]]|,\s*(?P<comma>.{2,100}?))?\s*:?\s*$"
)
_SMALL = frozenset({"DE", "DU", "DES", "LA", "LE", "LES", "ET"})
_NAME_CHARS = 120
_MARK_CHARS = 400
_KIN = 500  # beyond that many names, only equal ones are told to be one person


@dataclass(frozen=True, slots=True)
class Mark:
    """What opens a turn; ``said`` is the rest of the line. Times are seconds."""

    speaker: str | None
    role: str | None
    said: str
    start_s: float | None = None
    end_s: float | None = None


def read_mark(line: str, bare_names: frozenset[str] = frozenset()) -> Mark | None:
    """Read the mark at the beginning of one line, or None when it has none.

    Args:
        line: Normalised, without line ends.
        bare_names: Names without civility that are known to be speakers' here.
    """
    start = end = None
    rest = line
    if timed := _LEADING_TIME.match(line):
        start, end = seconds_of(timed["time"])
        rest = line[timed.end() :]
    found = _speaker_at(rest, timed=timed is not None, bare_names=bare_names)
    if found is not None:
        speaker, role, said, after = found
        if start is None and after:
            start, end = seconds_of(after)
        if start is None and (inner := _LEADING_TIME.match(said)) and inner["time"][0] in "[(":
            start, end = seconds_of(inner["time"])
            said = said[inner.end() :]
        return Mark(speaker, role, said.strip(), start, end)
    if alone := _ALONE.match(line[:_MARK_CHARS]):
        start, end = seconds_of(alone["time"])
        return Mark(alone["name"].strip(), alone["role"] or alone["comma"], "", start, end)
    return Mark(None, None, rest.strip(), start, end) if timed else None


def bare_name(line: str) -> str | None:
    """The name of « Claire LEROY : », which only repetition tells from « Axe Mobilité : »."""
    if office := _FUNCTION_ALONE.match(line):
        return office["name"]
    found = _BARE.match(line[:_MARK_CHARS])
    if found is None or found["dash"] or not 2 <= len(found["name"].split()) <= 4:
        return None
    return found["name"].strip()


def identify(label: str) -> tuple[str, str | None]:
    """Speaker and role of a caption's voice: ``"Mme Leroy (CCI)"``."""
    found = _LABEL.match(label.strip())
    if found is None:
        return label.strip()[:_NAME_CHARS], None
    return found["name"].strip(), found["role"] or found["comma"]


def split_at_times(text: str) -> list[tuple[float | None, str]]:
    """Cut a stretch of speech at its bracketed time marks: (time of its start, words)."""
    parts: list[tuple[float | None, str]] = []
    at: float | None = None
    begin = 0
    for found in _INLINE_TIME.finditer(text):
        parts.append((at, text[begin : found.start()].strip()))
        at, begin = seconds_of(found[0])[0], found.end()
    parts.append((at, text[begin:].strip()))
    return parts


def seconds_of(mark: str) -> tuple[float | None, float | None]:
    """Start and end in seconds of ``[00:12:31]`` or ``[00:12:31 - 00:13:05]``."""
    times = [
        int(h or 0) * 3600 + int(m) * 60 + int(s) + (float(f"0.{part}") if part else 0.0)
        for h, m, s, part in _CLOCK_PARTS.findall(mark)
    ]
    if not times:
        return None, None
    later = times[1] if len(times) > 1 and times[1] >= times[0] else None
    return float(times[0]), later


def _speaker_at(
    rest: str, *, timed: bool, bare_names: frozenset[str]
) -> tuple[str, str | None, str, str | None] | None:
    head = rest[:_MARK_CHARS]
    for pattern in _FORMAL:
        if found := pattern.match(head):
            break
    else:
        found = _BARE.match(head) or _FUNCTION_ALONE_MARK.match(head)
        if found is None or not (timed or found["name"].strip() in bare_names):
            return None
    if found["comma"] and _VOCATIVE.match(found["name"]):
        return None
    said = (found["said"] + rest[_MARK_CHARS:]).strip()
    if found["dash"] and said[:1].islower():
        return None  # « M. Durand — qui préside — … » is prose
    role = found["role"] or found["comma"]
    if role and _CLOCK_PARTS.fullmatch(role.strip()):
        return found["name"].strip(), None, said, role
    return found["name"].strip(), role.strip() if role else None, said, found["after"]


class Roster:
    """Who is who in one document: one display form a person, and the role once it is given.

    « Mme LEROY », « Madame Leroy » and « Mme Claire Leroy » are one person as long as
    no other Leroy spoke; the most complete form is displayed, the first seen among
    equals.
    """

    def __init__(self, names: Iterable[str]) -> None:
        spoken = list(dict.fromkeys(map(_tidy, names)))
        self._display = {
            _key(name): _presentable(_fullest(name, spoken) if len(spoken) <= _KIN else name)
            for name in spoken
        }
        self._roles: dict[str, str] = {}

    def display(self, name: str) -> str:
        """The form under which this speaker is shown."""
        tidy = _tidy(name)
        return self._display.get(_key(tidy)) or _presentable(tidy)

    def role(self, name: str, given: str | None = None) -> str | None:
        """The role given now, or the last one given for this speaker."""
        shown = self.display(name)
        if given:
            self._roles[shown] = " ".join(given.split())
        return self._roles.get(shown)


def _fullest(name: str, spoken: list[str]) -> str:
    """The form to show ``name`` under, among all the names of the document."""
    same = [other for other in spoken if _key(other) == _key(name)]
    longer = [other for other in spoken if _abridges(name, other)]
    longest = [one for one in longer if not any(_abridges(one, other) for other in longer)]
    if longest and len({_key(one) for one in longest}) == 1:
        same = longest
    if _is_office(name):
        return max(same, key=lambda form: len(form.split()))
    return _best_written(same)


def _abridges(short: str, full: str) -> bool:
    """True when ``short`` is ``full`` without its first names or its civility."""
    (civility, words), (other_civility, other_words) = _key(short), _key(full)
    if civility and other_civility and civility != other_civility:
        return False
    if len(words) == len(other_words):
        return words == other_words and not civility and bool(other_civility)
    return len(words) < len(other_words) and other_words[-len(words) :] == words


def _best_written(names: list[str]) -> str:
    """The first that has small letters and accents, for capitals often lose both."""
    return min(names, key=lambda n: any(len(w) > 2 and w.isupper() for w in n.split()))


def _tidy(name: str) -> str:
    """One line, and one way of writing a civility."""
    words = name.replace("\u2019", "’").replace("'", "’").split()
    if len(words) > 1 and (civility := _CIVIL.get(words[0].rstrip(".").casefold())):
        words[0] = civility
    return " ".join(words)[:_NAME_CHARS]


def _key(name: str) -> tuple[str, tuple[str, ...]]:
    """(civility, words) without case or accents; an office is the same with or without M."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c)
    )
    words = tuple(re.sub(r"[^\w]+", " ", bare).split())
    civility = name.split()[0] if name.split() and name.split()[0] in _CIVIL.values() else ""
    if civility:
        words = words[1:]
    if words[:1] in (("le",), ("la",)):
        return "", words
    return civility, words


def _is_office(name: str) -> bool:
    return _key(name)[1][:1] in (("le",), ("la",), ("un",), ("une",))


def _presentable(name: str) -> str:
    """Family names in capitals are set in small letters: « Mme LEROY » is « Mme Leroy »."""
    if _is_office(name) and not name.isupper():
        return name[:1].upper() + name[1:]
    if _is_office(name):
        return name.capitalize()
    words = [
        "-".join(part.capitalize() for part in word.split("-"))
        if at and len(word) > 2 and word.isupper() and "." not in word and word not in _SMALL
        else word.lower()
        if at and word in _SMALL
        else word
        for at, word in enumerate(name.split())
    ]
    return " ".join(words)
