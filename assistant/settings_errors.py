"""What a person reads when ``assistant.toml`` is wrong: the key, and what is expected there."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel

from assistant.errors import SettingsError
from assistant.wording import Words

_NAMES = {
    "models.language": Words(
        "un nom de modèle du manifeste, ou l’adresse d’un serveur (« http://hôte:8080/v1 »)",
        "a model name of the manifest, or the address of a server (`http://host:8080/v1`)",
    ),
    "language_server.token_variable": Words(
        "un nom de variable d’environnement", "the name of an environment variable"
    ),
}


def explain(error: dict[str, Any], whole: type[BaseModel]) -> SettingsError:
    """One pydantic error as a sentence.

    Args:
        error: An item of ``ValidationError.errors()``.
        whole: The model that the file was checked against.
    """
    place = tuple(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return unknown_key(place, whole)
    bounds = error.get("ctx", {})
    expected = {
        "greater_than_equal": Words(f"au moins {bounds.get('ge')}", f"at least {bounds.get('ge')}"),
        "less_than_equal": Words(f"au plus {bounds.get('le')}", f"at most {bounds.get('le')}"),
        "int_type": Words("un nombre entier", "a whole number"),
        "float_type": Words("un nombre", "a number"),
        "finite_number": Words("un nombre fini", "a finite number"),
        "string_type": Words("un texte entre guillemets", "a text in quotes"),
        "string_too_short": Words("un texte non vide", "a text that is not empty"),
        "string_pattern_mismatch": _NAMES.get(
            ".".join(place), Words("un nom de modèle du manifeste", "a model name of the manifest")
        ),
        "literal_error": Words(f"{bounds.get('expected')}", f"{bounds.get('expected')}"),
        "tuple_type": Words("une liste de noms d’hôtes", "a list of host names"),
        "value_error": Words(
            "un nom d’hôte ou une adresse, sans « http:// » ni port",
            "a host name or an address, no URL, no port",
        ),
        "model_type": Words(f"une section [{place[0]}]", f"a section [{place[0]}]"),
    }.get(error["type"], Words(error["msg"], error["msg"]))
    found = error["input"]
    if isinstance(found, str) and "@" in found and "://" in found:
        found = "…"  # a password is never repeated
    return bad_value(".".join(place), found, expected)


def bad_value(key: str, found: object, expected: Words) -> SettingsError:
    """A value that is mistyped or out of bounds."""
    shown = repr(found)[:80]
    return SettingsError(
        Words(
            f"assistant.toml, clé « {key} » : {shown} ne convient pas.",
            f"assistant.toml, key {key!r}: {shown} is not acceptable.",
        ),
        remedy=Words(f"Valeur attendue : {expected.fr}.", f"Expected: {expected.en}."),
    )


def unknown_key(place: tuple[str, ...], whole: type[BaseModel]) -> SettingsError:
    """A key that nothing reads, with the nearest one that exists."""
    section = whole
    if len(place) > 1:
        inner = whole.model_fields[place[0]].annotation
        section = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else whole
    known = [name for name in section.model_fields if name != "workspace"]
    close = difflib.get_close_matches(place[-1], known, n=1)
    names = ", ".join(close or known)
    key = ".".join(place)[:120]
    return SettingsError(
        Words(
            f"assistant.toml : la clé « {key} » est inconnue.",
            f"assistant.toml: the key {key!r} is unknown.",
        ),
        remedy=Words(f"Clés possibles ici : {names}.", f"Possible keys here: {names}."),
    )
