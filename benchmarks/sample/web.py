"""Web: HTML pages with navigation, a WARC, JSONL posts; most of the planted duplicates stand in the posts."""

import json
from collections.abc import Callable
from html import escape

from benchmarks.sample import banks, wikitext
from benchmarks.sample.archives import gzipped
from benchmarks.sample.edits import edited_copy, half_shared, jaccard
from benchmarks.sample.sample import Sample, main_sentence, probe, shared_probes
from benchmarks.sample.words import SUBSTITUTES

Poster = Callable[[str, str], str]
POSTS = "web/posts/posts.jsonl.gz"
PAGE = """<!DOCTYPE html>
<html lang="{lang}"{direction}>
<head><meta charset="utf-8"><title>{title} - The Saltmarsh Reader</title>
<style>nav li {{ display: inline }}</style><script>window.visits = (window.visits || 0) + 1;</script></head>
<body>
<header><nav><ul><li><a href="/">Front page</a></li>
<li><a href="/archive">All back issues</a></li>
<li><a href="/login">Sign in or register</a></li></ul></nav></header>
<div class="cookie-banner">We use cookies to remember your teapot preferences. <button>Accept all cookies</button></div>
<main><article><h1>{title}</h1>
{body}
</article></main>
<aside><h2>Most read this week</h2>
<ul><li><a href="/1">Seven ladders compared</a></li><li><a href="/2">Is your goose too loud?</a></li></ul></aside>
<footer><p>Copyright notice of the Saltmarsh Reader. Share on every network. Subscribe to our newsletter.</p></footer>
</body></html>
"""


def write(sample: Sample) -> None:
    _html(sample)
    _warc(sample)
    _posts(sample)
    for phrase in ("Sign in or register", "Accept all cookies", "Subscribe to our newsletter", "Seven ladders compared"):
        sample.vanishes(phrase, "en", "web/html", "navigation")


def page(lang: str, title: str, paragraphs: list[str]) -> str:
    body = "\n".join(f"<p>{escape(p, quote=False)}</p>" for p in paragraphs)
    return PAGE.format(lang=lang, title=escape(title), body=body, direction=' dir="rtl"' if lang == "fa" else "")


def _html(sample: Sample) -> None:
    for lang in banks.LANGUAGES:
        for number in range(4 if lang == "en" else 5):
            essay = sample.essay(lang, "web")
            path = f"web/html/{lang}/page{number + 1}.html"
            more = sample.prose(lang, path).paragraphs(4)
            kind = "email" if number == 0 else "phone"
            more.append(sample.prose(lang, path + ":last").paragraph(2) + " " + sample.carrier(kind, lang, path))
            sample.add(path, page(lang, essay.title, [*essay.paragraphs, *more]))
            sample.answers.expect_kept("web", lang)
            sample.survives(main_sentence(essay.paragraphs[1]), lang, path, "main text of a page")


def _warc(sample: Sample) -> None:
    path = "web/warc/saltmarsh-20240301.warc.gz"
    records = [_record("warcinfo", None, b"software: made for the sample\r\nformat: WARC File Format 1.1\r\n", 0)]
    for number in range(12):
        lang = banks.LANGUAGES[number % 4]
        prose = sample.prose(lang, f"warc-{number}")
        paragraphs = prose.paragraphs(6)
        html = page(lang, prose.sentence().rstrip(".")[:60], paragraphs).encode()
        answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
            + str(len(html)).encode()
            + b"\r\n\r\n"
            + html
        )
        records.append(_record("response", f"https://reader.saltmarsh.invalid/{lang}/{number}", answer, number + 1))
        sample.answers.expect_kept("web", lang)
        sample.survives(main_sentence(paragraphs[2]), lang, path, "main text of a page")
    sample.add(path, b"".join(gzipped(record) for record in records))


