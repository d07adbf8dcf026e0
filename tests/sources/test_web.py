"""Web pages: the main text and nothing around it, from whatever a page was saved in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import trafilatura

from curation.source import Dropped, Record
from curation.sources.web.pages import _parsed
from tests.sources.material import make_zip, prose, read_one, texts

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>The quay</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop now</a></li></ul></nav>
<article><h1>The quay at night</h1><p>{one}</p><p>{two}</p></article>
<footer><p>Copyright Example Ltd. All rights reserved.</p></footer></body></html>"""
ONE, TWO = prose(80), prose(80, 5)


def page(charset: str = "utf-8", one: str = ONE) -> str:
    return PAGE.format(charset=charset, one=one, two=TWO)


def test_web_page_gives_its_article_without_navigation(tmp_path: Path) -> None:
    (text,) = texts(read_one("web", tmp_path, "a.html", page()))
    assert ONE in text
    assert TWO in text
    assert "Shop now" not in text
    assert "All rights" not in text


@pytest.mark.parametrize(("charset", "codec"), [("windows-1250", "cp1250"), ("iso-8859-2", "iso8859_2"), ("utf-16", "utf-16")])
def test_web_page_is_decoded_by_its_declaration(tmp_path: Path, charset: str, codec: str) -> None:
    line = "Zażółć gęślą jaźń nad brzegiem rzeki. " * 10
    (text,) = texts(read_one("web", tmp_path, "a.html", page(charset, line).encode(codec)))
    assert "Zażółć gęślą jaźń nad brzegiem rzeki." in text


def test_web_page_without_text_is_dropped(tmp_path: Path) -> None:
    html = "<html><body><nav><a href='/'>Home</a></nav><script>run()</script></body></html>"
    assert read_one("web", tmp_path, "a.html", html) == [Dropped("a.html", "no_text")]


def test_web_archive_of_a_site_keeps_pages_and_names_the_rest(tmp_path: Path) -> None:
    site = make_zip(
        {
            "s/a.html": page(),
            "s/b.css": "body { color: red }",
            "s/c.js": "var x = 1;",
            "s/robots.txt": "User-agent: *",
            "s/d.png": b"\x89PNG\r\n",
        }
    )
    found = {row.origin: row.reason if isinstance(row, Dropped) else "read" for row in read_one("web", tmp_path, "s.zip", site)}
    assert found == {
        "s.zip!s/a.html": "read",
        "s.zip!s/b.css": "asset",
        "s.zip!s/c.js": "asset",
        "s.zip!s/robots.txt": "metadata",
        "s.zip!s/d.png": "media",
    }


