"""Builds every file of the demo corpus from ``texts/``; the same bytes each time.

python corpus/_sources/build.py            # build all, say what changed
python corpus/_sources/build.py --check    # build in memory, exit 1 on a difference
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from office import build_docx, build_odt
from pdf_pages import build_pdf
from plain_formats import build_html, build_markdown, build_text
from scanned import build_scanned_pdf
from source_text import Source, load
from transcripts import build_srt, build_turns_txt, build_vtt

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent

BUILDERS: dict[str, Callable[[Source], bytes]] = {
    ".pdf": build_pdf,
    ".docx": build_docx,
    ".odt": build_odt,
    ".html": build_html,
    ".md": build_markdown,
    ".txt": build_text,
    ".srt": build_srt,
    ".vtt": build_vtt,
}


def sources() -> list[Source]:
    """Every source text, by name."""
    return [load(path) for path in sorted((HERE / "texts").glob("*.md"))]


def built(source: Source) -> bytes:
    """The bytes of the corpus file that a source describes."""
    suffix = Path(source.output).suffix
    if suffix == ".pdf" and source.meta.get("scanned") == "True":
        return build_scanned_pdf(source)
    if suffix == ".txt" and any(block.kind == "turn" for block in source.blocks):
        return build_turns_txt(source)
    return BUILDERS[suffix](source)


def main() -> int:
    """Write what changed, or only compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", help="sources to build; all of them by default")
    arguments = parser.parse_args()
    differing = 0
    for source in sources():
        if arguments.names and source.name not in arguments.names:
            continue
        target = CORPUS / source.output
        fresh = built(source)
        if target.exists() and target.read_bytes() == fresh:
            continue
        differing += 1
        print(source.output, len(fresh))
        if not arguments.check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(fresh)
    return 1 if arguments.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
