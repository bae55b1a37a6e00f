"""Why a desk refuses: each says what to do instead."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.wording import Words


class DeskError(AssistantError):
    """Something cannot be kept, changed or brought back on a person's desk."""


class DeskUnreadable(DeskError):
    """The file of the desks cannot be used."""

    def __init__(self, path: str) -> None:
        super().__init__(
            Words(
                f"Le fichier des paniers est illisible : {path}.",
                f"The file of the baskets cannot be read: {path}.",
            ),
            remedy=Words(
                "Vérifiez les droits sur ce fichier, ou rétablissez-le depuis une sauvegarde.",
                "Check the rights on this file, or restore it from a backup.",
            ),
        )


class NotInBasket(DeskError):
    """The excerpt is not in this person's basket: removed, or somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                "Cet extrait n’est pas dans votre panier.",
                "This excerpt is not in your basket.",
            ),
            remedy=Words(
                "Rechargez votre panier : l’extrait a peut-être été retiré ailleurs.",
                "Reload your basket: it may have been removed elsewhere.",
            ),
        )


class BasketFull(DeskError):
    """The basket holds as many excerpts as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            Words(
                f"Votre panier est plein : {most} extraits au plus.",
                f"Your basket is full: {most} excerpts at most.",
            ),
            remedy=Words(
                "Exportez-le, puis retirez des extraits ou videz-le.",
                "Export it, then remove excerpts or clear it.",
            ),
        )


class NothingToRestore(DeskError):
    """Nothing was removed, or all of it was already brought back."""

    def __init__(self) -> None:
        super().__init__(
            Words("Aucun retrait à annuler.", "No removal to undo."),
            remedy=Words(
                "Retrouvez l’extrait par une recherche et ajoutez-le de nouveau.",
                "Find the excerpt by a search and add it again.",
            ),
        )


class TextTooLong(DeskError):
    """A note or a quotation is longer than a desk keeps; nothing of it was kept."""

    def __init__(self, what: Words, length: int, most: int) -> None:
        super().__init__(
            Words(
                f"{what.fr} : {length} caractères, maximum {most}.",
                f"{what.en}: {length} characters, at most {most}.",
            ),
            remedy=Words("Raccourcissez le texte.", "Shorten the text."),
        )
