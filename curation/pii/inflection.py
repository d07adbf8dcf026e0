"""Inflected forms of names in Polish, Russian and Ukrainian, by stem and ending.

Rough on purpose: forms are only looked up in conversations in which the name is known, with a capital letter. What no
rule gives (Piotr, Piotrze) is listed by none; alternations that rules give are in.
"""

from __future__ import annotations

CYRILLIC_VOWELS = "аяоеёуюыиэіїє"
POLISH_BEFORE_E = (("ch", "sze"), ("k", "ce"), ("g", "dze"), ("r", "rze"), ("ł", "le"), ("t", "cie"), ("d", "dzie"), ("s", "sie"))


def forms(name: str, language: str) -> set[str]:
    """Lower-case forms of one word of a name, itself included."""
    word = name.casefold()
    if len(word) < 3 or not word.isalpha():
        return {word}
    if any("а" <= char <= "я" or char in "ёіїєґ" for char in word):
        return {word} | _cyrillic(word)
    return {word} | (_polish(word) if language == "pl" else set())


def _polish(word: str) -> set[str]:
    if word.endswith(("ski", "cki", "dzki")):
        return _with(word[:-1], "iego", "iemu", "im", "i", "a", "iej", "ą", "ich", "imi", "ie") | _with(word[:-1], "ego", "emu")
    if word.endswith(("ska", "cka", "dzka")):
        return _with(word[:-1], "iej", "ą", "i", "ie", "ich", "a", "o")
    if word.endswith("a"):
        stem = word[:-1]
        soft = {stem[: -len(end)] + new for end, new in POLISH_BEFORE_E if stem.endswith(end)}
        return _with(stem, "y", "i", "ę", "ą", "ie", "o", "ii", "u", "e") | soft
    if word.endswith(("y", "i")):
        return _with(word, "ego", "emu", "m", "ch") | _with(word[:-1], "ego", "emu", "ym")
    if word.endswith("o"):
        return _with(word[:-1], "a", "owi", "em", "u", "iem", "y", "ie")
    stems = {word}
    if word.endswith("ek"):
        stems.add(word[:-2] + "k")
    elif word.endswith("eł"):
        stems.add(word[:-2] + "ł")
    elif word.endswith("iec"):
        stems.add(word[:-3] + "c")
    soft = {word[: -len(end)] + new for end, new in POLISH_BEFORE_E if word.endswith(end)}
    return soft.union(*(_with(stem, "a", "owi", "em", "iem", "ie", "u", "ów", "owie", "om", "ami", "e", "y") for stem in stems))


def _cyrillic(word: str) -> set[str]:
    if word.endswith(("ский", "цкий", "ской", "ський", "цький")):
        stem = word[:-2]
        return _with(stem, "ого", "ому", "им", "ом", "ая", "ой", "ую", "ие", "их", "а", "ої", "ій", "у", "ою")
    if word.endswith(("ская", "цкая")):
        return _with(word[:-2], "ой", "ую", "ою")
    if word.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return _with(word, "а", "у", "ым", "е", "ой", "ы", "ых", "ыми")
    if word.endswith(("а", "я")):
        stem = word[:-1]
        return _with(stem, "ы", "и", "е", "у", "ю", "ой", "ей", "ою", "ею", "о", "ё", "і", "ії", "ию", "ии") | {stem}
    if word.endswith(("й", "ь")):
        return _with(word[:-1], "я", "ю", "ем", "ём", "е", "и", "єм", "ї", "еві", "єві")
    if word[-1] in CYRILLIC_VOWELS:
        return set()
    return _with(word, "а", "у", "ом", "ем", "е", "ы", "ов", "и", "ові", "і")


def _with(stem: str, *endings: str) -> set[str]:
    return {stem + ending for ending in endings}
