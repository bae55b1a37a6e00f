"""What a person is told when the language model's server does not do its part."""

from __future__ import annotations

from assistant.errors import ModelServerError
from assistant.wording import Words, safe

_SAID_CHARS = 200  # of the server's own words
_NAMES = 5  # of the models that it offers
_NOBODY = "All connection attempts failed"  # httpx's words, which tell a person nothing


def unreachable(address: str, why: str, *, late: bool) -> ModelServerError:
    """Nobody listens there, or the connection took too long.

    Args:
        address: Of the server.
        why: The transport's own words: all that tells of a certificate that is refused.
        late: Whether it was given up after the time that the settings give.
    """
    told = Words("délai dépassé", "timed out") if late else Words(_one_line(why), _one_line(why))
    if not late and why in ("", _NOBODY):
        told = Words("connexion refusée", "connection refused")
    return ModelServerError(
        Words(
            f"Le serveur du modèle de langue ne répond pas : {address} ({told.fr}).",
            f"The language model's server does not answer: {address} ({told.en}).",
        ),
        remedy=Words(
            "Démarrez-le, ou corrigez l’adresse [models] language dans assistant.toml ; "
            "« assistant doctor » le vérifie.",
            "Start it, or correct the address [models] language in assistant.toml; "
            "`assistant doctor` checks it.",
        ),
    )


def too_slow(address: str, waited_s: float, *, begun: bool) -> ModelServerError:
    """No first token, or none after the last one, within the time that the settings give."""
    key = "between_tokens_s" if begun else "first_token_s"
    what = Words("la suite", "the rest") if begun else Words("le premier mot", "the first word")
    return ModelServerError(
        Words(
            f"Le serveur {address} n’a pas envoyé {what.fr} de sa réponse en {waited_s:g} s.",
            f"The server {address} did not send {what.en} of its reply within {waited_s:g} s.",
        ),
        remedy=Words(
            f"Voyez sa charge, ou augmentez [language_server] {key} dans assistant.toml.",
            f"Look at its load, or raise [language_server] {key} in assistant.toml.",
        ),
    )


def refused(address: str, status: int | None, said: str) -> ModelServerError:
    """An HTTP error, or an error told in the middle of a stream (no status).

    Args:
        address: Of the server.
        status: Of HTTP.
        said: The server's own words, untrusted; not repeated where they may hold the token.
    """
    shown = "" if status in (401, 403) else _one_line(said)
    code = "" if status is None else f" (HTTP {status})"
    why = Words(f" : {shown}", f": {shown}") if shown else Words("", "")
    error = ModelServerError(
        Words(
            f"Le serveur {address} a refusé la demande{code}{why.fr}.",
            f"The server {address} refused the request{code}{why.en}.",
        ),
        remedy=_remedy_of(status),
    )
    error.status = status
    return error


def _remedy_of(status: int | None) -> Words:
    if status in (401, 403):
        return Words(
            "Nommez par [language_server] token_variable la variable d’environnement qui contient "
            "le jeton du serveur, et vérifiez sa valeur.",
            "Name by [language_server] token_variable the environment variable that holds the "
            "server's token, and check its value.",
        )
    if status is not None and 300 <= status < 400:
        return Words(
            "Une redirection n’est pas suivie : donnez l’adresse finale dans [models] language.",
            "A redirection is not followed: give the final address in [models] language.",
        )
    if status == 404:
        return Words(
            "Vérifiez la fin de l’adresse (souvent /v1) et [language_server] model.",
            "Check the end of the address (often /v1) and [language_server] model.",
        )
    if status in (429, 502, 503, 504):
        return Words(
            "Il est occupé ou démarre : reposez la question dans un moment.",
            "It is busy or starting: ask again in a moment.",
        )
    return Words(
        "Voyez son journal ; son contexte doit contenir [answer] evidence_tokens, max_tokens et "
        "600 jetons de consigne.",
        "Look at its log; its context must hold [answer] evidence_tokens, max_tokens and 600 "
        "tokens of instructions.",
    )


def not_a_reply(address: str, what: Words) -> ModelServerError:
    """What came is not what an OpenAI-compatible server says."""
    return ModelServerError(
        Words(
            f"Le serveur {address} a renvoyé autre chose qu’une réponse : {what.fr}.",
            f"The server {address} sent something else than a reply: {what.en}.",
        ),
        remedy=Words(
            "Vérifiez qu’un serveur compatible OpenAI (llama.cpp, vLLM) est à cette adresse.",
            "Check that an OpenAI-compatible server (llama.cpp, vLLM) is at this address.",
        ),
    )


def cut_short(address: str) -> ModelServerError:
    """The reply stopped in the middle: nothing says that it was whole."""
    return ModelServerError(
        Words(
            f"Le serveur {address} a interrompu sa réponse : rien n’en est retenu.",
            f"The server {address} broke off its reply: none of it is kept.",
        ),
        remedy=Words(
            "Reposez la question. Si cela se répète, voyez son journal ; llama_cpp.server demande "
            "« --interrupt_requests false » dès que deux personnes l’emploient.",
            "Ask again. If it happens again, look at its log; llama_cpp.server needs "
            "`--interrupt_requests false` as soon as two people use it.",
        ),
    )


def no_token(variable: str) -> ModelServerError:
    """The variable that the settings name is not set, or cannot be a token."""
    return ModelServerError(
        Words(
            f"La variable d’environnement {variable} ne contient pas de jeton utilisable.",
            f"The environment variable {variable} holds no token that can be used.",
        ),
        remedy=Words(
            "Donnez-lui le jeton du serveur, ou videz [language_server] token_variable.",
            "Give it the server's token, or empty [language_server] token_variable.",
        ),
    )


def unknown_model(address: str, wanted: str, offered: list[str]) -> ModelServerError:
    """The server does not offer the model that the settings ask for, or none at all."""
    names = ", ".join(map(_one_line, offered[:_NAMES])) or "—"
    return ModelServerError(
        Words(
            f"Le serveur {address} n’offre pas le modèle « {wanted} » ; il offre : {names}.",
            f"The server {address} does not offer the model {wanted!r}; it offers: {names}.",
        ),
        remedy=Words(
            "Corrigez [language_server] model ; vide, c’est le premier que le serveur annonce.",
            "Correct [language_server] model; empty, it is the first one that the server names.",
        ),
    )


def _one_line(said: str) -> str:
    return " ".join(safe(said).split())[:_SAID_CHARS].rstrip(". ")
