"""Papers: readable text, formulas whole, no references."""

from __future__ import annotations

import io
import tarfile
import time
from pathlib import Path

import pytest

from curation.source import Dropped, Record
from curation.sources.latex import latex_chapters
from tests.sources.material import prose, read_all, read_one, texts, write

JATS = """<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "x.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title>Journal</journal-title></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1234/abc.5</article-id>
<title-group><article-title>On tides</article-title></title-group>
<contrib-group><contrib><name><surname>Nobody</surname></name></contrib></contrib-group>
<pub-date><day>3</day><month>2</month><year>2019</year></pub-date>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><p>Open.</p>
</license></permissions><abstract><p>Tides turn.</p></abstract></article-meta></front>
<body><sec><title>Methods</title><p>We looked
 [<xref ref-type="bibr" rid="b1">1</xref>] at <inline-formula><alternatives>
<tex-math>\\begin{document}$x^2$\\end{document}</tex-math><mml:math
 xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> often.</p>
<table-wrap><caption><p>A table.</p></caption>
<table><tr><td>9</td></tr></table></table-wrap></sec></body>
<back><ref-list><ref><mixed-citation>Somebody 1999</mixed-citation></ref></ref-list></back></article>"""

MAIN = r"""\documentclass{article}
\newcommand{\R}{\mathbb{R}}
\newcommand{\term}[1]{\emph{#1}}
\title{On \term{tides}\thanks{nobody}}
\author{Nobody}
\begin{document}
\maketitle
\section{Introduction} % a comment
Let $x \in \R$ be a \term{tide}, see \cite{a,b} and Figure~\ref{f}. It costs 5\% --- ``really''.
\begin{equation}\label{e} y = x^2 \end{equation}
\input{sections/second}
\begin{figure}\includegraphics{a.png}\caption{A \textbf{boat} at $t=0$.}\end{figure}
\begin{thebibliography}{9}\bibitem{a} Somebody 1999.\end{thebibliography}
\end{document}
"""
SECOND = (
    "\\section*{Second}\nM\\\"uller and \\'Elan said\\footnote{Quietly.}: go\n\\begin{itemize}\\item one\\item "
    "two\\end{itemize}\n"
)
READABLE = (
    "On tides\n\nIntroduction\n\nLet $x \\in \\mathbb{R}$ be a tide, see and Figure. It costs 5% — “really”.\n\n"
    "\\begin{equation} y = x^2 \\end{equation}\n\nSecond\n\nMüller and Élan said (Quietly.): go\n\n- one\n- two\n\nA boat "
    "at $t=0$."
)


def test_papers_jats_keeps_text_and_formulas_and_drops_the_rest(tmp_path: Path) -> None:
    (row,) = read_one("papers", tmp_path, "a.nxml", JATS)
    assert isinstance(row, Record)
    assert row.text == "On tides\n\nTides turn.\n\nMethods\n\nWe looked at $x^2$ often.\n\nA table."
    assert (row.work, row.license) == ("doi:10.1234/abc.5", "CC-BY-4.0")
    assert row.revised is not None
    assert row.revised.year == 2019


def test_papers_set_of_articles_gives_one_document_each(tmp_path: Path) -> None:
    article = JATS[JATS.index("<article ") :]
    found = read_one(
        "papers",
        tmp_path,
        "a.xml",
        f'<?xml version="1.0"?><pmc-articleset>{article}{article.replace("abc.5", "abc.6")}</pmc-articleset>',
    )
    assert [row.work for row in found] == ["doi:10.1234/abc.5", "doi:10.1234/abc.6"]


def test_papers_latex_tree_on_disk_is_one_document(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "p/main.tex", MAIN),
        write(tmp_path, "p/sections/second.tex", SECOND),
        write(tmp_path, "p/refs.bib", "@book{a, title={B}}"),
    ]
    found = read_all("papers", files)
    assert [row for row in found if isinstance(row, Dropped)] == [
        Dropped("p/sections/second.tex", "included"),
        Dropped("p/refs.bib", "metadata"),
    ]
    assert texts(row for row in found if isinstance(row, Record)) == [READABLE]


def test_papers_latex_trees_in_one_archive_stay_apart(tmp_path: Path) -> None:
    def packed(main: str) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, text in {"main.tex": main, "sections/second.tex": SECOND}.items():
                header = tarfile.TarInfo(name)
                header.size = len(text.encode())
                archive.addfile(header, io.BytesIO(text.encode()))
        return out.getvalue()

    outer = io.BytesIO()
    with tarfile.open(fileobj=outer, mode="w") as archive:
        for name, data in {"2101/1.gz": packed(MAIN), "2101/2.gz": packed(MAIN.replace("tides", "boats"))}.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    found = read_one("papers", tmp_path, "arxiv.tar", outer.getvalue())
    records = [row for row in found if isinstance(row, Record)]
    assert [row.origin for row in records] == ["arxiv.tar!2101/1.gz!main.tex", "arxiv.tar!2101/2.gz!main.tex"]
    assert [row.text[:8] for row in records] == ["On tides", "On boats"]


