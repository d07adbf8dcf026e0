"""Templates that show one of their arguments as it is, and those that stand for a sign.

In: Arguments. Out: text. Names are those of the English, German, French, Spanish, Russian, Ukrainian, Polish, Italian,
Portuguese, Swedish, Persian, Arabic, Chinese and Japanese Wikipedias.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from curation.sources.wikitext.arguments import Arguments

SYMBOLS = {
    "•": " •", "·": " ·", "bull": " •", "bullet": " •", "middot": " ·", "dot": " ·", "\\": " /", "snd": " – ", "spnd": " – ",
    "sndash": " – ",
    "spaced ndash": " – ", "spaced en dash": " – ", "ndash": "–", "endash": "–", "en dash": "–", "–": " – ", "—": "—",
    "mdash": "—", "em dash": "—",
    "emdash": "—", "nbsp": " ", "space": " ", "spaces": " ", "sp": " ", "thinsp": " ", "zwsp": "", "shy": "", "wbr": "",
    "'": "'", "'s": "'s",
    "' \"": "'\"", "\" '": "\"'", "pipe": "|", "=": "=", "times": "×", "×": "×", "minus": "−", "plusmn": "±", "ellipsis": "…",
    "ldots": "…", "...": "…",
    "…": "…", "sharp": "♯", "flat": "♭", "natural": "♮", "pi": "π", "euro": "€", "pound": "£", "yen": "¥", "hash": "#",
    "asterisk": "*", "indian rupee symbol": "₹",
    "indian rupee": "₹", "male": "♂", "female": "♀", "dagger": "†", "†": "†", "double dagger": "‡", "‡": "‡", "degree": "°",
    "°": "°", "prime": "′",
    "er": "er", "re": "re", "ère": "ère", "1er": "1er", "1re": "1re", "ier": "Ier", "ii": "II",
    "av. j.-c.": "av. J.-C.", "apr. j.-c.": "apr. J.-C.",
    "avjc": "av. J.-C.", "apjc": "apr. J.-C.", "ac": "a. C.", "d. c.": "d. C.", "not done": "❌", "done": "✓", "tick": "✓",
    "check mark": "✓", "cross": "✗",
    "checkmark": "✓", "br": "\n", "break": "\n", "clear": "", "-": "", "clr": "", "0": "", "zwj": "\u200d", "zwnj": "\u200c",
    "بازه": "–", "سخ": "\n",
    "سرخط": "\n", "—-": "—", "•w": " •", "*": " •", "dash": " – ", "тире": " — ", "sup2": "²", "sup3": "³", "~": " ",
    "nnbsp": " ", "hrule": "", "'\"": "'\"",
}  # fmt: skip

_FIRST = """
1x|echo|identity|show|nowrap|nobr|no break|nobreak|nobold|noitalic|normal|small|smaller|big|bigger|large|larger|huge
tiny|petit|petite|strong|em|bold|b|i|italic|it|sub|sup|exp|ind|mono|code|kbd|samp|var|tt|key|key press|keypress|taste
tast|button|center|centre|block indent|block|indented plainlist|abbr|tooltip|abbrlink|hover title|abréviation
abréviation discrète|abrd|comment|comentario|ill|interlanguage link|ill2|internal link|no redirect|noredirect
visible anchor|vanchor|anchors|highlight|not a typo|as written|proper name|proper noun|mvar|math|tmath|mathcal|math2
unicode|polytonic|polytonisch|iast|iast1|isotran|isotranslit|script|grc-transl|he|hebrew|arabic|ar|fa|zh-hans|zh-hant
ruby|rubi|ルビ|読み仮名 ruby不使用|仮リンク|anchors|要出典範囲|補助漢字フォント|jis2004フォント|jis90フォント
cjkv|en icon|underline|u|ul-text|overline
overset|strike|s-text|del|ins|mark|q|"|guil|incise|chem2|ce|citation needed span|cn span|refnec|référence nécessaire
clarify span|dubious span|according to whom span|cref text|taxon italics|italic title prefixed|italics correction
angle bracket|angbr|single+double|double+single|single+space|zitat|zitat-en|zitat-fr|zitat-la|cita|citazione|cytat
цитата|начало цитаты|citation|citation bloc|citat|citat2|cquote|quote|blockquote|bq|quotation|bquote|pull quote
centered pull quote|quote box|quotebox|epigraph|epigrafe|verse|poemquote|poem quote|poem|indent poem|rquote-text|gquote
tquote|quote2|quote1|talkquote|нап цитата|речь|эпиграф|цитування|цитат|نقل قول|گفتاورد|اقتباس|اقتباس خاص|اقتباس مضمن|引用
引文|引言|cite quote|行内引用|cita destacada|caja de cita|citado|lien|w|wl|wikilink|не переведено|нп|не перекладено
link-interwiki|link-en|link-de|link-ja|link-fr|link-ru|le|enlink|وصلة إنترويكي|вікі посилання|proj|enwiki|enllaç
versalita|smallcaps|sc|small caps|caps|allcaps|kapitälchen|smcp|aut|maiuscoletto|sigle|romain|rom-text|nom de famille
smallsup|smallsub|nwr|nowr|lower|raise|larger2|text|plain text|plain link|plainlink text|pagename link
screen reader-only|nobold-text|стиль|кнопка|клавиша|nobr-text|s-nobr|число|ч|num|number|nombre|nb|formatnum|fmtn|nts
ntsh-text|ntr|numéro|nn|عدد|كبير|صغير|کوچک|بزرگ|کوچک‌تر|lower case text|fd|rtl|rtl-para|ltr|bidi|dir|rtl-lang|eng|إنج
إنك|فرنسية|ألمانية|روسية|یونانی|به انگلیسی|به فرانسوی|به آلمانی|به عربی|به روسی|به ترکی|به لاتین|انگلیسی|latin|ang.|łac.
niem.|fr.|ros.|j|ukr|рус|wikt-lang-text|kana|jap|japon|jpn|okina|title|wikispecies-inline|species|genus|starfull
stationname|metro|stn|stnlnk|rws|stnlink|station|station link|flag|flagcountry|flagu|flagg|flaglist|flag+link|country
país|bandera|pays|drapeau|land|флаг страны|флагификация|флаг|прапорець|państwo|geodatos|flagland|flaga|fb|fbw|nft
fb team|rut|cycling|yes|no|maybe|partial|ya|nay|good|bad|won|nom|active|free|nonfree|open|proprietary|included|dropped
okay|n/a|tba|tbd|usd|eur-text|refn-text|self-reference|srlink|section link text|rp-text|unbulleted|first|ubl-text
fontsize|resize-text|wikia|nihongo2|nihongo title|linktext|lt|kanji|hiragana|katakana|hangul|hanja-text|cyrl|latn|deva
tam|telugu|thai|lao|khmer|my|ka|am|geez|hy|gr|el|got|runic|cuneiform|egyptian|copte|music text|phonetic text|tone
mandarin|pinyin|bopomofo|wade-giles|jyutping|title link|see-text|sronly|not typo|typo|sic-text|chem name|su-text
strikethrough|rotate|fact-span
"""

_SECOND = """
lang|langx|lang-x|langue|idioma|idioma-text|język|язык|мова|языки|color|colour|font color|fontcolor|colored text
text color|background color|bgcolor|couleur|farbe|цвет|align|sort|triage|sortkey|sortkeyname|sort key|hs-text|dm-sort
foreign|script-lang|w-lang|wikt-lang|wt|linktext-lang|zh-lang|rquote|size|fs|font size|cor|színez|رنگ|transl-text
tooltip2|span|style|tr|abbr2|cref2-text|nastaliq-x|sc1|nihongo-text|uc first2|hant|j-lang|färg|dirección|متن رنگی|字体颜色
colortext|rgb
"""

_LAST = "transl translit transliteration tlit romanization|translitération|трансліт|транслит|нп1|fontcolour|ref-text"

_DEFAULTS = {"yes": "Yes", "no": "No", "maybe": "Maybe", "partial": "Partial", "ya": "✓", "nay": "✗", "won": "Won",
    "nom": "Nominated", "active": "Active",
             "free": "Free", "n/a": "N/A", "tba": "TBA", "tbd": "TBD", "good": "Yes", "bad": "No", "open": "Yes",
             "included": "Yes", "dropped": "Dropped"}  # fmt: skip
_TEXT_NAMES = (
    "text",
    "quote",
    "texto",
    "texte",
    "testo",
    "tekst",
    "текст",
    "treść",
    "zitat",
    "cita",
    "цитата",
    "متن",
    "content",
    "1",
    "textstyle",
    "treść cytatu",
)
_AUTHOR_NAMES = ("author", "auteur", "autor", "autore", "автор", "by", "sign", "نویسنده")


def _positional(index: int, default: str, arguments: Arguments) -> str | None:
    return arguments[index] or arguments.get(*_TEXT_NAMES) or arguments[0] * (index > 0) or default or None


def _last(arguments: Arguments) -> str | None:
    return next((value for value in reversed(arguments.positional) if value), None)


def _quotation(arguments: Arguments) -> str | None:
    """Text of a block quotation on lines of its own, with its author where one is named."""
    text = arguments[0] or arguments.get(*_TEXT_NAMES)
    author = arguments.get(*_AUTHOR_NAMES)
    return f"\n{text}\n" + (f"— {author}\n" if author else "") if text else None


_QUOTATIONS = frozenset(
    str.split(
        "cquote quote blockquote bq quotation bquote zitat zitat-en zitat-fr zitat-la cita citazione cytat цитата epigraph "
        "epigrafe poemquote verse эпиграф цитат "
        "citat quotebox цитування اقتباس 引用 引文 引言 quote2 tquote gquote poem"
    )
) | {
    "citation bloc",
    "pull quote",
    "centered pull quote",
    "quote box",
    "poem quote",
    "نقل قول",
    "caja de cita",
    "cita destacada",
    "cite quote",
}


def _names(table: str) -> list[str]:
    return [name.strip() for name in table.replace("\n", "|").split("|") if name.strip()]


def _enclosed(before: str, after: str, arguments: Arguments) -> str | None:
    return f"{before}{arguments[0]}{after}" if arguments[0] else None


def _second_or_first(arguments: Arguments) -> str | None:
    """{{нп5|target|shown}}, {{ill|target|…|lt=shown}}, {{le|shown}}."""
    return arguments.get("lt", "текст", "text") or arguments[1] or arguments[0] or None


def _sic(arguments: Arguments) -> str:
    words = "".join(arguments.positional)
    return words if arguments.is_on("hide") else f"{words} [sic]".strip()


RULES: dict[str, Callable[[Arguments], str | None]] = {
    **{name: partial(_positional, 0, _DEFAULTS.get(name, "")) for name in _names(_FIRST)},
    **{name: partial(_positional, 1, "") for name in _names(_SECOND)},
    **{name: _last for name in _names(_LAST) + _LAST.split("|")[0].split()},
    **{name: _quotation for name in _QUOTATIONS},
    **{name: partial(_enclosed, before, after) for name, before, after in (
        ('"', "“", "”"), ("guil", "« ", " »"), ("incise", "– ", " –"), ("angle bracket", "⟨", "⟩"), ("angbr", "⟨", "⟩"),
        ("radic", "√", ""), ("sqrt", "√", ""),
        ("n°", "no ", ""), ("numero", "No. ", ""), ("m.", "M. ", ""), ("mme", "Mme ", ""), ("mlle", "Mlle ", ""), ("dr",
        "Dr ", ""), ("pr", "Pr ", ""),
        ("p.", "p. ", ""), ("abs", "|", "|"), ("!-)", "", ""), ("±", "±", ""), ("en", "engl. ", ""),
    )},
    **{name: _second_or_first for name in ("нп5", "нп3", "нп4", "нп2", "iw2", "нп", "не переведено 5", "не переведено 3",
    "не переведено 2", "не перекладено")},
    "sic": _sic,
    "nobold": partial(_positional, 0, ""),
    "font": lambda arguments: arguments.get("text") or arguments[0] or None,
    "resize": lambda arguments: arguments[1] or arguments[0] or None,
    "no spam": lambda arguments: f"{arguments[0]}@{arguments[1]}" if arguments[1] else None,
    "tsl": lambda arguments: arguments[3] or arguments[2] or arguments[1] or None,
    "internal link helper": lambda arguments: arguments[1] or arguments[0] or None,
    "読み仮名": lambda arguments: f"{arguments[0]}({arguments[1]})" if arguments[1] else arguments[0],
    }  # fmt: skip
