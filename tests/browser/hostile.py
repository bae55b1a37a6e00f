"""A document that attacks the page by every text that a page shows of it."""

from __future__ import annotations

from pathlib import Path

import docx

CODE = (
    "<script>alert('s')</script><img src=x onerror=alert('i')>${alert('d')}"
    "{{constructor.constructor('alert(1)')()}}{{#with this}}{{/with}}`</textarea>"
    "<a href=\"javascript:alert('a')\">ici</a>"
)
"""Markup, a template of each engine of Gradio's, and the end of the field it may stand in."""

RARE = "farfadet"
"""A word that stands in this document alone."""

QUESTION = f"Que vaut le plan {RARE} {CODE} ?"
FACT = f"Le plan {RARE} vaut 12 millions d’euros en 2025, dit {CODE} à la commission."
TITLE = f"Plan {RARE} {CODE}\u202etxt.exe"
COLLECTION = "<svg onload=alert('c')>${alert('e')}"
NAME = "<img src=x onerror=alert('n')>${alert('m')}{{this}}.docx"
SPEAKER = "Mme ${alert(5)}{{this}}&lt;img src=x onerror=alert(6)&gt;"


def plant(folder: Path) -> None:
    """Put the document, and a hearing whose speaker does the same, into a corpus."""
    collection = folder / "corpus" / COLLECTION
    collection.mkdir()
    note = docx.Document()
    note.add_heading(f"Montant {CODE}", level=1)
    note.add_paragraph(FACT)
    note.save(str(collection / NAME))
    (collection / f"{NAME}.toml").write_text(
        f"title = '''{TITLE}'''\ncommission = '''{CODE}'''\n", encoding="utf-8"
    )
    (collection / "audition.vtt").write_text(
        "WEBVTT\n\n00:00:05.000 --> 00:00:15.000\n"
        f"<v {SPEAKER}>Le lutin {RARE} mesure 41 centimètres, ${{alert('w')}}{{{{this}}}}.\n",
        encoding="utf-8",
    )