def test_papers_latex_that_never_ends_its_groups_is_read_all_the_same(tmp_path: Path) -> None:
    broken = "\\documentclass{article}\\begin{document}\\section{Open " + prose(40) + " $x \\textbf{bold \\footnote{never"
    (text,) = texts(read_one("papers", tmp_path, "a.tex", broken))
    assert "whoever for the grey" in text


def test_papers_macro_that_calls_itself_ends(tmp_path: Path) -> None:
    macros = r"\def\a{\b\b}\def\b{\a\a}\newcommand{\c}[1]{\c{#1#1}}"
    source = rf"\documentclass{{article}}{macros}\begin{{document}}Words \a \c{{x}} end.\end{{document}}"
    (text,) = texts(read_one("papers", tmp_path, "a.tex", source))
    assert text.startswith("Words")


def test_papers_file_that_includes_itself_ends(tmp_path: Path) -> None:
    files = [write(tmp_path, "a.tex", MAIN.replace("sections/second", "b")), write(tmp_path, "b.tex", "Looping \\input{b} text.")]
    records = [row for row in read_all("papers", files) if isinstance(row, Record)]
    assert len(records) == 1


def test_papers_markdown_is_plain_text(tmp_path: Path) -> None:
    assert texts(read_one("papers", tmp_path, "a.md", "# Title\n\nSome **bold** text with $a*b*c$.\n")) == [
        "Title\n\nSome bold text with $a*b*c$."
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('Figure [3](#F3){ref-type="fig"} shows it \\[[@B30]\\].', "Figure 3 shows it."),
        ("As said [@doe99, p. 3; see @roe] and \\[[@B1],[@B2]-[@B4]\\], so.", "As said, so."),
        ("Ask [@ada](https://example.org/ada), [me@example.org] or [a @friend].", "Ask @ada, [me@example.org] or [a @friend]."),
        ("::: {#T1 .wide}\n::: caption\nA table.\n:::\n:::\n", "A table."),
        (":::tip What helps\nTea.\n:::\n", "What helps\nTea."),
        ("The 97.5^th^ of 10^2^ in H~2~O, about ~5.", "The 97.5th of 10^2 in H2O, about ~5."),
        ("A set {a, b} and [one]{.smallcaps} and `x`{.python}.", "A set {a, b} and [one] and x."),
    ],
)
def test_papers_marks_of_pandoc_go_and_their_text_stays(tmp_path: Path, source: str, expected: str) -> None:
    assert texts(read_one("papers", tmp_path, "a.md", f"# Title\n\n{source}\n")) == [f"Title\n\n{expected}"]


def test_papers_subfile_is_read_in_its_place_and_what_follows_stays(tmp_path: Path) -> None:
    main = "\\documentclass{article}\\begin{document}First words.\n\\subfile{sub}\nLast words.\\end{document}"
    part = "\\documentclass[main]{subfiles}\\begin{document}Words between.\\end{document}"
    files = [write(tmp_path, "main.tex", main), write(tmp_path, "sub.tex", part)]
    (text,) = texts([row for row in read_all("papers", files) if isinstance(row, Record)])
    assert text.split("\n\n") == ["First words.", "Words between.", "Last words."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "See:\n\\begin{verbatim}\nif x:\n    y = 5 % 2\n\n    z\n\\end{verbatim}\nDone.",
            "See:\n\nif x:\n    y = 5 % 2\n\n    z\n\nDone.",
        ),
        (
            "\\begin{minted}[linenos]{python}\nx = {}\n\\end{minted}\\begin{lstlisting}[frame=l]\nint a; % b\n\\end{lstlisting}",
            "x = {}\n\nint a; % b",
        ),
        ("A boat of \\SI{5}{\\kilo\\gram\\per\\metre} or \\qty{20}{\\degreeCelsius}.", "A boat of 5 kg/m or 20 °C."),
        ("\\begin{itemize}\\item<2-> One \\pause\\item[(b)] Two\\end{itemize}\\only<3>{Three}", "- One\n- (b) Two\n\nThree"),
        ("\\begin{verbatim} never closed % here\nnext", "never closed next"),
    ],
)
def test_papers_latex_listings_quantities_and_slides(tmp_path: Path, source: str, expected: str) -> None:
    document = f"\\documentclass{{article}}\\begin{{document}}\n{source}\n\\end{{document}}"
    assert texts(read_one("papers", tmp_path, "a.tex", document)) == [expected]


@pytest.mark.parametrize("name", ["verbatim", "align", "tabular", "figure"])
def test_papers_latex_environments_that_never_end_take_time_that_grows_with_their_length(name: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        latex_chapters(f"\\begin{{{name}}}x% y\n" * count)
        return time.process_time() - start

    assert min(seconds(20_000) for _ in range(2)) < 40 * max(min(seconds(2_000) for _ in range(2)), 0.005)


def test_papers_jats_notes_of_tables_go_with_them(tmp_path: Path) -> None:
    cells, foot = "<table><tr><td>1</td></tr></table>", "<table-wrap-foot><p>a note</p></table-wrap-foot>"
    table = f"<table-wrap><caption><p>Sizes.</p></caption>{cells}{foot}</table-wrap>"
    article = f"<article><front/><body><sec><title>Results</title><p>Boats.</p>{table}</sec></body></article>"
    assert texts(read_one("papers", tmp_path, "a.nxml", article)) == ["Results\n\nBoats.\n\nSizes."]
