"""A basket becomes a document: excerpts are read again, numbered, and written in a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

from assistant.desk import Excerpt
from assistant.excerpts.exported import Exported, Refused, file_name
from assistant.excerpts.refusals import NothingToExport, UnknownFormat
from assistant.excerpts.report import Report, report
from assistant.excerpts.rereading import Reread, reread
from assistant.wording import Words
from assistant.workspace import Workspace

Format = Literal["docx", "odt", "md"]

_MEDIA_TYPES: Final[dict[str, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "md": "text/markdown; charset=utf-8",
}
FORMATS: Final = tuple(_MEDIA_TYPES)


def export(
    workspace: Workspace,
    excerpts: Sequence[Excerpt],
    *,
    format: Format,
    title: str,
    today: date,
    hidden: frozenset[str] = frozenset(),
) -> Exported:
    """Write excerpts as one document, each quotation read again and compared byte for byte.

    Args:
        workspace: Where the sources are.
        excerpts: In the order of their numbers.
        format: Of the document.
        title: Of the document; its file is named for it.
        today: The day of the reading, written in the document.
        hidden: Collections that the person may not read: their excerpts are left out.

    Returns:
        The document; ``refused`` says which numbers are left out, or are marked because their
        source was changed or withdrawn since.

    Raises:
        UnknownFormat: ``format`` is none of ``FORMATS``.
        NothingToExport: No excerpt is left to write.
    """
    if format not in _MEDIA_TYPES:
        raise UnknownFormat(FORMATS)
    found = reread(workspace.catalogue, excerpts)
    kept = [one for one in found if not workspace.catalogue.hides(one.excerpt.document, hidden)]
    if not kept:
        raise NothingToExport
    written = report(kept, title=title, today=today)
    return Exported(
        name=file_name(written.title, format),
        media_type=_MEDIA_TYPES[format],
        content=_writer(format)(written),
        refused=tuple(_refused(found, kept)),
    )


def _refused(found: Sequence[Reread], kept: Sequence[Reread]) -> Iterator[Refused]:
    for number, one in enumerate(kept, start=1):
        if one.document is None:
            yield Refused(
                number,
                Words(
                    "Source modifiée ou retirée depuis : la citation est donnée telle qu’elle a "
                    "été relevée, avec un avertissement.",
                    "Source changed or withdrawn since: the quotation is given as it was taken, "
                    "with a warning.",
                ),
            )
    if left_out := len(found) - len(kept):
        yield Refused(
            0,
            Words(
                f"Extraits omis, car vous n’avez plus accès à leur source : {left_out}.",
                f"Excerpts left out, as you may not read their source any more: {left_out}.",
            ),
        )


def _writer(format: Format) -> Callable[[Report], bytes]:
    """Each format's library is loaded when it is first asked for."""
    if format == "docx":
        from assistant.excerpts.word import docx

        return docx
    if format == "odt":
        from assistant.excerpts.odt import odt

        return odt
    from assistant.excerpts.markdown import markdown

    return markdown