def _record(kind: str, uri: str | None, block: bytes, number: int) -> bytes:
    content_type = "application/warc-fields" if uri is None else "application/http; msgtype=response"
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date: 2024-03-01T12:00:00Z",
    ]
    head += [f"WARC-Target-URI: {uri}"] if uri else []
    head += [f"Content-Type: {content_type}", f"Content-Length: {len(block)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def _posts(sample: Sample) -> None:
    rows: list[dict[str, str]] = []

    def post(text: str, lang: str) -> str:
        rows.append(
            {"id": f"post-{len(rows):03d}", "url": f"https://posts.saltmarsh.invalid/{len(rows)}", "lang": lang, "text": text}
        )
        return rows[-1]["id"]

    for lang in banks.LANGUAGES:
        kinds = iter(("email", "phone"))
        for number in range(13):
            text = "\n\n".join(sample.prose(lang, f"post-{number}").paragraphs(4))
            if number in (4, 9):
                text += "\n\n" + sample.carrier(next(kinds), lang, POSTS)
            post(text, lang)
            sample.answers.expect_kept("web", lang)
        _copies(sample, lang, post)
        _copy_of_an_article(sample, lang, post)
    toxic = banks.lines("en", "toxic")[4:]
    place = post(" ".join(toxic), "en")
    sample.case(
        "toxic-web-en", POSTS, "dropped", "toxicity", place=place, probes=(probe(toxic[2]),), note="insults from end to end"
    )
    broken = '{"id": "post-broken", "lang": "en", "text": "This record ends in the middle of a\n'
    sample.case("broken-record", POSTS, "dropped", "malformed", place="the line post-broken", probes=("ends in the middle of",))
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    text = "\n".join(lines[:20]) + "\n" + broken + "\n".join(lines[20:]) + "\n"
    sample.add(POSTS, gzipped(text.encode()))


def _copies(sample: Sample, lang: str, post: Poster) -> None:
    """One exact pair, one near pair, one pair that is only related, one pair that differs in an address alone."""
    rng = sample.rng(f"copies:{lang}")
    essay = sample.essay(lang, "web") if sample.has_essay(lang, "web") else None
    text = essay.text if essay else "\n\n".join(sample.prose(lang, "copy-exact").paragraphs(4))
    first, second = post(text, lang), post(text, lang)
    sample.case(
        f"exact-posts-{lang}",
        POSTS,
        "dropped",
        "exact_duplicate",
        place=second,
        twin=f"{POSTS}#{first}",
        probes=(probe(text.split("\n\n")[1]),),
        jaccard=1.0,
    )

    text = "\n\n".join(sample.prose(lang, "copy-near").paragraphs(6))
    edited = edited_copy(text, SUBSTITUTES[lang], 0.87, rng)
    first, second = post(text, lang), post(edited, lang)
    sample.case(
        f"near-posts-{lang}",
        POSTS,
        "dropped",
        "near_duplicate",
        place=second,
        twin=f"{POSTS}#{first}",
        probes=shared_probes(text.split("\n\n"), edited),
        jaccard=round(jaccard(text, edited), 4),
        note="exactly one of the two stays",
    )

    common, left, right = (
        sample.prose(lang, f"miss-{part}").paragraphs(count, 5, 5) for part, count in (("both", 4), ("left", 2), ("right", 2))
    )
    one, other = half_shared(common, left, right)
    first, second = post(one, lang), post(other, lang)
    sample.case(
        f"miss-posts-{lang}",
        POSTS,
        "kept",
        "near_miss",
        place=second,
        twin=f"{POSTS}#{first}",
        probes=(probe(left[0]), probe(right[0])),
        jaccard=round(jaccard(one, other), 4),
        note="related but different: both stay",
    )

    text = "\n\n".join(sample.prose(lang, "copy-address").paragraphs(4))
    versions = [text + "\n\n" + sample.carrier("email", lang, POSTS) for _ in range(2)]
    first, second = post(versions[0], lang), post(versions[1], lang)
    sample.case(
        f"address-posts-{lang}",
        POSTS,
        "dropped",
        "exact_duplicate",
        "near_duplicate",
        place=second,
        twin=f"{POSTS}#{first}",
        probes=(probe(text.split("\n\n")[1]),),
        jaccard=round(jaccard(*versions), 4),
        note="copies that differ in an e-mail address only",
    )
    sample.answers.expect_kept("web", lang, 4)


def _copy_of_an_article(sample: Sample, lang: str, post: Poster) -> None:
    """The words of an encyclopedia article as a post: copies across sources."""
    essay = next(e for e in banks.essays(lang)[2:] if e.kind == "wiki")
    place = post(essay.text, lang)
    sample.case(
        f"cross-source-{lang}",
        POSTS,
        "dropped",
        "near_duplicate",
        "exact_duplicate",
        place=place,
        twin=f"wiki#{essay.title}",
        probes=(probe(essay.paragraphs[1]),),
        jaccard=round(jaccard(essay.text, wikitext.plain(essay, lang)), 4),
        note="the article and the post differ in kind and in a heading; exactly one of them stays",
    )
