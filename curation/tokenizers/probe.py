"""Text on which two engines must agree before the faster one is trusted: every script, blank, contraction, mark.

All code points below U+3100 and each 499th above stand alone, doubled, and between letters, digits, blanks
and line ends. Agreement is necessary, not enough: the vocabulary is proven in `equality`, and the
tests sweep every code point. Cost: 0.1 s.
"""

from __future__ import annotations

_WORDS = (
    "It's we'll I'D they'VE 'Re 'S x'ſ don’t  two   three\t\ttabs \t mixed\r\nline\n\n\nends \n \n after\u00a0nbsp\u3000wide",
    "1 12 123 1234 12345 3.14159 0x1F ½ ² ٣٤٥ १२३ ⅷ 1,000,000 2024-01-02T03:04:05Z",
    "def f(x):\n    return {\n        'a': [x**2, -1],\n\t}  # noqa\n\n\nif x!=y&&z<=w||!v{...}//////",
    "Zażółć gęślą jaźń — «Съешь ещё этих мягких булок» می‌خواهم کتاب‌ها را بخوانم؟ हिन्दी ภาษาไทย 日本語テスト 한국어",
    "e\u0301 n\u0303o",
    "👩‍👩‍👧‍👦 🏳️‍🌈 \ufeffBOM \u200b\u200d\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\x1f <|bos|><|user|>hi<|end|> https://example.org/?q=a%20b#c",
    "ends with blanks   ",
    "   \n",
    "\n\n\n   x",
    " " * 300 + "y" + "\t" * 70 + "\n" * 65 + "é" * 90 + "=" * 200,
)


def _code_points() -> str:
    points = [point for point in [*range(0x3100), *range(0x3100, 0x110000, 499)] if not 0xD800 <= point < 0xE000]
    return "".join(f"{c}{c}a{c}1 {c}\n{c}" for c in map(chr, points))


PROBE: tuple[str, ...] = (*_WORDS, _code_points())
