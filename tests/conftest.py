"""What several test modules share: small real records and a workspace of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.records import Document, DocumentKind, Evidence, Locator, Passage

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The repository's models; `make test` fetches them first."""
    return REPOSITORY / "models"


def document(path: str = "notes/essai.txt", title: str = "Note d’essai") -> Document:
    return Document(
        document_id=path.replace("/", "-"),
        path=path,
        sha256="0" * 64,
        format="text",
        title=title,
        date=date(2026, 1, 14),
        kind=DocumentKind.NOTE,
        collection=path.split("/")[0],
    )


def evidence(text: str, number: int = 1, title: str = "Note d’essai") -> Evidence:
    found = document(title=title)
    passage = Passage(
        passage_id=f"{found.document_id}:0",
        document_id=found.document_id,
        text=text,
        start=0,
        end=len(text),
        locator=Locator(section="Budget"),
        context=title,
    )
    return Evidence(
        number=number,
        text=text,
        start=0,
        end=len(text),
        score=1.0,
        passage=passage,
        document=found,
        context=title,
    )
