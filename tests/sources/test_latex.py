"""LaTeX as many hands write it: languages, acronyms, theorems, citations, TeX's own commands, classes."""

from __future__ import annotations

import time

import pytest

from curation.sources.latex import latex_chapters
from curation.sources.pointers import MARK, without_marks


def read(body: str, preamble: str = "") -> str:
    source = f"\\documentclass{{article}}{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}"
    return "\n\n".join(latex_chapters(source))


GERMAN = r"\usepackage[english,ngerman]{babel}"
POLISH = r"\usepackage[polish]{babel}"


@pytest.mark.parametrize(
    ("preamble", "source", "expected"),
    [
        (GERMAN, '"Uber die Gr"o"se: "`ja"\', Zu"-satz, Ba"cken, E"=Mail.', "Über die Größe: „ja“, Zusatz, Backen, E-Mail."),
        (GERMAN, '$"a$ und \\verb|"a|', '$"a$ und "a'),
        (GERMAN, r"\enquote{Er sagte \enquote{nein}} und \glqq ja\grqq.", "„Er sagte ‘nein’“ und „ja“."),
        (POLISH, ",,Tak'' i \"zyto, <<nie>>.", "„Tak” i żyto, «nie»."),
        ("", 'A "quoted" word,, and a << b.', 'A "quoted" word,, and a << b.'),
        ("", r"na\"\i ve, \^\i le, \v Skoda, \~{}user, \textquotedblleft a\textquotedblright", "naïve, île, Škoda, ~user, “a”"),
        (r"\usepackage[russian]{babel}", 'Он "--- да, "<нет">.', "Он — да, «нет»."),
    ],
)  # fmt: skip
def test_latex_shorthands_are_read_where_the_language_has_them(preamble: str, source: str, expected: str) -> None:
    assert read(source, preamble) == expected


def test_latex_acronyms_are_spelled_out_at_their_first_use() -> None:
    defined = (
        r"\newacronym[longplural={tidal gauges}]{tg}{TG}{tidal gauge}\newglossaryentry{ebb}{name={ebb tide},description={x}}"
        r"\acrodef{gps}[GPS]{global position}\DeclareAcronym{sst}{short=SST, long=sea surface temperature}"
    )
    source = r"\Gls{ebb}: \glspl{tg} and \gls{tg}; \ac{gps}, \acl{gps}, \acs{gps}, \ac{sst}. \gls{unknown}"
    assert read(source, defined) == (
        "Ebb tide: tidal gauges (TGs) and TG; global position (GPS), global position, GPS, sea surface temperature (SST). unknown"
    )


