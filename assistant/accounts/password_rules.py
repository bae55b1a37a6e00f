"""What a new password must be: long, and not among the first ones that anybody tries.

Length is what protects; there is no rule on capitals or punctuation (NIST SP 800-63B,
ANSSI: such rules make people write "Password2025!"). What is refused is a password
made only of plain words, of the account's name, of one repeated pattern or of a row
of the keyboard, whatever digits stand around it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from assistant.errors import PasswordRefused
from assistant.french.letters import fold
from assistant.wording import Words

MIN_CHARS: Final = 12
MAX_CHARS: Final = 1000

_PLAIN: Final = """
    admin administrateur administrator agent assistant azerty azertyuiop bienvenue bonjour ceser
    changeme changer changezmoi chouchou compte conseil connexion default demo doudou evaluateur
    france football iloveyou jetaime letmein loulou login marseille mon motdepasse mdp nicolas
    passe passphrase password princess princesse provisoire qwerty qwertyuiop rapporteur region
    regional regionale root secret service soleil superadmin temporaire test toto user
    utilisateur welcome quatre mots sans rapport
    """  # the last four are what we advise: somebody will type them as they stand
_PLAINEST: Final = tuple(sorted(_PLAIN.split(), key=len, reverse=True))
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_DISGUISED: Final = str.maketrans("0134578@$!", "oieastbasi")
_AROUND: Final = re.compile(r"^[^a-z]+|[^a-z]+$")
_MIN_DIFFERENT: Final = 5
_LONG_RUN: Final = 6


def normalised(password: str) -> str:
    """One spelling of what was typed: two keyboards may compose an accent differently.

    NFC, other spaces as the plain one (RFC 8265, OpaqueString).
    """
    composed = unicodedata.normalize("NFC", password)
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in composed)


def check_password(password: str, name: str) -> None:
    """Refuse a new password that is too easy to find.

    Raises:
        PasswordRefused: Under 12 or over 1,000 characters, with a control character,
            equal to the name, or among the plainest.
    """
    if len(password) > MAX_CHARS:
        raise _refused(
            Words("Le mot de passe est trop long.", "The password is too long."),
            Words(f"Au plus {MAX_CHARS} caractères.", f"At most {MAX_CHARS} characters."),
        )
    password = normalised(password)
    if len(password) < MIN_CHARS:
        raise _refused(
            Words("Le mot de passe est trop court.", "The password is too short."),
            Words(
                f"Il faut au moins {MIN_CHARS} caractères : quatre mots sans rapport, par exemple.",
                f"It takes at least {MIN_CHARS} characters: four unrelated words, for instance.",
            ),
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in password):
        raise _refused(
            Words(
                "Le mot de passe contient un caractère qui ne se tape pas.",
                "The password holds a character that cannot be typed.",
            ),
            Words("Retapez-le au clavier.", "Type it on the keyboard."),
        )
    if _is_plain(password, name):
        raise _refused(
            Words(
                "Ce mot de passe est parmi les premiers que l’on essaie.",
                "This password is among the first that anybody tries.",
            ),
            Words(
                "Prenez quatre mots sans rapport entre eux, ni avec votre nom.",
                "Take four words unrelated to each other and to your name.",
            ),
        )


def _is_plain(password: str, name: str) -> bool:
    bare = fold(password)
    solid = "".join(c for c in bare if c.isalnum())
    if len(set(bare)) < _MIN_DIFFERENT or solid == _solid(name):
        return True
    if _is_one_short_pattern(bare) or (solid and _runs_along_a_row(solid)):
        return True
    letters = _letters(bare)
    if len(letters) >= _LONG_RUN and _runs_along_a_row(letters):
        return True
    own = _letters(fold(name))
    for word in (own, *_PLAINEST) if len(own) > 2 else _PLAINEST:
        letters = letters.replace(word, " ")  # a space, lest two halves make a new word
    return letters.strip() == "" and _letters(bare) != ""


def _solid(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _letters(bare: str) -> str:
    """What is left of a folded text once digits around it and disguises in it are gone."""
    core = _AROUND.sub("", bare).translate(_DISGUISED)
    return "".join(c for c in core if c.isalpha())


def _is_one_short_pattern(bare: str) -> bool:
    period = (bare + bare).find(bare, 1)
    return period < len(bare) and period <= 6


def _runs_along_a_row(solid: str) -> bool:
    return any(solid in run * (2 + len(solid) // len(run)) for row in _ROWS for run in _ways(row))


def _ways(row: str) -> tuple[str, str]:
    return row, row[::-1]


def _refused(message: Words, remedy: Words) -> PasswordRefused:
    return PasswordRefused(message, remedy=remedy)
