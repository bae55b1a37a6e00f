"""Proper nouns of French text: people, places, organisations, acronyms.

No dictionary of names: capitals decide, with what French typography says of them.
Words that name an institution or a function in general (« la Région », « le
Président »), months and titles are not proper nouns by themselves; « Bretagne » in
« la Région Bretagne » is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from assistant.french.letters import fold, plain
from assistant.french.words import STOP_WORDS

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[.!?…:«»“”\"(|;•]")
_ACRONYM = re.compile(
    r"(?:[A-ZÀ-Ý]\.){2,10}"
    r"|(?=[^\W_]*[A-ZÀ-Ý][^\W_]*[A-ZÀ-Ý0-9]|[0-9]+[A-Z])[A-ZÀ-Ý0-9]{2,15}s?"
)
_OPENING = frozenset('.!?…:«“"(|;•')
_CONNECTORS = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "en", "sur", "sous", "aux", "au", "a", "lès"]
)
_LINKS = frozenset(["de", "du", "des", "d", "la", "le", "les", "l"])
_HONORIFICS = {
    "m": "m", "mm": "m", "monsieur": "m", "messieurs": "m",
    "mme": "f", "mmes": "f", "mlle": "f", "madame": "f", "mesdames": "f",
}  # fmt: skip
_GENERAL = """
    region regions conseil conseils assemblee assemblees etat etats president presidente presidents
    vice commission commissions departement departements ministere ministre ministres comite comites
    strategie strategies plan plans direction directions directeur directrice commune communes
    metropole ville villes service services rapporteur rapporteure rapporteurs rapport avis schema
    programme programmes axe axes pilier piliers projet projets loi decret arrete code article
    titre chapitre annexe deliberation deliberations note contribution audition auditions
    seance session pleniere bureau college gouvernement prefet prefete prefecture maire maires
    chambre agence office institut universite lycee lycees college fonds union europe
    conseiller conseillere conseillers departemental regional regionale general generale
    economique social environnemental monsieur madame messieurs mesdames mademoiselle docteur
    professeur maitre honorable
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    lundi mardi mercredi jeudi vendredi samedi dimanche
    dr drs pr prs me mgr mr st ste art
"""
_GENERAL_WORDS = (frozenset(_GENERAL.split()) | frozenset(_HONORIFICS)) - {"europe", "union"}
# A first word before one of these is the subject of its sentence without an article.
_AFTER_A_NAME = """
    a est sont ont avait etait sera seront aura auront fut n'a n'est indique declare precise
    souligne estime rappelle explique affirme ajoute annonce demande repond compte accueille
    dispose prevoit propose beneficie souhaite lance
"""
_NAME_VERBS = frozenset(_AFTER_A_NAME.split())
_NEVER_A_NAME = """
    certains certaines plusieurs chacun chacune personne nul quiconque rien tout cela ceci ceux
    celle celui aucun aucune autrui beaucoup combien quand comment
