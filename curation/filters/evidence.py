"""Second thoughts about a language model's opinion: letters, function words, how common a language is, and doubt.

lid.176 alone is overconfident: it takes languages that it never saw for English, Malay for Indonesian, and Chinese
words for Japanese. Each candidate's probability (flattened) is multiplied by
    letters          exp(-LETTERS × share of words it cannot have written)          scripts.py
    function words   the likelihood ratio of so many hits in so many words          function_words.py
    prior            RARE for languages of small wikis, which catch what fits nowhere else
and competes with UNKNOWN, a fixed mass for "none of these". Measured on single sentences in 75 languages: macro F1
0.75 -> 0.88, on two words 0.79 -> 0.82 (`python -m benchmarks.language`). Constants chosen by a coarse grid there.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from curation.filters.function_words import FUNCTION_WORDS
from curation.filters.labels import UNDETERMINED
from curation.filters.scripts import foreign_share, script_of

FLATTEN, LETTERS, FUNCTION, RARE, UNKNOWN, FLOOR = 0.6, 8.0, 0.5, 0.2, 0.005, 0.05
MAX_WORDS = 60  # as many as the function words of a long text are counted on
MAX_LETTERS = 60  # as many decide what the script is
MAX_WEIGHT = 25  # words that count as independent evidence

# Share of function words in running text: in their own language, in any other.
_OWN, _OWN_INFLECTED, _OTHER = 0.30, 0.15, 0.03
_INFLECTED_LANGUAGES = "fi et hu tr az kk ky mn eu zu xh sn lt lv ltg lg so rw ny mg"
_INFLECTED = frozenset(_INFLECTED_LANGUAGES.split())
_UNSPACED = frozenset(("zh", "ja", "ko"))
_COMMON_TOO = "ka hy ta te th bn gu pa si am my km lo kn ml ug sd or as bo dv ti"
_COMMON = frozenset(FUNCTION_WORDS) | frozenset(_COMMON_TOO.split())

_WORD = re.compile(r"[^\s.,;:!?()\[\]\"“”„«»…।،؛؟。，、！？]+")

_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in FUNCTION_WORDS.items():
    if _language not in _UNSPACED:
        for _word in _words:
            _LANGUAGES_OF.setdefault(_word, []).append(_language)

# Scripts that one language writes almost alone.
_SCRIPT_LANGUAGE = {"Kana": "ja", "Hang": "ko", "Hani": "zh", "Grek": "el", "Hebr": "he"}
_JOINED = {"sh": ("hr", "bs", "sr")}


def words_of(lines: Iterable[str]) -> list[str]:
    """Words of lower-case lines, at most MAX_WORDS of them, from all over."""
    words = [word for line in lines for word in _WORD.findall(line)]
    return words[:: len(words) // MAX_WORDS + 1]


def weigh(opinion: dict[str, float], words: list[str]) -> list[tuple[str, float]]:
    """(language, share of belief), best first, from a model's probabilities and the text's words; "und" is one of them."""
    probability = dict(opinion)
    for joined, members in _JOINED.items():
        for member in members if joined in probability else ():
            probability[member] = probability.get(member, 0.0) + probability[joined] / len(members)
        probability.pop(joined, None)
    hits: dict[str, int] = defaultdict(int)
    for word in words:
        for language in _LANGUAGES_OF.get(word, ()):
            hits[language] += 1
    scripts = Counter(map(script_of, "".join(words)[:MAX_LETTERS]))
    candidates = {language: max(value, 1e-6) for language, value in probability.items()}
    for language in (language for language, number in hits.items() if number >= 2):
        candidates[language] = max(candidates.get(language, 0.0), FLOOR)
    common_script = _SCRIPT_LANGUAGE.get(max(scripts, key=lambda name: (scripts[name], name)) if scripts else "")
    if common_script:
        candidates[common_script] = max(candidates.get(common_script, 0.0), FLOOR)
    belief = {UNDETERMINED: UNKNOWN}
    for language, value in candidates.items():
        belief[language] = value**FLATTEN * (1 if language in _COMMON else RARE) * _function_ratio(language, hits, len(words))
    if "ja" in belief and not scripts["Kana"] and scripts["Hani"] > 5:
        belief["ja"] *= 0.05  # a Japanese sentence has kana
    _weigh_letters(belief, words)
    total = sum(belief.values())
    return sorted(((language, value / total) for language, value in belief.items()), key=lambda pair: (-pair[1], pair[0]))


def _weigh_letters(belief: dict[str, float], words: list[str]) -> None:
    """Only those that may still win are looked at, strongest first: letters can but weaken."""
    characters = set("".join(words))
    strongest = belief[UNDETERMINED]
    for language in sorted(belief, key=lambda name: (-belief[name], name)):
        if belief[language] < 0.02 * strongest:
            break
        if language != UNDETERMINED:
            belief[language] *= math.exp(-LETTERS * foreign_share(language, words, characters))
            strongest = max(strongest, belief[language])


def _function_ratio(language: str, hits: dict[str, int], number: int) -> float:
    if language not in FUNCTION_WORDS or language in _UNSPACED or not number:
        return 1.0
    own = _OWN_INFLECTED if language in _INFLECTED else _OWN
    found = hits.get(language, 0)
    log_ratio = found * math.log(own / _OTHER) + (number - found) * math.log((1 - own) / (1 - _OTHER))
    return math.exp(FUNCTION * min(1.0, MAX_WEIGHT / number) * log_ratio)
