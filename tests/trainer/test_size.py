"""The trainer stays an evening's read: how many lines of code it has, without blank lines, comments and docstrings."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).resolve().parents[2] / "trainer").rglob("*.py"))
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
CAP = 1500


def code_lines(source: str) -> int:
    """Lines that hold a token of code; a string over three lines counts three, a docstring none."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if documented and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def total() -> int:
    return sum(code_lines(path.read_text(encoding="utf-8")) for path in FILES)


def test_code_lines_leave_out_docstrings_comments_and_blanks() -> None:
    source = '"""Module.\n\nMore."""\n\nx = 1  # one\n# nothing\n\ndef f():\n    """Says."""\n    return """a\nb"""\n'
    assert code_lines(source) == 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_has_at_most_three_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_trainer_keeps_its_cap() -> None:
    assert total() <= CAP
