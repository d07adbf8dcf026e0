"""An EPUB 3: stored `mimetype` first, container, package with spine, navigation document, chapters with a foot note."""

from html import escape

from benchmarks.sample.archives import zipped
from benchmarks.sample.books import chapter
from benchmarks.sample.sample import Sample, main_sentence

PATH = "books/en/tide_tables.epub"
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:uuid:6f2b1c1e-5d0a-4c55-9a77-0f4c1d2e3f4a</dc:identifier>
    <dc:title>Tide Tables for Inland Readers</dc:title>
    <dc:language>en</dc:language>
    <dc:creator>Philippa Underhay</dc:creator>
    <meta property="dcterms:modified">2024-03-01T12:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="css" href="style.css" media-type="text/css"/>
    {items}
  </manifest>
  <spine>{refs}</spine>
</package>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" href="style.css"/></head>
<body>{body}</body>
</html>
"""


def write(sample: Sample) -> None:
    tale = sample.essay("en", "books")
    chapters = [(tale.title, list(tale.paragraphs))]
    sample.survives(main_sentence(tale.paragraphs[0]), "en", PATH, "prose")
    for number, canary in ((1, "email"), (2, None), (3, "phone"), (4, None)):
        chapters.append((f"Chapter {number}", chapter(sample, PATH, "en", number, 8, canary)))
    pages = {f"EPUB/ch{n}.xhtml": _chapter_page(title, paragraphs, n) for n, (title, paragraphs) in enumerate(chapters)}
    names = [name.removeprefix("EPUB/") for name in pages]
    items = "\n    ".join(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names))
    # The spine, not the archive, gives the order: the members are stored backwards.
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "EPUB/package.opf": PACKAGE.format(
            items=items, refs="".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
        ).encode(),
        "EPUB/nav.xhtml": _navigation(chapters, names).encode(),
        "EPUB/style.css": b"p { text-indent: 1em; margin: 0 }\n",
        **{name: page.encode() for name, page in reversed(pages.items())},
    }
    sample.add(PATH, zipped(members, stored=frozenset({"mimetype"})))
    sample.answers.expect_kept("books", "en")
    sample.vanishes("Skip to the table of contents", "en", PATH, "navigation")


def _chapter_page(title: str, paragraphs: list[str], number: int) -> str:
    body = [f'<section epub:type="chapter"><h2>{escape(title)}</h2>']
    body += [f"<p>{escape(p, quote=False)}</p>" for p in paragraphs]
    if number == 1:
        body.append('<aside epub:type="footnote" id="fn1"><p>The tables were drawn up on the kitchen floor.</p></aside>')
    return PAGE.format(title=escape(title), body="\n".join(body) + "</section>")


def _navigation(chapters: list[tuple[str, list[str]]], names: list[str]) -> str:
    links = "".join(f'<li><a href="{name}">{escape(title)}</a></li>' for (title, _), name in zip(chapters, names, strict=True))
    body = f'<p>Skip to the table of contents</p><nav epub:type="toc"><h1>Contents</h1><ol>{links}</ol></nav>'
    return PAGE.format(title="Contents", body=body)
