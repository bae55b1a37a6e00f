"""PDF to canonical text, and a quotation back to its place on the page.

`reader.read_pdf` is the way in. `opening` and `refusals` keep hostile files out, `facts`
(pypdf) and `census` say what a file holds before pdfium draws any of it. `words`, `lines`,
`order`, `rules`, `tables`, `furniture`, `headings` and `layout` make paragraphs of characters;
`scan` and `ocr` read pages that are images; `page` gives the picture of a page and the boxes
of a quotation.
"""
