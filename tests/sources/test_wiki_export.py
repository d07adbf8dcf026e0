"""MediaWiki exports: which pages become documents, however the file is packed, cut or divided."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from curation.source import Dropped, File, Input, Part
from curation.sources import wiki
from tests.sources.reading import read_all, write

SITEINFO = """<siteinfo><sitename>Вікі</sitename><dbname>ukwiki</dbname><base>https://uk.example.org/wiki/X</base><namespaces>
<namespace key="-2" case="first-letter">Медіа</namespace><namespace key="0" case="first-letter" />
<namespace key="6" case="first-letter">Файл</namespace>
<namespace key="10" case="first-letter">Шаблон</namespace>
<namespace key="14" case="first-letter">Категорія</namespace></namespaces></siteinfo>"""


def page(title: str, text: str, number: int = 1, namespace: int = 0, more: str = "", time: str = "2021-03-01T10:00:00Z") -> str:
    revision = (
        f"<revision><id>1</id><timestamp>{time}</timestamp><model>wikitext</model><text bytes='1' "
        f'xml:space="preserve">{text}</text></revision>'
    )
    return f"<page>\n<title>{title}</title><ns>{namespace}</ns><id>{number}</id>{more}{revision}</page>\n"


def export(*pages: str) -> str:
    return (
        f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" '
        f'xml:lang="uk">{SITEINFO}\n{"".join(pages)}</mediawiki>'
    )


PAGES = [
    page("Київ", "'''Київ''' &amp;mdash; [[місто]] &lt;ref&gt;x&lt;/ref&gt;[[Файл:a.jpg|міні|Вид]]\n[[Категорія:Міста]]", 7),
    page("Києв", "#ПЕРЕНАПРАВЛЕННЯ [[Київ]]", 8),
    page("Киев", "#ПЕРЕ_НАПРАВЛЕННЯ [[Київ]]", 13),
    page("Kyiv", "#REDIRECT [[Київ]]", 9, more='<redirect title="Київ" />'),
    page("Шаблон:Місто", "x", 10, namespace=10),
    page("Порожня", "", 11),
    page("Рамка", "{{Картка|a=b}}", 12),
]


def test_wiki_export_gives_articles_and_a_reason_for_every_other_page(tmp_path: Path) -> None:
    records, drops = read_all(wiki, write(tmp_path, {"ukwiki.xml": export(*PAGES)}))
    assert [(record.text, record.work, record.origin) for record in records] == [
        ("Київ\n\nКиїв — місто\nВид", "ukwiki/7", "ukwiki.xml#Київ")
    ]
    assert records[0].revised is not None and records[0].revised.isoformat() == "2021-03-01T10:00:00+00:00"
    assert [(drop.origin.rpartition("#")[2], drop.reason) for drop in drops] == [
        ("Києв", "redirect"), ("Киев", "redirect"), ("Kyiv", "redirect"), ("Шаблон:Місто", "namespace"),
        ("Порожня", "empty"), ("Рамка", "no_text")]  # fmt: skip


def test_wiki_history_gives_the_newest_revision(tmp_path: Path) -> None:
    revision = "<revision><timestamp>{}</timestamp><text>{}</text></revision>"
    history = "".join(revision.format(f"20{year}-01-01T00:00:00Z", f"words of {year}") for year in (10, 21, 15))
    text = f"<mediawiki>{SITEINFO}<page><title>A</title><ns>0</ns><id>1</id>{history}</page></mediawiki>"
    records, _ = read_all(wiki, write(tmp_path, {"h.xml": text}))
    assert [record.text for record in records] == ["A\n\nwords of 21"]


@pytest.mark.parametrize("share", [0.35, 0.6, 0.8, 0.97])
def test_wiki_cut_export_gives_its_whole_pages_then_truncated(tmp_path: Path, share: float) -> None:
    whole = export(*[page(f"P{n}", f"some words about {n}", n) for n in range(30)])
    records, drops = read_all(wiki, write(tmp_path, {"w.xml": whole[: int(len(whole) * share)]}))
    assert [record.origin for record in records] == [f"w.xml#P{n}" for n in range(len(records))]
    assert 0 < len(records) < 31
    assert [drop.reason for drop in drops] == ["truncated"]


@pytest.mark.parametrize("border", [5000, 20011])
def test_wiki_parts_of_an_export_give_every_page_once(tmp_path: Path, border: int) -> None:
    text = export(*[page(f"P{n}", f"some words about {n} " * 20, n) for n in range(120)]).encode()
    streams = b"".join(bz2.compress(text[at : at + 3001]) for at in range(0, len(text), 3001))
    for name, data, step in (("w.xml", text, border), ("w.xml.bz2", streams, border // 10)):
        write(tmp_path, {name: data})
        file = File(name, tmp_path / name, len(data))
        whole = list(wiki.read(Input(name, (file,)), wiki.Config()))
        parts = [
            event
            for start in range(0, len(data), step)
            for event in wiki.read(Input(name, (file,), Part(start, start + step)), wiki.Config())
        ]
        assert len(whole) == 120
        assert [event.origin for event in parts] == [event.origin for event in whole]


def test_wiki_compressed_export_reads_as_the_plain_one(tmp_path: Path) -> None:
    data = export(*PAGES).encode()
    plain, _ = read_all(wiki, write(tmp_path / "a", {"w": data}))
    packed, _ = read_all(wiki, write(tmp_path / "b", {"w": gzip.compress(data)}))
    wide, _ = read_all(wiki, write(tmp_path / "c", {"w": data.decode().encode("utf-16")}))
    assert [record.text for record in plain] == [record.text for record in packed] == [record.text for record in wide]


def test_wiki_xml_of_another_kind_is_named_so(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    records, drops = read_all(wiki, write(tmp_path, {"x.xml": bomb, "e.xml": ""}))
    assert not records
    assert sorted(drop.reason for drop in drops) == ["empty", "unknown_format"]


def test_wiki_rows_with_wikitext_are_cleaned(tmp_path: Path) -> None:
    rows = '{"title": "A", "wikitext": "\'\'\'A\'\'\' is a [[b|letter]] of the alphabet."}\n{"title": "B", "wikitext": "{{x}}"}\n'
    records, drops = read_all(wiki, write(tmp_path, {"rows.jsonl": rows}))
    assert [record.text for record in records] == ["A is a letter of the alphabet."]
    assert [drop.reason for drop in drops] == ["no_text"]


def test_wiki_reader_counts_every_page_of_the_export(tmp_path: Path) -> None:
    records, drops = read_all(wiki, write(tmp_path, {"w.xml": export(*PAGES)}))
    assert len(records) + len([drop for drop in drops if isinstance(drop, Dropped)]) == len(PAGES)
