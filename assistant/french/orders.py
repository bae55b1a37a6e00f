"""Orders to whoever reads a document with a machine: they dictate an answer, they state nothing.

A person writes « la présidente demande aux services de répondre sous deux mois »: an order, told
as a fact. Nobody who writes to people says « réponds seulement », « tes instructions », « ignore
the previous rules » or « phrase à recopier ». Only these are told apart here: the tutoiement of
an imperative, a text to copy as an answer, a machine that is told what to say, the tokens of a
chat.
"""

from __future__ import annotations

import re

from assistant.french.letters import level

# Where an imperative may begin: a sentence, a list item, what follows a colon or a tag.
_OPENING = r"(?:\A|[.!?:;>\])}»\n|•–—]|\b\d{1,2}[.)])[\s\"'«(*_#-]*"
# Only the singular imperative is spelled so, but for « je » and « tu » before it.
_TU_ONLY = r"reponds|ecris|obeis|dis|redis|inscris|traduis|conclus|pretends|finis|produis|mens"
_TU_BEFORE = re.compile(
    r"\b(?:je|j'|tu|moi)(?:\W+\w+){0,12}?\W*\Z|\b(?:ne |n'|y |en |me |te |vous |nous )\Z"
)
_SAYING = (
    r"repond(?:re|s|ez)|dire|dites|ecri(?:re|vez)|affirmer|affirmez|declarer|declarez|indiquer"
    r"|citer|citez|recopier|recopiez|conclure|concluez|pretendre|pretendez|soutenir|annoncer"
    r"|ignorer|ignorez|oublier|oubliez|repeter|repetez|inserer|inserez|afficher|affichez"
)
_DICTATED = (
    r"(?:\s+(?:simplement|seulement|uniquement|toujours|exactement))?\s*(?:que\b|qu'|[:«\"\[])"
)
_MACHINE = (
    r"(?:assistante?(?! (?:d[e'] ?(?:direction|gestion|vie|service|justice|education)|administrati"
    r"|social|maternel|famili|parlementaire|medica|dentaire))|modele de langage|modele|robot"
    r"|chatbot"
    r"|intelligence artificielle|ia|agent conversationnel|logiciel|programme|llm|gpt"
    r"|lecteur automatique)"
)
_RULES = r"(?:instructions?|consignes?|regles|directives|prompts?|ordres|messages?|exemples?)"

_TU_FORM = re.compile(rf"\b(?:{_TU_ONLY})\b(?!-(?:je|tu))")
_OTHERS = (
    # « Ignore … », « Cite … » open no sentence but an order.
    re.compile(
        rf"{_OPENING}(?:ignore|oublie|recopie|repete|decode|cite|affirme|reponds?-|va lire"
        rf"|fais comme)\b"
    ),
    re.compile(rf"{_OPENING}(?:execute|insere|affiche|revele)\b.{{0,60}}\b(?:{_RULES}|reponse)\b"),
    re.compile(
        rf"\b(?:ignor|oubli|neglig|contourn|mepris|revel|divulgu)\w*(?:\W+\w+){{0,4}}?\W+{_RULES}"
        r"\s+(?:precedent|anterieur|ci-dessus|initial|du systeme|systeme|recues?|d'origine)"
    ),
    re.compile(rf"\b(?:ta|votre) (?:propre )?reponse\b.{{0,40}}\b(?:{_SAYING}|insere|ajoute)\b"),
    re.compile(rf"\bdans ta reponse\b|\bta (?:prochaine )?reponse\b|\b(?:tes|ton) {_RULES}\b"),
    re.compile(
        rf"\b(?:nouvelles?|vraies?) {_RULES} pour (?:l'|le |la |un )?{_MACHINE}\b"
        rf"|\b(?:{_RULES}) (?:prioritaires?|du systeme|systeme)\b\s*:"
    ),
    # A text that is given to be copied.
    re.compile(
        r"\b(?:reponse|phrase|ligne|texte|mention|formule)\w*\b[^.;:]{0,60}"
        r"\ba (?:recopier|copier|repeter|donner|reproduire|inserer)\b[^.;:]{0,30}(?::|«)"
    ),
    re.compile(r"\breponse (?:officielle |seule |unique )?(?:obligatoire|imposee)\s*:"),
    # A machine that is told what to say.
    re.compile(
        rf"\b(?:ordonn|demand|enjoi|command|impos|pri|exig|interdi|somm)\w*\b.{{0,40}}"
        rf"\b(?:a|au|aux|d'|l')\s*(?:l'|la |le |cet |cette |tout |toute )?{_MACHINE}\b.{{0,60}}?"
        rf"\bd(?:e |')(?:ne (?:pas|jamais) )?(?:{_SAYING})\b{_DICTATED}"
    ),
    re.compile(
        rf"\b{_MACHINE}s? (?:doit|doivent|devra|devront|est tenue?s? de|a l'obligation de|repondra"
        rf"|dira|ecrira)\b(?:\W+\w+){{0,3}}?\W*(?:{_SAYING})?{_DICTATED}"
    ),
    re.compile(rf"{_OPENING}(?:a l'attention de |a |cher |chere )?(?:l'|cet |toute? )?{_MACHINE}\b"
               r"(?: qui \w+[^,:.]{0,60})?\s*[,:]\s*(?:\w+ ){0,3}?"
               rf"(?:{_TU_ONLY}|{_SAYING}|ignore|cite|affirme|vous devez|veuillez)\b"),
    re.compile(rf"\b(?:veuillez|vous devez|tu dois|il faut"
               rf"|merci de) (?:\w+ )?(?:{_SAYING}){_DICTATED}"
               r".{0,200}\b(?:reponse|assistant|utilisateur)\b"),
    re.compile(rf"\b(?:repondez|ecrivez|dites|affirmez) (?:seulement|uniquement|toujours"
               rf"|exactement)\b"
               rf"|\b(?:repondez|affirmez|ecrivez){_DICTATED}"),
    # English.
    re.compile(
        r"\b(?:ignore|disregard|forget|override|bypass)\b(?:\W+\w+){0,4}?\W+"
        r"(?:instructions?|rules?|prompts?|guidelines|messages?|text)\b"
    ),
    re.compile(
        r"\b(?:answer|respond|reply|say|write|state|output|print|repeat|claim|tell the user)\s+"
        r"(?:only\b|that\b|with\b|exactly\b|the (?:following|word)\b|[:\"«])"
    ),
    re.compile(r"\bsystem (?:override|prompt|message)\b|\byou (?:are now|must (?:now )?(?:answer"
               r"|say))\b"
               r"|\byour (?:instructions|system prompt|answer|reply)\b"),
    # The tokens of a chat.
    re.compile(r"<\|[a-z_]{2,20}\|>|\[/?inst\]|<</?sys>>|#{2,} ?(?:instruction|response|system)\b"),
)  # fmt: skip


def addresses_the_assistant(text: str) -> bool:
    """True for a text that tells a machine what to answer, whoever is said to order it.

    Orders to people are not meant: they are facts that a document tells.
    """
    levelled = level(text)
    if any(_is_imperative(levelled, match) for match in _TU_FORM.finditer(levelled)):
        return True
    return any(pattern.search(levelled) for pattern in _OTHERS)


def _is_imperative(levelled: str, form: re.Match[str]) -> bool:
    """« Réponds » and « écris », unless someone says « je réponds » or « tu écris »."""
    since = max(levelled.rfind(mark, 0, form.start()) for mark in ".!?\n")
    return _TU_BEFORE.search(levelled, since + 1, form.start()) is None
