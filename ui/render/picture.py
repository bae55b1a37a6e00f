"""The picture of a collection: documents by month, a colour a kind; the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.collection_picture import BEFORE, UNDATED, CollectionPicture
from assistant.wording import Words
from ui.render.markup import text

_WIDTH, _HEIGHT, _FOOT, _LEFT = 420, 190, 46, 28  # in the units of the drawing
_COLOURS = (
    *("#17695e", "#c2700f", "#4b6cb7", "#97407a", "#6b7d1f"),
    *("#8a5a36", "#3f8fae", "#70757a", "#b03a3a"),
)
"""Apart from each other and from light and dark paper alike."""


def picture(seen: CollectionPicture) -> str:
    """Stacked bars, with the numbers for whoever does not see them."""
    title = text(Words("Documents par mois et par nature", "Documents by month and kind"))
    if not seen.total:
        return ""
    columns = [
        *([(str(BEFORE), seen.before)] if any(seen.before) else []),
        *zip(seen.months, seen.counts, strict=True),
        *([(str(UNDATED), seen.undated)] if any(seen.undated) else []),
    ]
    return (
        f"<h2>{title}</h2>{_bars(columns, title)}{_legend(seen)}"
        f"<details><summary>{text(Words('Les nombres', 'The numbers'))}</summary>"
        f"{_table(columns, seen)}</details>"
    )


def _bars(columns: Sequence[tuple[str, tuple[int, ...]]], title: str) -> str:
    most = max(sum(counts) for _, counts in columns) or 1
    step = (_WIDTH - _LEFT) / len(columns)
    room = _HEIGHT - _FOOT
    marks = [f'<text x="0" y="12">{most}</text><text x="0" y="{room}">0</text>']
    every = max(1, round(len(columns) / 8))
    for place, (name, counts) in enumerate(columns):
        left, top = _LEFT + place * step, float(room)
        for kind, count in enumerate(counts):
            height = count / most * (room - 14)
            top -= height
            if count:
                marks.append(
                    f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(2.0, step - 2):.1f}" '
                    f'height="{height:.1f}" fill="{_COLOURS[kind % len(_COLOURS)]}"/>'
                )
        if place % every == 0:
            marks.append(
                f'<text transform="translate({left + 4:.1f} {room + 14}) rotate(35)">'
                f"{text(name)}</text>"
            )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}" '
        f'width="100%">{"".join(marks)}</svg>'
    )


def _legend(seen: CollectionPicture) -> str:
    rows = "".join(
        f'<li><svg viewBox="0 0 10 10" width="12" height="12" aria-hidden="true">'
        f'<rect width="10" height="10" fill="{_COLOURS[place % len(_COLOURS)]}"/></svg> '
        f"{text(kind)}</li>"
        for place, kind in enumerate(seen.kinds)
    )
    return f'<ul class="legend">{rows}</ul>'


def _table(columns: Sequence[tuple[str, tuple[int, ...]]], seen: CollectionPicture) -> str:
    month = text(Words("Mois", "Month"))
    heads = "".join(f'<th scope="col" class="number">{text(kind)}</th>' for kind in seen.kinds)
    rows = "".join(
        f'<tr><th scope="row">{text(name)}</th>'
        + "".join(f'<td class="number">{count or "—"}</td>' for count in counts)
        + "</tr>"
        for name, counts in columns
        if any(counts)
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{month}"><table><thead><tr>'
        f'<th scope="col">{month}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
