"""Text that becomes markup: the one place where it is escaped.

Questions, ids and document texts are hostile: they are stripped of control and
direction-changing characters, then nothing in them can open a tag, a link or an image.
"""

from __future__ import annotations

import re
from html import escape

from assistant.wording import safe

# What can mark up a line that begins with our own words, and what makes a bare address a link.
_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]|:(?=//)|(?<=www)\.")


def html_text(text: object) -> str:
    """Any text, safe between two tags and inside a quoted attribute."""
    return escape(safe(str(text)), quote=True)


def markdown_text(text: object) -> str:
    """Any text as one line of Markdown that reads as it is written, a table cell included."""
    line = " ".join(safe(str(text)).split("\n"))
    return _MARKDOWN.sub(r"\\\g<0>", escape(line, quote=False))
