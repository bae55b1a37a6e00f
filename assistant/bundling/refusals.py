"""Why a bundle is not made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.wording import Words


class BundleError(AssistantError):
    """A bundle cannot be made; nothing is left of what was begun."""


def no_checkout(root: Path) -> BundleError:
    """The program runs from an installed wheel: neither its sources nor the locks are here."""
    return BundleError(
        Words(
            f"« {root} » n’a ni pyproject.toml ni requirements.lock : un lot se fait depuis un "
            "clone du projet.",
            f"{str(root)!r} has no pyproject.toml or requirements.lock: a bundle is made from a "
            "clone of the project.",
        ),
        remedy=Words(
            "Clonez le projet, lancez « make install », puis recommencez là.",
            "Clone the project, run `make install`, and try again there.",
        ),
    )


def taken(place: Path) -> BundleError:
    """Something is already there."""
    return BundleError(
        Words(f"« {place} » existe déjà.", f"{str(place)!r} already exists."),
        remedy=Words("Donnez un dossier qui n’existe pas.", "Name a folder that does not exist."),
    )


def unpinned(names: Sequence[str]) -> BundleError:
    """A package that would be needed has no exact version in a lock."""
    listed = ", ".join(names)
    return BundleError(
        Words(
            f"Sans version exacte dans requirements.lock : {listed}.",
            f"Without an exact version in requirements.lock: {listed}.",
        ),
        remedy=Words(
            "Complétez requirements.lock, ou refaites l’environnement par « make install ».",
            "Complete requirements.lock, or make the environment again by `make install`.",
        ),
    )


def not_built(what: str, why: str) -> BundleError:
    """Pip could not build or bring some wheels."""
    return BundleError(
        Words(f"pip n’a pas pu préparer {what} : {why}", f"pip could not prepare {what}: {why}"),
        remedy=Words(
            "Vérifiez l’accès au dépôt de paquets (ou PIP_FIND_LINKS) et les outils de "
            "compilation, puis recommencez.",
            "Check the access to the package index (or PIP_FIND_LINKS) and the compilers, then "
            "try again.",
        ),
    )


def not_written(place: Path, why: object) -> BundleError:
    """The disk or the rights do not allow it."""
    return BundleError(
        Words(
            f"« {place} » n’a pas pu être écrit : {why}.",
            f"{str(place)!r} could not be written: {why}.",
        ),
        remedy=Words(
            "Vérifiez que le dossier existe, ses droits et la place libre (3 Go).",
            "Check that the folder exists, its rights and the free space (3 GB).",
        ),
    )
