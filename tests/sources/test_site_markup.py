"""Markdown of sites and notes: code is kept as it is, what a generator or a program adds is read as its readers see it."""

from __future__ import annotations

import time

import pytest

from curation.sources.markdown import markdown_chapters


def plain(text: str) -> str:
    return "\n\n".join(markdown_chapters(text))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{% highlight ruby linenos %}\nputs "*not* _emph_" # [[x]]\n{% endhighlight %}', 'puts "*not* _emph_" # [[x]]'),
        ("{{< highlight cpp >}}\nint *a = b * c; // [[nodiscard]]\n{{< / highlight >}}", "int *a = b * c; // [[nodiscard]]"),
        ("Write {% raw %}`{{ page.title }}`{% endraw %} here.", "Write {{ page.title }} here."),
        ("Write {{</* youtube id */>}} here.", "Write {{< youtube id >}} here."),
        ("One.{% comment %}\nhidden\n{% endcomment %} Two.", "One. Two."),
        ("- TOC\n{:toc}\n\nText.", "Text."),
        ("*[HTML]: Hyper Text\n\nHTML it is.", "HTML it is."),
        ("The method `__init__` of `<div>` and ```a ` b```.", "The method __init__ of <div> and a ` b."),
        ("```one line``` of code\n\nA *word*.\n\n```more``` code", "one line of code\n\nA word.\n\nmore code"),
        ("by [@robot[bot]](https://example.org/a) again", "by @robot[bot] again"),
        (
            "See [the docs][id], [id] and [those] [id], not [this].\n\n[ID]: https://example.org",
            "See the docs, id and those, not [this].",
        ),
    ],
)
def test_sites_code_and_links_of_jekyll_and_hugo(source: str, text: str) -> None:
    assert plain(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("One<br/>two<br>three", "One\ntwo\nthree"),
        ("<table><tr><td>one</td><td>two</td></tr></table>", "one two"),
        ('A <img src="a.png"\n     alt="words"> picture', "A  picture"),
        ("A<script>\nvar x = 1;\n</script> <style>.a { b: c }</style>word", "A word"),
        ("<div style={{color: 'red'}} onClick={() => go(1)}>Words</div>", "Words"),
        ("import {\n  A,\n  B,\n} from 'x';\nimport './a.css';\n\nText.", "Text."),
        ("export const X = ({children}) => (\n  <b>\n    {children}\n  </b>\n);\n\nText.", "Text."),
        ("{/* a note\nto editors */}Text.", "Text."),
        (":::note[Own title]\nBody\n:::", "Own title\nBody"),
        ("if 1 < 2 and 3 > 2", "if 1 < 2 and 3 > 2"),
    ],
)
def test_sites_html_and_jsx_go_and_their_words_stay_apart(source: str, text: str) -> None:
    assert plain(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('!!! note "Look here"\n    Body.', "Look here\n    Body."),
        ("??? question\n\nBody.", "Body."),
        ('=== "Tab one"\n\nBody.', "Tab one\n\nBody."),
        ('--8<-- "includes/a.md"\nText.', "Text."),
        ("(target)=\n## Head\n\n{ref}`words <target>`, {math}`x^2`.", "Head\n\nwords, $x^2$."),
        ("[[Other note]], [[Other|shown]], [[Note#Part]].", "Other note, shown, Note > Part."),
        ("Before ![[picture.png|300]]after.", "Before after."),
        ("> [!note] Title\n> Body.", "Title\nBody."),
        ("> [!WARNING]\n> Body.", "Body."),
        ("Text. %%not shown%% More ==marked words== here.", "Text.  More marked words here."),
        ("A block. ^block-id\n\nif a == b and c == d", "A block.\n\nif a == b and c == d"),
        ("x[[1]] and [[2]] and y[[i]]", "x[[1]] and [[2]] and y[[i]]"),
        ("100%% of them, 50%% of those", "100%% of them, 50%% of those"),
    ],
)
def test_sites_callouts_tabs_and_links_of_notes(source: str, text: str) -> None:
    assert plain(source) == text


@pytest.mark.parametrize("mark", ["<a ", "[[", "{% raw %}", "<a x={{", "==a ", "``` `", "{/*", "{% comment %}", "<script>"])
def test_sites_marks_without_an_end_cost_in_proportion(mark: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        plain(mark * count)
        return time.process_time() - start

    assert seconds(24_000) < 12 * max(seconds(6_000), 0.01)
