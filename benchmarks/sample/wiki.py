"""MediaWiki XML exports, one a language: articles with markup, redirects, a talk page, a template."""

from xml.sax.saxutils import escape

from benchmarks.sample import banks, wiki_showcase, wikitext
from benchmarks.sample.archives import multistream_bz2
from benchmarks.sample.sample import Sample, main_sentence, probe

SITE = {
    "en": ("Saltmarsh Encyclopedia", "enwiki", "Talk", "User", "File", "Template", "Category", "#REDIRECT"),
    "pl": ("Encyklopedia Zawietrzna", "plwiki", "Dyskusja", "Wikipedysta", "Plik", "Szablon", "Kategoria", "#PATRZ"),
    "ru": ("Затонская энциклопедия", "ruwiki", "Обсуждение", "Участник", "Файл", "Шаблон", "Категория", "#ПЕРЕНАПРАВЛЕНИЕ"),
    "fa": ("دانشنامهٔ نمک‌آباد", "fawiki", "بحث", "کاربر", "پرونده", "الگو", "رده", "#تغییرمسیر"),
}
NAMESPACES = """    <namespaces>
      <namespace key="-1" case="first-letter">Special</namespace>
      <namespace key="0" case="first-letter" />
      <namespace key="1" case="first-letter">{talk}</namespace>
      <namespace key="2" case="first-letter">{user}</namespace>
      <namespace key="6" case="first-letter">{file}</namespace>
      <namespace key="10" case="first-letter">{template}</namespace>
      <namespace key="14" case="first-letter">{category}</namespace>
    </namespaces>
"""
HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="{lang}">
  <siteinfo>
    <sitename>{name}</sitename>
    <dbname>{db}</dbname>
    <base>https://{lang}.encyclopedia.invalid/wiki/Main_Page</base>
    <generator>MediaWiki 1.42.0-wmf.20</generator>
    <case>first-letter</case>
{namespaces}  </siteinfo>
"""
PAGE = """  <page>
    <title>{title}</title>
    <ns>{ns}</ns>
    <id>{id}</id>
{redirect}    <revision>
      <id>{revision}</id>
      <timestamp>2024-0{month}-1{day}T09:30:00Z</timestamp>
      <contributor><username>{username}</username><id>{day}</id></contributor>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text bytes="{size}" xml:space="preserve">{text}</text>
    </revision>
  </page>
"""
TITLES_BEFORE_A_VALUE = {"en": "Letters to ", "pl": "Numer telefonu ", "ru": "Письма на адрес ", "fa": "شمارهٔ تلفن "}
NUM_PLACES = {"en": 32, "pl": 19, "ru": 17, "fa": 16}


class Export:
    """Pages of one dump, numbered in the order they are added."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.pages: list[str] = []

    def page(self, title: str, text: str, ns: int = 0, redirect: str | None = None) -> None:
        number = len(self.pages) + 1
        mark = f'    <redirect title="{escape(redirect)}" />\n' if redirect else ""
        self.pages.append(
            PAGE.format(
                title=escape(title),
                ns=ns,
                id=number,
                redirect=mark,
                revision=1000 + number,
                month=1 + number % 9,
                day=number % 10,
                username="Wader",
                size=len(text.encode()),
                text=escape(text),
            )
        )

    def dump(self) -> bytes:
        name, db, talk, user, file, template, category, _ = SITE[self.lang]
        namespaces = NAMESPACES.format(talk=talk, user=user, file=file, template=template, category=category)
        head = HEAD.format(lang=self.lang, name=name, db=db, namespaces=namespaces)
        streams = ["".join(self.pages[i : i + 10]).encode() for i in range(0, len(self.pages), 10)]
        return multistream_bz2([head.encode(), *streams, b"</mediawiki>\n"])


def write(sample: Sample) -> None:
    for lang in banks.LANGUAGES:
        path = f"wiki/{SITE[lang][1]}-20240301-pages-articles-multistream.xml.bz2"
        export = Export(lang)
        _essays(sample, export, path)
        _places(sample, export, path)
        _titled_with_personal_data(sample, export, path)
        if lang == "en":
            _showcase(sample, export, path)
        export.page(f"{SITE[lang][5]}:Stub", "<noinclude>A note on short articles.</noinclude>{{{1|}}}", ns=10)
        sample.add(path, export.dump())
    for mark in ("[[", "]]", "{{", "}}", "'''", "<ref", "|}", "{|", "==", "#REDIRECT", "#PATRZ"):
        sample.vanishes(mark, "*", "wiki", "wiki markup")


def _essays(sample: Sample, export: Export, path: str) -> None:
    """Encyclopedic essays with markup laid over them; the first one stands in the dump under two titles."""
    lang, words = export.lang, SITE[export.lang]
    for number in range(100):
        if not sample.has_essay(lang, "wiki"):
            break
        essay = sample.essay(lang, "wiki")
        marked = wikitext.article(essay, lang, file=words[4], category=words[6])
        export.page(essay.title, marked)
        export.page(f"{essay.title} (2)", f"{words[7]} [[{essay.title}]]", redirect=essay.title)
        sample.answers.expect_kept("wiki", lang)
        sample.survives(main_sentence(essay.paragraphs[2]), lang, path, "prose")
        if number == 0:
            export.page(f"{essay.title} (kopia)", marked)
            sample.case(
                f"exact-wiki-{lang}",
                path,
                "dropped",
                "exact_duplicate",
                "near_duplicate",
                place=f"{essay.title} (kopia)",
                probes=(probe(essay.paragraphs[1]),),
                twin=f"{path}#{essay.title}",
                jaccard=1.0,
                note="the same article under two titles; exactly one stays",
            )
        if number == 1:
            note = sample.prose(lang, "wiki-talk").paragraph(3)
            export.page(f"{words[2]}:{essay.title}", f"== ? ==\n: {note} --[[{words[3]}:Wader|Wader]] 10:12", ns=1)


def _places(sample: Sample, export: Export, path: str) -> None:
    for number in range(NUM_PLACES[export.lang]):
        place = wikitext.place(sample.prose(export.lang, f"wiki-place-{number}"), number, SITE[export.lang][6])
        canary = ""
        if number in (3, 11):
            canary = "\n" + sample.carrier("email" if number == 3 else "phone", export.lang, path) + "\n"
        export.page(place.title, place.text + canary)
        sample.answers.expect_kept("wiki", export.lang)
        if number % 6 == 0:
            sample.survives(place.snippet, export.lang, path, "prose beside markup")


def _titled_with_personal_data(sample: Sample, export: Export, path: str) -> None:
    kind = {"en": "email", "pl": "phone", "ru": "email", "fa": "phone"}[export.lang]
    value = sample.canary(kind, export.lang, path, "title")
    title = TITLES_BEFORE_A_VALUE[export.lang] + value
    export.page(title, sample.prose(export.lang, "wiki-title").paragraph(8))


def _showcase(sample: Sample, export: Export, path: str) -> None:
    export.page(wiki_showcase.TITLE, wiki_showcase.article(sample.prose("en", "wiki-showcase")))
    for text in wiki_showcase.SURVIVES:
        sample.survives(text, "en", path, "text carried by markup")
    for text in wiki_showcase.VANISHES:
        sample.vanishes(text, "en", path, "markup without text")
