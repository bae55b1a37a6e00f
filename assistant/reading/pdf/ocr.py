"""Reads the letters of a page image with the tesseract program, when it is installed.

The program is found on the path, gets the image through its standard input and
one processor, and is stopped after a while: a hostile image costs that time at
most.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE = "fra"
_LIST_TIMEOUT_S = 20.0
_LEAST_CONFIDENCE = 20.0  # out of 100: under it tesseract reads speckles and borders


class OcrFailed(Exception):
    """tesseract was stopped or gave nothing usable; ``timed_out`` says which."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "failed")
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A recognised word; its box is in pixels from the top left, right and bottom exclusive."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class OcrParagraph:
    """Lines of words, in the order in which tesseract reads the page."""

    lines: tuple[tuple[OcrWord, ...], ...]

    @property
    def text(self) -> str:
        """Its lines, each ended by a line end."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines)


def tesseract() -> str | None:
    """Path of the program if it is installed with its French data, else ``None``."""
    program = shutil.which("tesseract")
    return program if program is not None and _reads_french(program) else None


@lru_cache(maxsize=4)
def _reads_french(program: str) -> bool:
    try:
        listing = subprocess.run(
            [program, "--list-langs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIST_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return LANGUAGE in listing.stdout.decode("utf-8", "replace").split()


def recognise(image: Image, *, dpi: int, timeout_s: float, program: str) -> list[OcrParagraph]:
    """Read one page image.

    Args:
        image: The page, upright.
        dpi: Its resolution.
        timeout_s: When to stop the program.
        program: What :func:`tesseract` gave.

    Raises:
        OcrFailed: The program took too long or ended with an error.
    """
    png = io.BytesIO()
    image.save(png, format="PNG", compress_level=1)
    command = [program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(dpi), "--psm", "3", "tsv"]
    try:
        done = subprocess.run(
            command,
            input=png.getvalue(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise OcrFailed(timed_out=True) from error
    except OSError as error:
        raise OcrFailed(timed_out=False) from error
    if done.returncode != 0:
        raise OcrFailed(timed_out=False)
    return _paragraphs(done.stdout.decode("utf-8", "replace"))


def _paragraphs(tsv: str) -> list[OcrParagraph]:
    """Group tesseract's table of words by block and paragraph, then by line."""
    found: dict[tuple[str, str], dict[str, list[OcrWord]]] = {}
    for row in tsv.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        if float(cells[10]) < _LEAST_CONFIDENCE:
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        word = OcrWord(cells[11].strip(), left, top, left + width, top + height)
        lines = found.setdefault((cells[2], cells[3]), {})
        lines.setdefault(cells[4], []).append(word)
    return [OcrParagraph(tuple(tuple(line) for line in lines.values())) for lines in found.values()]
