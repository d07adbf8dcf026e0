"""Wikitext for the articles of the sample: essays with markup laid over them, and places described from facts and phrases."""

import re
from dataclasses import dataclass

from benchmarks.sample.banks import Essay
from benchmarks.sample.prose import Prose
from benchmarks.sample.sample import main_sentence

SYLLABLES = {
    "en": (
        ["Salt", "Raven", "Mar", "Wick", "Thorn", "Ald", "Pen", "Crow", "Ash", "Gull"],
        ["marsh", "combe", "ley", "ford", "wick", "holm", "stead"],
    ),
    "pl": (
        ["Zawie", "Brzo", "Mied", "Kali", "Woło", "Raci", "Bobro", "Jasio"],
        ["nowo", "szyn", "mierz", "wiec", "nówka", "rzyce", "dół"],
    ),
    "ru": (
        ["Затон", "Берез", "Мед", "Кали", "Воло", "Рако", "Бобро", "Ясе"],
        ["ское", "овка", "ники", "вец", "горье", "поле", "яры"],
    ),
    "fa": (["نمک", "گل", "سنگ", "مهر", "باغ", "زر", "چشمه", "سرو"], ["آباد", "دشت", "کوه", "رود", "زار", "سار", "دره"]),
}
LEAD = {
    "en": [
        "'''{name}''' is a village on the river [[{river}]], {{{{convert|{km}|km|mi}}}} from the sea, with {people} inhabitants.",
        "Lying {height} metres above the sea, '''{name}''' had {people} inhabitants when the [[{river}]] last flooded.",
        "The settlement of '''{name}''' (population {people}) was founded in {year} where the road crosses the [[{river}]].",
        "Known since {year}, '''{name}''' stands on the left bank of the [[{river}|river {river}]] and has {people} residents.",
    ],
    "pl": [
        "'''{name}''' to wieś nad rzeką [[{river}]], położona {km} km od wybrzeża, licząca {people} mieszkańców.",
        "Leżąca {height} metrów nad morzem wieś '''{name}''' liczyła {people} mieszkańców, gdy [[{river}]] ostatnio wylała.",
        "Osadę '''{name}''' ({people} mieszkańców) założono w {year} roku tam, gdzie droga przecina [[{river}|rzekę {river}]].",
    ],
    "ru": [
        "'''{name}''' — село на реке [[{river}]] в {km} км от побережья, где живёт {people} человек.",
        "Село '''{name}''' лежит на высоте {height} м; в год последнего разлива [[{river}|реки]] в нём было {people} жителей.",
        "Поселение '''{name}''' ({people} жителей) основано в {year} году там, где дорога пересекает [[{river}|реку {river}]].",
    ],
    "fa": [
        "'''{name}''' روستایی بر کنار رود [[{river}]] است که {km} کیلومتر از دریا دور است و {people} تن جمعیت دارد.",
        "روستای '''{name}''' در بلندی {height} متری جای دارد و هنگام آخرین سیل [[{river}]] جمعیتش {people} تن بود.",
        "آبادی '''{name}''' با {people} تن جمعیت در سال {year} در جایی بنا شد که راه از [[{river}|رود {river}]] می‌گذرد.",
    ],
}
HEADINGS = {
    "en": ("History", "Buildings", "Population", "Year", "References"),
    "pl": ("Historia", "Zabytki", "Ludność", "Rok", "Przypisy"),
    "ru": ("История", "Строения", "Население", "Год", "Примечания"),
    "fa": ("تاریخ", "بناها", "جمعیت", "سال", "پانویس"),
}


@dataclass(frozen=True)
class Place:
    title: str
    text: str
    snippet: str


def article(essay: Essay, lang: str, *, file: str, category: str) -> str:
    """The essay's words with a box, links, emphasis, a picture, references and a category around them."""
    first, second, *rest = essay.paragraphs
    name = essay.title
    head = first.replace(name, f"'''{name}'''", 1) if name in first else f"'''{name}'''. {first}"
    linked = re.sub(r"\b(\w{7,})\b", r"[[\1]]", second, count=2)
    linked = re.sub(r"\b(\w{6,})\b(?![^\[]*\]\])", r"''\1''", linked, count=1)
    box = f"{{{{Infobox tool\n| name = {name}\n| image = {name}.jpg\n| caption = A box that carries no sentence\n}}}}\n"
    picture = f"[[{file}:{name} 1903.jpg|thumb|220px|left]]\n"
    reference = f'<ref name="a">{{{{cite book|title={name}|year=1903|publisher=Underhay}}}}</ref>'
    headings = HEADINGS[lang]
    body = "\n\n".join(rest)
    return (
        f'{box}{head}{reference}\n\n{picture}{linked}\n\n== {headings[0]} ==\n{body}<ref name="a" />\n\n'
        f"== {headings[4]} ==\n{{{{Reflist}}}}\n\n{{{{DEFAULTSORT:{name}}}}}\n[[{category}:{headings[1]}]]\n"
    )


def plain(essay: Essay, lang: str) -> str:
    """What a good cleaner makes of `article`, under its title."""
    first, second, *rest = essay.paragraphs
    return "\n\n".join(
        [essay.title, first if essay.title in first else f"{essay.title}. {first}", second, HEADINGS[lang][0], *rest]
    )


def place(prose: Prose, number: int, category: str) -> Place:
    lang, rng = prose.lang, prose.rng
    starts, ends = SYLLABLES[lang]
    name = starts[number % len(starts)] + ends[(number // len(starts) + number) % len(ends)]
    facts = {
        "name": name,
        "river": rng.choice(starts) + ends[0],
        "km": rng.randint(3, 88),
        "people": rng.randint(120, 4000),
        "height": rng.randint(4, 640),
        "year": rng.randint(1190, 1889),
    }
    lead = rng.choice(LEAD[lang]).format(**facts)
    history, buildings, population, year, references = HEADINGS[lang]
    past, houses, people = prose.paragraphs(3, 4, 6)
    rows = "\n".join(f"|-\n| {y} || {rng.randint(90, 4000)}" for y in (1880, 1910, 1950, 2011))
    items = "\n".join(f"* {prose.sentence()}" for _ in range(3))
    text = (
        f"{{{{Infobox settlement|name={name}|elevation={facts['height']}|<!-- no map -->}}}}\n{lead} {prose.paragraph(2)}\n\n"
        f"== {history} ==\n{past}<ref>{{{{cite web|url=https://{number}.archive.invalid/|title={name}}}}}</ref>\n\n"
        f"== {buildings} ==\n{houses}\n{items}\n\n=== {population} ===\n"
        f'{{| class="wikitable"\n! {year} !! {population}\n{rows}\n|}}\n{people}\n\n'
        f"== {references} ==\n<references />\n\n[[{category}:{name}]]\n"
    )
    return Place(name, text, main_sentence(people))
