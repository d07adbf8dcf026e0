"""Papers: JATS XML and Markdown, from the essays of that kind with sections of sentences."""

from html import escape

from benchmarks.sample.sample import Sample, main_sentence

HEADINGS = {
    "en": ("Introduction", "Observations", "Discussion"),
    "pl": ("Wstęp", "Obserwacje", "Dyskusja"),
    "ru": ("Введение", "Наблюдения", "Обсуждение"),
    "fa": ("درآمد", "مشاهده‌ها", "گفت‌وگو"),
}
FORMULA = (
    "<p>The rate follows <inline-formula><tex-math>$d = k\\sqrt{t}$</tex-math></inline-formula>"
    ' (see <xref ref-type="bibr" rid="b1">1</xref>).</p>'
)
JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2 20190208//EN" "JATS-journalpublishing1.dtd">
<article article-type="research-article" xml:lang="{lang}" xmlns:xlink="http://www.w3.org/1999/xlink">
<front><journal-meta><journal-title-group><journal-title>Annals of Saltmarsh</journal-title></journal-title-group></journal-meta>
<article-meta><title-group><article-title>{title}</article-title></title-group>
<contrib-group><contrib contrib-type="author" corresp="yes">
<name><surname>Underhay</surname><given-names>Philippa</given-names></name>
<email>{email}</email></contrib></contrib-group>
<permissions>
<license license-type="open-access" xlink:href="https://creativecommons.org/publicdomain/zero/1.0/"><license-p>CC0</license-p></license></permissions>
<abstract><p>{abstract}</p></abstract></article-meta></front>
<body>{sections}</body>
<back><ref-list><title>References</title>
<ref id="b1"><mixed-citation>Underhay P. On puddles. Annals of Saltmarsh 1903; 4: 11-19.</mixed-citation></ref></ref-list></back>
</article>
"""


def write(sample: Sample) -> None:
    for number in range(2):
        _jats(sample, f"papers/jats/annals-{number + 1}.xml", "en", number)
    _jats(sample, "papers/jats/annals-3.xml", "ru", 3)
    for lang, name in (("pl", "szron.md"), ("fa", "badgir.md")):
        _markdown(sample, f"papers/md/{name}", lang)
    sample.vanishes("On puddles", "en", "papers/jats/annals-1.xml", "bibliography")


def _sections(sample: Sample, path: str, lang: str) -> list[tuple[str, list[str]]]:
    """Three sections; the essay's paragraphs open them."""
    essay = sample.essay(lang, "papers")
    sections = []
    for heading, paragraph in zip(HEADINGS[lang], essay.paragraphs, strict=True):
        more = sample.prose(lang, f"{path}:{heading}").paragraphs(5, 4, 6)
        sections.append((heading, [paragraph, *more]))
        sample.survives(main_sentence(paragraph), lang, path, "prose")
    sample.answers.expect_kept("papers", lang)
    return [(essay.title, []), *sections]


def _jats(sample: Sample, path: str, lang: str, number: int) -> None:
    (title, _), *sections = _sections(sample, path, lang)
    body = "".join(_section(head, paragraphs) + (FORMULA if lang == "en" else "") + "</sec>" for head, paragraphs in sections)
    abstract = sample.prose(lang, f"{path}:abstract").paragraph(4)
    email = sample.canary("email", lang, path, "author")
    sample.add(
        path, JATS.format(lang=lang, title=escape(title), email=email, abstract=escape(abstract, quote=False), sections=body)
    )


def _section(heading: str, paragraphs: list[str]) -> str:
    return f"<sec><title>{escape(heading)}</title>" + "".join(f"<p>{escape(p, quote=False)}</p>" for p in paragraphs)


def _markdown(sample: Sample, path: str, lang: str) -> None:
    (title, _), *sections = _sections(sample, path, lang)
    kinds = {"pl": "phone", "fa": "email"}
    parts = [f"# {title}", sample.carrier(kinds[lang], lang, path)]
    for heading, paragraphs in sections:
        parts += [f"## {heading}", *paragraphs]
    parts.append("$$d = k\\sqrt{t}$$")
    sample.add(path, "\n\n".join(parts) + "\n")
