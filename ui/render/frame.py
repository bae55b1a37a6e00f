"""What frames every screen: the band at the top, the login page."""

from __future__ import annotations

from assistant.accounts import LOCAL_USER, User
from assistant.errors import AssistantError
from assistant.wording import Language, Words, spoken
from ui.render.markup import error_banner, text

NAME = Words("Assistant documentaire", "Document assistant")
_PROMISE = Words(
    "Des réponses citées, vérifiées dans vos documents. Rien ne sort de cette machine.",
    "Cited answers, verified in your documents. Nothing leaves this machine.",
)
_OTHER: dict[Language, tuple[str, str]] = {
    "fr": ("/en/", "English"),
    "en": ("/fr/", "Français"),
}


def masthead(user: User) -> str:
    """The name of the program, who is logged in, the language, the colours, the way out."""
    address, language = _OTHER[spoken()]
    other = "en" if spoken() == "fr" else "fr"
    theme = text(Words("Clair ou sombre", "Light or dark"))
    return (
        f'<div class="masthead"><div><h1>{text(NAME)}</h1><p>{text(_PROMISE)}</p></div>'
        f'<div class="corner">{_who(user)}'
        f'<a href="{address}" lang="{other}" hreflang="{other}">{language}</a>'
        f'<button type="button" class="act quiet" data-theme-switch data-key="theme">{theme}'
        "</button></div></div>"
    )


def _who(user: User) -> str:
    if user == LOCAL_USER:
        alone = Words(
            "Sans comptes : accessible de cette machine seulement",
            "No accounts: reachable from this machine only",
        )
        return f'<span class="who">{text(alone)}</span>'
    leave = text(Words("Se déconnecter", "Log out"))
    return (
        f'<span class="who">{text(user.name)} · {text(user.role.label)}</span>'
        '<form method="post" action="/deconnexion">'
        f'<button class="act quiet">{leave}</button></form>'
    )


def login_page(*, goes_to: str, name: str = "", error: AssistantError | None = None) -> str:
    """The whole page that asks for a name and a password."""
    title = text(NAME)
    enter = text(Words("Se connecter", "Log in"))
    who = text(Words("Identifiant", "Name"))
    secret = text(Words("Mot de passe", "Password"))
    lost = text(
        Words(
            "Compte ou mot de passe perdus : demandez à votre administrateur.",
            "Account or password lost: ask your administrator.",
        )
    )
    wrong = f'<div role="alert">{error_banner(error)}</div>' if error is not None else ""
    return (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{enter} — {title}</title><link rel="stylesheet" href="/page.css"></head>'
        f'<body class="login"><main><h1>{title}</h1><p>{text(_PROMISE)}</p>{wrong}'
        '<form method="post" action="/connexion">'
        f'<input type="hidden" name="vers" value="{text(goes_to)}">'
        f'<label for="nom">{who}</label>'
        f'<input id="nom" name="nom" value="{text(name)}" required maxlength="80" '
        'autocomplete="username" autocapitalize="none" autofocus>'
        f'<label for="mot_de_passe">{secret}</label>'
        '<input id="mot_de_passe" name="mot_de_passe" type="password" required maxlength="1000" '
        f'autocomplete="current-password"><button class="act primary">{enter}</button></form>'
        f"<p>{lost}</p></main></body></html>"
    )
