"""What a character is, as one lookup table over all code points: text is classified by numpy, not by Python.

Built once a process in about 0.4 s; 2.2 MB. SYMBOL is the set that datatrove's Gopher filters count as "no word";
EDGE is what spaCy's blank pipelines take from the two ends of a word.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

CodePoints = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.uint16]

SPACE, ALPHA, SYMBOL, DIGIT, EDGE, UPPER, HYPHEN, ICON, IDEOGRAPH, JOINER = (np.uint16(1 << bit) for bit in range(10))

# datatrove.utils.text.PUNCTUATION (Apache-2.0); a test holds them equal.
_SYMBOLS = "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»"
# datatrove.utils.text.TERMINAL_PUNCTUATION: what ends a sentence, in all scripts.
TERMINAL = (
    "!.?\u0589\u061d\u061e\u061f\u06d4\u0700\u0701\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965\u104a\u104b\u1362\u1367"
    "\u1368\u166e\u1735\u1736\u17d4\u17d5\u17d6\u17d9\u17da\u1803\u1809\u1944\u1945\u1aa8\u1aa9\u1aaa\u1aab\u1b5a\u1b5b"
    "\u1b5e\u1b5f\u1b7d\u1b7e\u1c3b\u1c3c\u1c7e\u1c7f\u203c\u203d\u2047\u2048\u2049\u2e2e\u2e3c\u2e53\u2e54\u3002\ua4ff"
    "\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9\uaa5d\uaa5e\uaa5f\uaaf0\uaaf1\uabeb\ufe52\ufe56"
    "\ufe57\uff01\uff0e\uff1f\uff61\U00010a56\U00010a57\U00010f55\U00010f56\U00010f57\U00010f58\U00010f59\U00010f86"
    "\U00010f87\U00010f88\U00010f89\U00011047\U00011048\U000110be\U000110bf\U000110c0\U000110c1\U00011141\U00011142"
    "\U00011143\U000111c5\U000111c6\U000111cd\U000111de\U000111df\U00011238\U00011239\U0001123b\U0001123c\U000112a9"
    "\U0001144b\U0001144c\U000115c2\U000115c3\U000115c9\U000115ca\U000115cb\U000115cc\U000115cd\U000115ce\U000115cf"
    "\U000115d0\U000115d1\U000115d2\U000115d3\U000115d4\U000115d5\U000115d6\U000115d7\U00011641\U00011642\U0001173c"
    "\U0001173d\U0001173e\U00011944\U00011946\U00011a42\U00011a43\U00011a9b\U00011a9c\U00011c41\U00011c42\U00011ef7"
    "\U00011ef8\U00011f43\U00011f44\U00016a6e\U00016a6f\U00016af5\U00016b37\U00016b38\U00016b44\U00016e98\U0001bc9f"
    "\U0001da88"
)
_SYMBOL_CONTROLS = ((0, 9), (11, 13), (13, 32), (127, 160))

_EDGES = "§%=—–….,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪'\"”“`‘´’‚„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧$£€¥฿₽﷼₴"
_CURRENCY = range(0x20A0, 0x20C0)
_HYPHENS = "-–—~"
_JOINERS = ":<>=/"  # split a word only between letters

# Written without spaces: each character is a word of its own.
_UNSPACED = (
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
)


@lru_cache(maxsize=1)
def table() -> Flags:
    """flags by code point, shape (0x110000,)"""
    characters = [chr(code) for code in range(0x110000)]
    flags = np.zeros(0x110000, np.uint16)
    for flag, test in ((SPACE, str.isspace), (ALPHA, str.isalpha), (DIGIT, str.isdigit), (UPPER, str.isupper)):
        flags[np.fromiter(map(test, characters), np.bool_, 0x110000)] |= flag
    flags[np.fromiter(map("So".__eq__, map(unicodedata.category, characters)), np.bool_, 0x110000)] |= ICON
    for start, stop in _SYMBOL_CONTROLS:
        flags[start:stop] |= SYMBOL
    for start, stop in _UNSPACED:
        flags[start : stop + 1] |= IDEOGRAPH
    flags[_CURRENCY.start : _CURRENCY.stop] |= EDGE
    for flag, members in ((SYMBOL, _SYMBOLS + TERMINAL), (EDGE, _EDGES), (HYPHEN, _HYPHENS), (JOINER, _JOINERS)):
        flags[sorted({ord(character) for character in members})] |= flag
    return flags


def code_points(text: str) -> CodePoints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