@pytest.mark.parametrize(
    ("preamble", "source", "expected"),
    [
        (r"\def\be{\begin{equation}}\def\ee{\end{equation}}", r"\be x=y \ee", r"\begin{equation} x=y \end{equation}"),
        (
            r"\newcommand{\Ha}{\ensuremath{H_\alpha}\xspace}",
            r"An \Ha line, $2\Ha$",
            r"An $H_\alpha$ line, $2\ensuremath{H_\alpha}$",
        ),
        (r"\newcommand{\us}{Tide\xspace}", r"\us is, \us, and \us{} was", "Tide is, Tide, and Tide was"),
        (r"\NewDocumentCommand{\pd}{O{1} m}{\partial^{#1} #2}", r"$\pd[2]{x}$ $\pd{y}$", r"$\partial^{2} x$ $\partial^{1} y$"),
        (r"\DeclarePairedDelimiter\abs{\lvert}{\rvert}", r"$\abs{x}$", r"$\left\lvert x \right\rvert$"),
    ],
)
def test_latex_macros_of_other_kinds_are_expanded(preamble: str, source: str, expected: str) -> None:
    assert read(source, preamble) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\\begin{theorem}[Tides]\\label{t} They turn.\\end{theorem}", "Theorem (Tides). They turn."),
        ("\\begin{satz*}Alles.\\end{satz*}", "Satz. Alles."),
        ("\\begin{proof}[Proof of Theorem~\\ref{t}] Easy.\\end{proof}", "Proof of Theorem. Easy."),
        ("\\begin{proof} Easy.\\end{proof}", "Proof. Easy."),
    ],
)
def test_latex_theorems_say_what_they_are(source: str, expected: str) -> None:
    assert read(source, r"\newtheorem{satz}[theorem]{Satz}") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("As in \\cref{fig:a} and \\Cref{tab:b,tab:c}.", "As in Figure and Table."),
        ("Tides turn (see~\\cite{a}; \\cite{b}, p.~3), see Refs.~\\onlinecite{x,y}.", "Tides turn, see Refs."),
        ("Boats (n = 5, \\cite{x}) and (Fig.~\\ref{f}) or [\\ref{a}]--[\\ref{b}].", "Boats (n = 5) and."),
        ("Figs.~\\ref{a}, \\ref{b} and~\\ref{c} show f() and (a).", "Figs. show f() and (a)."),
        ("\\citet{lo} and \\citeauthor{lo} said \\citep{lo}.", "Lo et al. (2001) and Lo et al. said."),
    ],
)
def test_latex_pointers_go_with_what_is_nothing_without_them(source: str, expected: str) -> None:
    bibliography = "\\begin{thebibliography}{9}\\bibitem[Lo et~al.(2001)Lo, Roe]{lo} A. Lo, 2001.\\end{thebibliography}"
    assert read(source + bibliography) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\\vskip 12pt plus 2pt minus 1pt\\noindent Words\\hskip 1em more \\kern-.5em on.\\penalty-100", "Words more on."),
        ("\\font\\big=cmbx10 scaled\\magstep2 \\parindent=0pt {\\big Title}", "Title"),
        ("Words\\footnote{*}{A note.} go.", "Words (A note.) go."),
        ("10\\textsuperscript{6} and 2\\textsuperscript{nd}, \\ang{45}.", "10^6 and 2nd, 45°."),
        ("\\begin{itemize}\\item[$\\bullet$] One\\item[(a)] Two\\end{itemize}", "- One\n- (a) Two"),
        ("متن\\پانوشت{یادداشت} است.", "متن (یادداشت) است."),
        ("\\begin{lstlisting}\n[1, 2]\n\\end{lstlisting}", "[1, 2]"),
        ("\\lstinline|x = 1|, \\mintinline{python}{y = 2}, \\verb+z+.", "x = 1, y = 2, z."),
        ("\\begin{otherlanguage}{english}Words.\\end{otherlanguage}", "Words."),
        ("\\begin{IEEEbiography}[{\\includegraphics{a}}]{Ada Lo} was born.\\end{IEEEbiography}End.", "End."),
        ("\\begin{longtable}{l}\\caption{Sizes.}\\\\ 1 \\\\ \\end{longtable}", "Sizes."),
        ("\\titlerunning{Short}\\authorrunning{A. Lo}\\pacs{75.30}\\preprint{X-1}Words.", "Words."),
        ("\\author A. Lo\\endauthor\\head Tides\\endhead\\proclaim{Theorem 1} So.\\endproclaim", "Tides\n\nTheorem 1. So."),
        ("\\begin{frame}{Why?}\\begin{block}{First}One.\\end{block}\\end{frame}", "Why?\n\nFirst\n\nOne."),
        ("\\frametitle{Why?}\\begin{column}{0.5\\textwidth}\\item[--]<2> One\\end{column}", "Why?\n\n- One"),
    ],
)  # fmt: skip
def test_latex_commands_of_classes_and_of_tex_leave_their_text(source: str, expected: str) -> None:
    assert read(source) == expected


def test_latex_input_without_braces_is_followed() -> None:
    source = "\\begin{document}One. \\input parts/two\nThree.\\end{document}"
    assert latex_chapters(source, {"parts/two": "Two."}.get) == ["One. Two.\n\nThree."]


@pytest.mark.parametrize(
    "text", ["(" * 20_000, f"(x {MARK}" * 5_000, f"{MARK}, " * 9_000, f" {' ' * 20_000}{MARK}x", f"[{MARK}] " * 5000]
)
def test_pointers_take_time_that_grows_with_the_text(text: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        without_marks(text + MARK)
        return time.process_time() - start

    assert min(seconds(text * 8) for _ in range(2)) < 40 * max(min(seconds(text) for _ in range(2)), 0.002)


def test_latex_proof_is_called_so_in_the_language_of_the_paper() -> None:
    assert read("\\begin{proof} Ясно.\\end{proof}", r"\usepackage[english,russian]{babel}") == "Доказательство. Ясно."
    assert read("\\begin{proof} Clear.\\end{proof}", r"\usepackage[russian,english]{babel}") == "Proof. Clear."


@pytest.mark.parametrize("opening", ["\\begin{frame}{", "\\enquote{", "\\ensuremath{", "\\begin{theorem}[", "\\footnote{"])
def test_latex_groups_nested_without_end_are_read_to_some_depth(opening: str) -> None:
    assert "Words" in read(f"Words {opening * 2000}x{'}' * 2000}")