"""
_NOT_NAMES = frozenset(_NEVER_A_NAME.split()) | STOP_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProperNoun:
    """A name at ``start:end`` (code points); ``words`` are its folded parts, connectors out.

    ``honorific`` is ``"m"`` or ``"f"`` after « M. » or « Mme », else empty.
    """

    text: str
    words: tuple[str, ...]
    start: int
    end: int
    acronym: bool = False
    honorific: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int
    opens: bool  # at the beginning of a sentence, a quotation, a cell
    gap: str  # what stands between the word before and this one


def proper_nouns(text: str, known: Collection[str] = ()) -> list[ProperNoun]:
    """The names of a text, in order.

    Args:
        text: One sentence or several.
        known: Folded words that are names elsewhere: one of them is a name even
            at the beginning of a sentence.
    """
    tokens = _tokens(plain(text))
    found: list[ProperNoun] = []
    position = 0
    while position < len(tokens):
        if not _begins_a_name(tokens, position, known):
            position += 1
            continue
        last = _last_of_name(tokens, position, text)
        found.append(_name(text, tokens, position, last))
        position = last + 1
    return found


def name_words(text: str) -> list[str]:
    """Every word of a text folded, in order, without connectors: where names are looked for."""
    return [
        part
        for token in _tokens(plain(text))
        for part in token.folded.split("-")
        if part not in _CONNECTORS
    ]


def honorifics(text: str) -> dict[str, frozenset[str]]:
    """For each folded family name after « M. » or « Mme », the titles it is given."""
    found: dict[str, set[str]] = {}
    for name in proper_nouns(text):
        if name.honorific:
            found.setdefault(name.words[-1], set()).add(name.honorific)
    return {word: frozenset(given) for word, given in found.items()}


def _tokens(plain_text: str) -> list[_Token]:
    """Words with their place; punctuation only says what opens a sentence."""
    tokens: list[_Token] = []
    opens = True
    end = 0
    for match in _acronyms_first(plain_text):
        word = match.group()
        gap = plain_text[end : match.start()]
        opens = opens or "\n" in gap
        end = match.end()
        if word in _OPENING or not word[0].isalnum():
            previous = tokens[-1] if tokens else None
            abbreviated = word == "." and previous is not None and _abbreviated(previous.text)
            opens = word in _OPENING and not abbreviated
            continue
        folded = fold(word.replace(".", ""))
        tokens.append(_Token(word, folded, match.start(), match.end(), opens, gap))
        elided = plain_text[end : end + 1] == "'" and len(word) <= 7
        opens = opens and (elided or folded.isdigit())
    return tokens


_DOTTED_OR_TOKEN = re.compile(rf"(?<!\w)(?:[A-ZÀ-Ý]\.){{2,10}}(?!\w)|{_TOKEN.pattern}")


def _acronyms_first(plain_text: str) -> list[re.Match[str]]:
    return list(_DOTTED_OR_TOKEN.finditer(plain_text))


def _abbreviated(word: str) -> bool:
    return len(word) == 1 or fold(word) in {"mm", "dr", "pr", "art", "mgr", "cf", "st", "ste"}


def _begins_a_name(tokens: list[_Token], position: int, known: Collection[str]) -> bool:
    token = tokens[position]
    if _is_acronym(token):
        return True
    if not token.text[0].isupper() or token.folded in _GENERAL_WORDS:
        return False
    if len(token.text) == 1 or token.folded in STOP_WORDS:
        return False
    if not token.opens:
        return True
    if token.folded in known or any(part[0].isupper() for part in token.text.split("-")[1:]):
        return True
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if following is None or token.folded in _NOT_NAMES:
        return False
    capital_next = following.text[0].isupper() and not following.opens and following.gap == " "
    followed = capital_next and following.folded not in _GENERAL_WORDS
    verb = following.folded in _NAME_VERBS and following.text != "à"
    return (followed and not _is_acronym(following)) or verb


def _is_acronym(token: _Token) -> bool:
    if token.folded in STOP_WORDS or token.folded in _GENERAL_WORDS:
        return False
    return _ACRONYM.fullmatch(token.text) is not None


def _last_of_name(tokens: list[_Token], first: int, text: str) -> int:
    """Extend a name over capitalised words and the connectors between them."""
    last = first
    ahead = first + 1
    while ahead < len(tokens) and ahead - last <= 3:
        token = tokens[ahead]
        gap = text[tokens[ahead - 1].end : token.start]
        if token.opens or gap not in {" ", "'", "’", ". ", "\u00a0"}:
            break
        if gap == ". " and len(tokens[ahead - 1].text) > 1:
            break
        if token.text[0].isupper() and token.folded not in _GENERAL_WORDS:
            # « le CESER sur la SRDIA » are two names; « Jean LEROY » is one.
            if ahead - last > 1 and (_is_acronym(tokens[last]) or _is_acronym(token)):
                break
            last = ahead
        elif token.folded not in _LINKS:
            break
        ahead += 1
    return last


def _name(text: str, tokens: list[_Token], first: int, last: int) -> ProperNoun:
    parts = [
        part
        for token in tokens[first : last + 1]
        for part in token.folded.split("-")
        if part not in _CONNECTORS and token.folded not in _GENERAL_WORDS
    ]
    before = first - 1
    while before > 0 and len(tokens[before].text) == 1 and tokens[before].folded != "m":
        before -= 1  # an initial: « M. B. Petit »
    title = _HONORIFICS.get(tokens[before].folded, "") if before >= 0 else ""
    start, end = tokens[first].start, tokens[last].end
    return ProperNoun(
        text=text[start:end],
        words=tuple(parts) or (tokens[first].folded,),
        start=start,
        end=end,
        acronym=first == last and _is_acronym(tokens[first]),
        honorific=title,
    )


# Two letters are initials of too much: only these are read.
_SHORT_ACRONYMS = {
    "ia": r"intelligences? artificielles?",
    "ue": r"union europeenne",
    "rh": r"ressources humaines",
    "si": r"systemes? d'information",
    "ag": r"assemblee generale",
    "ca": r"conseil d'administration",
}


def spells(acronym: str, text: str) -> bool:
    """True when consecutive words of a text have the letters of an acronym as initials."""
    letters = fold(acronym).rstrip("s") if acronym.endswith("s") else fold(acronym)
    letters = re.sub(r"[^a-z]", "", letters)
    if letters in _SHORT_ACRONYMS:
        return re.search(rf"\b(?:{_SHORT_ACRONYMS[letters]})\b", fold(text)) is not None
    words = [
        word
        for word in re.findall(r"[a-z]+", fold(text))
        if len(word) > 1 and (word not in STOP_WORDS)
    ]
    initials = "".join(word[0] for word in words)
    return len(letters) >= 3 and letters in initials
