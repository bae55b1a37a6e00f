"""Pages copied out of their file with what is seen on them, and nothing else.

Links, actions, scripts, attachments, names of reviewers and metadata stay behind. What was
drawn over the page (a stamp, a filled field) is kept, as it changes what one reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

_OF_PAGE = {
    "/Type", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group",
    "/Annots",
}  # fmt: skip
_OF_RESOURCES = {
    "/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/ProcSet",
    "/Properties",
}  # fmt: skip
_DRAWN = {
    "/Stamp", "/FreeText", "/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine",
    "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Widget",
}  # fmt: skip
_OF_DRAWING = ("/Rect", "/AP", "/AS", "/F")
_OF_STREAM = ("/Metadata", "/PieceInfo")


def copy_pages(reader: PdfReader, numbers: Iterable[int]) -> PdfWriter:
    """A new document with these pages (from 1), in this order; the reader's pages are used up."""
    writer = PdfWriter()
    for number in numbers:
        page = reader.pages[number - 1]
        _strip(page)
        writer.add_page(page)
    _keep_hidden_layers_hidden(reader, writer)
    for held in writer._objects:
        if isinstance(held, StreamObject):
            for key in _OF_STREAM:
                held.pop(key, None)
    return writer


def _strip(page: PageObject) -> None:
    _keep_only(page, _OF_PAGE)
    resources = _direct(page.get("/Resources"))
    if isinstance(resources, DictionaryObject):
        _keep_only(resources, _OF_RESOURCES)
    drawings = ArrayObject(_drawings(_direct(page.pop("/Annots", None))))
    if drawings:
        page[NameObject("/Annots")] = drawings


def _drawings(annotations: PdfObject | None) -> Iterator[DictionaryObject]:
    """What was drawn over the page, each as a mute stamp with the same appearance."""
    if not isinstance(annotations, ArrayObject):
        return
    for one in annotations:
        annotation = _direct(one)
        if not isinstance(annotation, DictionaryObject) or "/AP" not in annotation:
            continue
        if annotation.get("/Subtype") not in _DRAWN:
            continue
        stamp = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Stamp"),
            }
        )
        for key in _OF_DRAWING:
            if key in annotation:
                stamp[NameObject(key)] = annotation.raw_get(key)
        yield stamp


def _keep_hidden_layers_hidden(reader: PdfReader, writer: PdfWriter) -> None:
    """Layers that the file does not show would appear without the list that hides them."""
    layers = _direct(reader.root_object.get("/OCProperties"))
    if not isinstance(layers, DictionaryObject):
        return
    shown = _direct(layers.get("/D"))
    kept = DictionaryObject({NameObject("/OCGs"): _references(layers.get("/OCGs"))})
    default = DictionaryObject()
    if isinstance(shown, DictionaryObject):
        for key in ("/ON", "/OFF"):
            default[NameObject(key)] = _references(shown.get(key))
        if shown.get("/BaseState") in ("/ON", "/OFF"):
            default[NameObject("/BaseState")] = NameObject(shown["/BaseState"])
    kept[NameObject("/D")] = default
    writer.root_object[NameObject("/OCProperties")] = kept.clone(writer)


def _references(layers: PdfObject | None) -> ArrayObject:
    listed = _direct(layers)
    if not isinstance(listed, ArrayObject):
        return ArrayObject()
    return ArrayObject(
        one
        for one in listed
        if isinstance(one, IndirectObject)
        and isinstance(group := _direct(one), DictionaryObject)
        and group.get("/Type") == "/OCG"
    )


def _keep_only(held: DictionaryObject, keys: set[str]) -> None:
    for key in [key for key in held if key not in keys]:
        del held[key]


def _direct(held: PdfObject | None) -> PdfObject | None:
    return None if held is None else held.get_object()
