"""Papers in Markdown: JOSS, Quarto, pandoc."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from curation.sources.papermarkdown import paper_chapters
from tests.sources.material import read_one, texts

FRONT = "---\ntitle: 'Tides: a package'\nabstract: |\n  Tides turn\n  and turn.\nbibliography: paper.bib\n---\n"


def read(body: str, front: str = "---\nbibliography: paper.bib\n---\n") -> str:
    return "\n\n".join(paper_chapters(f"{front}\n{body}\n"))


def test_markdown_title_and_abstract_open_the_paper_and_an_empty_list_of_references_goes(tmp_path: Path) -> None:
    paper = f"{FRONT}\n# Summary\n\nBoats go.\n\n# References\n"
    assert texts(read_one("papers", tmp_path, "paper.md", paper)) == [
        "Tides: a package\n\nTides turn\nand turn.\n\nSummary\n\nBoats go."
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("As @lo:2001 said, and @roe [p. 3] too [see @ray; also @lo].", "As said, and too."),
        ("See @fig-boats, [Figure @fig:x] and @tbl-sizes; Eq. (@eq:x).", "See Figure, Figure and Table; Eq."),
        ("So \\autoref{fig:a} and (\\cite{lo}) go \\newpage on.", "So go on."),
        ("![A boat at [low] tide.\\label{fig:a}](boat.png){ width=20% }", "A boat at [low] tide."),
        ("| A |\n|---|\n| 1 |\n\n: Sizes of boats {#tbl:a}", "| A |\n\n| 1 |\n\nSizes of boats"),
        ("Tides^[A *note*.] turn.", "Tides (A note.) turn."),
        ("```{python}\n#| label: fig-a\nx = '@lo'\n```", "x = '@lo'"),
        ("$$\nx = y\n$$ {#eq-a}", "$$\nx = y\n$$"),
        ("# Boats {-}\n\nCode `@lo` and $x_{@}$ of ada@example.org.", "Boats\n\nCode @lo and $x_{@}$ of ada@example.org."),
    ],
)  # fmt: skip
def test_markdown_of_papers_keeps_captions_and_loses_pointers(source: str, expected: str) -> None:
    assert read(source) == expected


def test_markdown_without_a_bibliography_keeps_names_that_are_no_keys() -> None:
    assert read("Ask @ada, as @lo2001 says.", "") == "Ask @ada, as says."


@pytest.mark.parametrize("text", ["^[" * 9000, "![" * 9000, "`" * 20_000, "$$ " * 9000 + "$", "@a" * 9000, "[@a" * 9000])
def test_markdown_of_papers_takes_time_that_grows_with_its_length(text: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        read(text)
        return time.process_time() - start

    assert min(seconds(text * 4) for _ in range(2)) < 20 * max(min(seconds(text) for _ in range(2)), 0.002)