def make_record(kind: str, url: str, block: bytes, content_type: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789abc>\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def make_response(url: str, body: bytes, content_type: str, status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n".encode()
    return make_record("response", url, http + body, "application/http; msgtype=response")


def make_warc(gzipped: bool) -> bytes:
    site = "https://example.org"
    records = [
        make_record("warcinfo", site, b"software: test\r\n", "application/warc-fields"),
        make_record("request", site, b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        make_response(f"{site}/one-page", page("").encode("cp1251"), "text/html; charset=windows-1251"),
        make_response(f"{site}/gone-page", b"gone", "text/html", "404 Not Found"),
        make_response(f"{site}/picture.png", b"\x89PNG", "image/png"),
        make_record("conversion", f"{site}/text-only", ONE.encode(), "text/plain"),
    ]
    return b"".join(gzip.compress(record) if gzipped else record for record in records)


@pytest.mark.parametrize("gzipped", [True, False])
def test_web_warc_gives_pages_and_extracted_texts_with_their_addresses(tmp_path: Path, gzipped: bool) -> None:
    found = read_one("web", tmp_path, "a.warc", make_warc(gzipped))
    assert [row.work for row in found] == [
        f"https://example.org/{name}" for name in ("one-page", "gone-page", "picture.png", "text-only")
    ]
    assert [row.reason for row in found if isinstance(row, Dropped)] == ["http_error", "media"]
    records = [row for row in found if isinstance(row, Record)]
    assert ONE in records[0].text
    assert records[1].text == ONE
    assert all(row.revised for row in records)


def test_web_truncated_warc_keeps_what_came_before(tmp_path: Path) -> None:
    data = make_warc(gzipped=False)
    found = read_one("web", tmp_path, "a.warc", data[: data.index(b"https://example.org/gone-page") + 10])
    assert isinstance(found[0], Record)


def test_web_jekyll_post_loses_front_matter_markup_and_templates(tmp_path: Path) -> None:
    post = """---
title: "The quay"
date: 2021-05-06
tags: [a, b]
---
# Heading

Some *emphasis*, a [link](https://example.org/x "t") and `code`.[^1] ![image](a.png)
{: .center}

{% include x.html %}- one
* two

```python
def f():
    return "*kept*"
```

| a | b |
|---|---|
| 1 | 2 |

[^1]: A footnote with <b>tags</b> &amp; entities.
"""
    (row,) = read_one("web", tmp_path, "_posts/a.md", post)
    assert isinstance(row, Record)
    assert row.revised is not None
    assert row.revised.date().isoformat() == "2021-05-06"
    assert row.text.startswith("The quay\n\nHeading\n\nSome emphasis, a link and code.")
    assert 'def f():\n    return "*kept*"' in row.text
    assert "| 1 | 2 |" in row.text
    assert "A footnote with tags & entities." in row.text
    for markup in ("---", "```", "{%", "{:", "[^", "](", "tags:"):
        assert markup not in row.text


def test_web_draft_is_dropped(tmp_path: Path) -> None:
    assert read_one("web", tmp_path, "a.md", f"+++\ntitle = 'x'\ndraft = true\n+++\n{ONE}") == [Dropped("a.md", "draft")]


def test_web_feed_gives_an_entry_a_document(tmp_path: Path) -> None:
    feed = """<?xml version="1.0" encoding="koi8-r"?><rss version="2.0"><channel><title>Новости</title>
      <item><title>Река</title><link>https://example.org/river/1</link>
      <description>&lt;p&gt;Лодка &lt;b&gt;ждала&lt;/b&gt;.&lt;/p&gt;</description>
      <pubDate>Thu, 06 May 2021 10:00:00 GMT</pubDate></item><item><title></title></item></channel></rss>"""
    first, second = read_one("web", tmp_path, "a.xml", feed.encode("koi8_r"))
    assert isinstance(first, Record)
    assert (first.text, first.work) == ("Река\n\nЛодка ждала.", "https://example.org/river/1")
    assert second == Dropped("a.xml#item 2", "no_text", work="a.xml#2")


def wordpress(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        "<title>A blog</title><wp:wxr_version>1.2</wp:wxr_version>" + "".join(items) + "</channel></rss>"
    )


def wordpress_item(number: int, body: str, kind: str = "post", status: str = "publish", more: str = "") -> str:
    return (
        f"<item><title>Post {number}</title><link>https://blog.example.org/{number}</link>"
        f"<pubDate>Thu, 06 May 2021 10:00:00 +0000</pubDate><guid isPermaLink='false'>https://blog.example.org/?p={number}</guid>"
        f"<description></description><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_date_gmt>2021-05-07 09:00:00</wp:post_date_gmt>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{more}"
        "<wp:comment><wp:comment_content><![CDATA[Nice post!]]></wp:comment_content></wp:comment></item>"
    )


def test_web_wordpress_export_gives_what_was_published(tmp_path: Path) -> None:
    body = (
        '[caption id="a" width="9"]<img src="x.jpg" /> The <em>old</em> quay[/caption]\n\nOne <b>tide</b> [1] came.'
        "\n\nAnother went.\n\n<pre>a\n\nb</pre>\n<!-- wp:paragraph -->"
    )
    items = [
        wordpress_item(1, body),
        wordpress_item(2, "An unfinished text.", status="draft"),
        wordpress_item(3, "https://blog.example.org/x.jpg", kind="attachment", status="inherit"),
        wordpress_item(4, "For friends.", more="<wp:post_password><![CDATA[word]]></wp:post_password>"),
        wordpress_item(5, "<!-- wp:paragraph --><p>A page of its own.</p><!-- /wp:paragraph -->", kind="page"),
    ]
    first, *dropped, last = read_one("web", tmp_path, "blog.xml", wordpress(*items))
    assert isinstance(first, Record) and isinstance(last, Record)
    assert first.text == "Post 1\n\nThe old quay\n\nOne tide [1] came.\n\nAnother went.\n\na\n\nb"
    assert (first.work, first.revised and first.revised.day) == ("https://blog.example.org/?p=1", 7)
    assert [row.reason for row in dropped if isinstance(row, Dropped)] == ["draft", "metadata", "draft"]
    assert last.text == "Post 5\n\nA page of its own."


def test_web_blogger_export_gives_posts_but_no_template(tmp_path: Path) -> None:
    def entry(kind: str, content: str, more: str = "") -> str:
        scheme = "http://schemas.google.com/g/2005#kind"
        term = f"http://schemas.google.com/blogger/2008/kind#{kind}"
        head = f"<entry><id>tag:blogger.com,1999:{len(content)}</id><category scheme='{scheme}' term='{term}'/>{more}"
        return f"{head}<title type='text'>Title</title><content type='html'>{content}</content></entry>"

    feed = (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#'>"
        + entry("template", "&lt;html&gt;&lt;style&gt;a {}&lt;/style&gt;&lt;/html&gt;")
        + entry("settings", "true")
        + entry("post", "&lt;p&gt;The boats came back.&lt;/p&gt;")
        + entry("post", "Not yet.", "<app:control><app:draft>yes</app:draft></app:control>")
        + "</feed>"
    )
    found = read_one("web", tmp_path, "blog.xml", feed)
    assert [row.reason if isinstance(row, Dropped) else row.text for row in found] == [
        "metadata",
        "metadata",
        "Title\n\nThe boats came back.",
        "draft",
    ]


def test_web_stack_exchange_posts_are_read_row_by_row(tmp_path: Path) -> None:
    rows = """<?xml version="1.0" encoding="utf-8"?><posts>
      <row Id="1" PostTypeId="1" Title="How deep?" Body="&lt;p&gt;How deep is the harbour?&lt;/p&gt;"
       ContentLicense="CC BY-SA 4.0" CreationDate="2020-01-02T03:04:05.6" />
      <row Id="2" PostTypeId="2" ParentId="1" Body="&lt;p&gt;Three fathoms.&lt;/p&gt;" /></posts>"""
    question, answer = read_one("web", tmp_path, "Posts.xml", rows)
    assert isinstance(question, Record)
    assert isinstance(answer, Record)
    assert (question.text, question.license) == ("How deep?\n\nHow deep is the harbour?", "CC-BY-SA-4.0")
    assert (answer.text, answer.work) == ("Three fathoms.", question.work)


def test_web_sitemap_and_svg_are_named_for_what_they_are(tmp_path: Path) -> None:
    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>'
        "https://example.org/</loc></url></urlset>"
    )
    assert texts(read_one("web", tmp_path, "map.xml", sitemap)) == ["dropped: metadata"]
    assert texts(read_one("web", tmp_path, "a.xml", '<svg xmlns="http://www.w3.org/2000/svg"><text>hi</text></svg>')) == [
        "dropped: asset"
    ]


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("a.md", '{\n  "title": "Quiet",\n  "date": "2020-01-02"\n}\n\nBoats {lie} here.\n', "Quiet\n\nBoats {lie} here."),
        ("a.mdx", "import Foo from './foo'\nexport const x = 5\n\n# Quiet\n\nBoats <Foo a=\"b\" />lie.\n", "Quiet\n\nBoats lie."),
        ("a.md", "# Quiet\n\n```js\nimport Foo from './foo'\n```\n", "Quiet\n\nimport Foo from './foo'"),
    ],
)
def test_web_markdown_of_site_generators(tmp_path: Path, name: str, source: str, expected: str) -> None:
    (record,) = read_one("web", tmp_path, name, source)
    assert isinstance(record, Record) and record.text == expected


def test_web_json_named_as_markdown_stays_a_table(tmp_path: Path) -> None:
    rows = "".join(f'{{"text": "Boats lie here, number {number}."}}\n' for number in range(3))
    assert len(read_one("web", tmp_path, "a.md", rows)) == 3


_ARTICLE = "".join(f"<p>The harbour wakes before the town; boat number {number} is the first out.</p>" for number in range(9))


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head><title>Harbour</title></head><body><article>{_ARTICLE}</article></body></html>",
        f"<html><head></head><body><form><label>Name</label><select><option>a</select>{_ARTICLE}</form></body></html>",
        f'<?xml version="1.0" encoding="utf-8"?><html><head></head><body>{_ARTICLE}</body></html>',
        f"<html/>{_ARTICLE}",
        _ARTICLE,
        "<!-- nothing -->",
        "",
    ],
)
def test_web_a_page_parsed_here_reads_as_one_that_trafilatura_parses(html: str) -> None:
    assert trafilatura.extract(_parsed(html), include_comments=False) == trafilatura.extract(html, include_comments=False)
