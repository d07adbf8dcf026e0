"""Which letters a language is written with: evidence that costs nothing and that an n-gram model lacks on short text.

In: words. Out: per language, the share of words that it cannot have written. A language without an entry is judged by
its script alone, or not at all. Alphabets hold what is beyond a-z or the common Cyrillic, Arabic or Devanagari letters.
"""

from __future__ import annotations

from functools import cache

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщьюя"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقلمنهوءآأؤئإًٌٍَُِّْٰـ"

# Accented letters in use beside a-z, loans included where common.
_BESIDE_LATIN = """
    en:éèêïçñöüôâ de:äöüßé nl:éèëïöüóáêç af:éèêëïôûöüáíóú'ŉ sv:åäöéüà da:æøåéüöä nb:æøåéòôóèêäö nn:æøåéòôóèêäö is:áðéíóúýþæö
    fo:áðíóúýæø fr:àâæçéèêëîïôœùûüÿ es:áéíñóúüª pt:áâãàçéêíóôõúü gl:áéíñóúüï ca:àçéèíïóòúü· it:àèéìíîòóùú ro:ăâîșțşţ
    pl:ąćęłńóśźż cs:áčďéěíňóřšťúůýž sk:áäčďéíĺľňóôŕšťúýž sl:čšž hr:čćđšž bs:čćđšž lt:ąčęėįšųūž lv:āčēģīķļņšūž et:äöõüšž
    fi:äöåšž hu:áéíóöőúüű tr:çğıöşüâîû̇ az:çəğıöşü̇ sq:çë eu:ñç cy:âêîôûŵŷáéíóúïöẁ ga:áéíóú mt:ċġħżàèìòù eo:ĉĝĥĵŝŭ id:é ms:é
    tl:ñáéíóúâ sw: so: la:āēīōūæœë vi:ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ
    yo:áàéèẹíìóòọúùṣńǹâêôûāẹ́̀ ig:ịọụṅáàéèíìóòúùṣ̀́ zu: xh: st:š tn:šêô ts: sn: lg:ŋ mi:āēīōū ha:ɓɗƙƴ rw: ny:ŵ nso:šêô
"""

_ALPHABETS = {
    **{language: _LATIN + letters for language, _, letters in (entry.partition(":") for entry in _BESIDE_LATIN.split())},
    # Cyrillic
    "ru": _CYRILLIC + "ыэёъ", "uk": _CYRILLIC + "іїєґ'’", "be": _CYRILLIC.replace("щ", "").replace("и", "") + "іўыэё'’",
    "bg": _CYRILLIC + "ъѝ", "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ", "kk": _CYRILLIC + "ыэёъәғқңөұүһі",
    "ky": _CYRILLIC + "ыэёъңөү", "mn": _CYRILLIC + "ыэёъөү", "tg": _CYRILLIC + "эёъғӣқӯҳҷ",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш" + _LATIN + "čćđšž",
    # Arabic
    "ar": _ARABIC + "ةىي" + "ك", "fa": _ARABIC + "پچژگکیةۀي" + "ك‌", "ur": _ARABIC + "ٹپچڈڑژکگںھہیےۓۂةؤ",
    "pnb": _ARABIC + "ٹپچڈڑژکگںھہیےۓݨ", "ps": _ARABIC + "ټپځڅچډړژږښګکڼیېۍئي", "ckb": "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنهھوۆۇیێە",
    "arz": _ARABIC + "ةىيكچپ", "azb": _ARABIC + "پچژگکیةۆۇ",
}  # fmt: skip

# (first, last) code point and the languages that lid.176, GlotLID and OpenLID know in that script.
_SCRIPTS = (
    ("Latn", ((0x41, 0x24F), (0x1E00, 0x1EFF))),
    ("Cyrl", ((0x400, 0x52F),)),
    ("Arab", ((0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    ("Hebr", ((0x590, 0x5FF),)),
    ("Grek", ((0x370, 0x3FF), (0x1F00, 0x1FFF))),
    ("Deva", ((0x900, 0x97F),)),
    ("Hani", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))),
    ("Kana", ((0x3040, 0x30FF),)),
    ("Hang", ((0xAC00, 0xD7AF), (0x1100, 0x11FF))),
)

_WRITTEN_IN = {
    "Cyrl": "ru uk be bg mk sr kk ky mn tg tt ba cv ce os ab av kv mhr mrj myv sah tyv udm lez krc bxr rue xal uz az ku tk",
    "Arab": "ar fa ur ps ckb sd ug pnb arz azb lrc mzn ks ku az kk ms",
    "Hebr": "he yi",
    "Grek": "el",
    "Deva": "hi mr ne sa bh mai new dty gom ks sd",
    "Hani": "zh ja ko wuu yue",
    "Kana": "ja",
    "Hang": "ko",
}
_OTHER = {name: frozenset(languages.split()) for name, languages in _WRITTEN_IN.items()}
_OWN_SCRIPT_LANGUAGES = "ka hy am ti th lo km my bo dz ta te kn ml gu bn as or si pa dv bpy xmf"
_OWN_SCRIPT = frozenset(_OWN_SCRIPT_LANGUAGES.split())
_LATIN_TOO_LANGUAGES = "sr az uz ku kk ug tk tt mn sh rom"
_LATIN_TOO = frozenset(_LATIN_TOO_LANGUAGES.split())


@cache
def script_of(character: str) -> str:
    """A script's name for a letter, "" for what is no letter or has no table here."""
    if not character.isalpha():
        return ""
    code = ord(character)
    return next((name for name, ranges in _SCRIPTS if any(low <= code <= high for low, high in ranges)), "Zyyy")


@cache
def can_write(language: str, character: str) -> bool:
    """Whether text in the language may contain the character (lower case)."""
    script = script_of(character)
    if not script:
        return True
    if language in _ALPHABETS:
        return character in _ALPHABETS[language]
    if script == "Zyyy":
        return language not in _ANY_OTHER
    if script == "Latn":
        return language not in _OWN_SCRIPT and (language in _LATIN_TOO or language not in _ANY_OTHER)
    return language in _OTHER[script]


_ANY_OTHER = frozenset().union(*_OTHER.values())


@cache
def _known(language: str) -> tuple[set[str], set[str]]:
    """Characters seen so far that the language writes, and does not: set operations are ten times faster than asking each."""
    return set(), set()


def foreign_share(language: str, words: list[str], characters: set[str]) -> float:
    """Share of `words` (lower case, `characters` all that occur in them) that the language cannot have written."""
    own, other = _known(language)
    for character in characters - own - other:
        (own if can_write(language, character) else other).add(character)
    foreign = characters & other
    if not foreign:
        return 0.0
    return sum(not foreign.isdisjoint(word) for word in words) / len(words)
