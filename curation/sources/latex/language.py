"""What the language of a LaTeX document makes of its letters: babel's shorthands and the quotation marks of `\\enquote`.

In: a source. Out: the languages that its preamble names, the reading of `"a` in them, a pair of quotation marks.
A shorthand is read only where the document loads a language that has it: in English `"` is a quotation mark.
"""

from __future__ import annotations

import re

from curation.sources.markup import names

_LOADED = re.compile(
    r"\\(?:usepackage|documentclass|documentstyle)\s*(?:\[([^\]]{0,500})\])?\s*\{([^{}]{0,300})\}"
    r"|\\set(?:default|main|other)language(?:\[[^\]]*\])?\{(\w+)\}"
)
_UMLAUT = names("german ngerman austrian naustrian swissgerman nswissgerman dutch afrikaans swedish finnish slovak")
_OTHER = names(
    "polish russian ukrainian bulgarian belarusian czech catalan spanish portuguese brazil brazilian italian danish norsk "
    "nynorsk estonian slovene croatian serbian basque galician icelandic hungarian magyar"
)
_GERMAN = {"s": "ß", "z": "ß", "S": "SS", "Z": "SZ"}
_POLISH = dict(zip("acelnosxzACELNOSXZ", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", strict=True))
_SIGNS = {"`": "„", "'": "“", "<": "«", ">": "»", "=": "-", "~": "-"} | dict.fromkeys('-|"/', "")
_QUOTES = {"polish": "„”", "french": "«»", "russian": "«»", "spanish": "«»", "italian": "«»", "ukrainian": "«»"}
_QUOTES |= dict.fromkeys(("german", "ngerman", "austrian", "naustrian", "czech", "slovak", "bulgarian"), "„“")
PROOFS = dict.fromkeys(("german", "ngerman", "austrian", "naustrian"), "Beweis") | {
    "russian": "Доказательство", "ukrainian": "Доведення", "polish": "Dowód", "french": "Démonstration",
    "spanish": "Demostración", "portuguese": "Demonstração", "brazil": "Demonstração", "italian": "Dimostrazione",
    "czech": "Důkaz", "dutch": "Bewijs",
}  # fmt: skip
SHORTHAND = re.compile(r'"(?:(--[-*~])[ ]?|(ck)|(.))', re.DOTALL)


def languages(source: str) -> list[str]:
    """Those that `babel`, `polyglossia` or a package of their own load, the document's own first."""
    found: list[str] = []
    for match in _LOADED.finditer(source[:60_000]):
        options = [option.strip().lower() for option in (match[1] or "").split(",")]
        mains = [option.partition("=")[2].strip() for option in options if option.startswith("main")]
        packages = [name.strip().lower() for name in (match[2] or match[3]).split(",")]
        loaded = [*mains, *(options[::-1] if "babel" in packages or not found else []), *packages]
        found += [name for name in loaded if name in _UMLAUT or name in _OTHER or name in _QUOTES or name == "english"]
    return list(dict.fromkeys(found))


def has_shorthands(spoken: list[str]) -> bool:
    return any(language in _UMLAUT or language in _OTHER for language in spoken)


def shorthand(match: re.Match[str], spoken: list[str]) -> str:
    """What `"a`, `"=` or `"---` stands for."""
    dash, split, char = match.groups()
    if dash:
        return " — "
    if split:
        return str(split)
    if char in _SIGNS:
        return _SIGNS[char]
    if "polish" in spoken and not _UMLAUT.intersection(spoken):
        return _POLISH.get(char, match[0])
    if not _UMLAUT.intersection(spoken):
        return match[0]
    umlauts = dict(zip("aouAOUeiEI", "äöüÄÖÜëïËÏ", strict=True))
    return umlauts.get(char) or _GERMAN.get(char) or (char if char.isalpha() else match[0])


def quotes(spoken: list[str]) -> str:
    return _QUOTES.get(spoken[0], "“”") if spoken else "“”"
