"""Language recognition: macro F1 on labelled sentences and word pairs, and speed. `python -m benchmarks.language`

--labelled holds langid/*.jsonl.gz with `text` and `lang` (ISO 639-1). Seconds are of CPU time. --quick leaves out the speed,
which is taken on documents joined from the sentences of a language and on the long documents of --corpus.

Last line: macro_f1 X (mean over files of the mean over their languages).
"""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks import long_documents
from benchmarks.options import parser
from curation.filters import fasttext_model, language
from curation.filters.evidence import weigh, words_of
from curation.filters.labels import UNDETERMINED, language_code
from curation.filters.windows import plain_words

ELEVEN = ("en", "pl", "ru", "fa", "de", "fr", "es", "zh", "ar", "uk", "cs")


def main() -> None:
    made = parser("language", __doc__)
    made.add_argument("--model", type=Path, help="another fastText model, reported beside the default")
    options = made.parse_args()
    files = sorted((options.labelled / "langid").glob("*.jsonl.gz"))
    if not files:
        raise SystemExit(f"no langid/*.jsonl.gz in {options.labelled}")
    default = language.models(language.Config())[0]
    figures: dict[str, dict[str, float]] = {}
    for model in filter(None, (options.model, default)):
        reports = [report(path, fasttext_model.load(model), model.name) for path in files]
        figures[model.name] = dict(zip((path.name for path in files), reports, strict=True))
    if not options.quick:
        predict = fasttext_model.load(default)
        speed(files[0], predict)
        long_documents.race(
            options.corpus,
            None,
            lambda kind, rows: [sure(*language.recognize(text, predict, kind == "chat")[:2]) for text, _ in rows],
            lambda kind, rows: [sure(*recognized_whole(text, predict, kind == "chat")) for text, _ in rows],
        )
    means = list(figures[default.name].values())
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(f"macro_f1 {sum(means) / len(means):.4f} (mean over files of the mean over their languages)")


def report(path: Path, predict: fasttext_model.Predict, model: str) -> float:
    rows = read(path)
    start = time.process_time()
    ours = [language.recognize(text, predict)[0] for text, _ in rows]
    seconds = time.process_time() - start
    naive = [naively(text, predict) for text, _ in rows]
    truth = [lang for _, lang in rows]
    for name, found in (("naive", naive), ("ours", ours)):
        scores = f1(truth, found)
        eleven = [scores[lang] for lang in ELEVEN if lang in scores]
        print(
            f"{path.name} {model} {name}: macro F1 {mean(scores.values()):.4f} over {len(scores)} languages, "
            f"{mean(eleven):.4f} over {len(eleven)} of the eleven"
        )
    print("  weakest:", ", ".join(f"{lang} {value:.2f}" for lang, value in sorted(scores.items(), key=lambda pair: pair[1])[:15]))
    size = sum(len(text.encode()) for text, _ in rows)
    print(f"  {size / seconds / 1e6:.1f} MB/s on texts of {size // len(rows)} bytes")
    return mean(scores.values())


def naively(text: str, predict: fasttext_model.Predict) -> str:
    found = predict(text.replace("\n", " "), 1)
    return language_code(found[0][1]) if found else ""


def sure(lang: str, score: float) -> str:
    """What the default recipe takes the text for."""
    return lang if score >= language.Config().min_score else UNDETERMINED


def recognized_whole(text: str, predict: fasttext_model.Predict, is_chat: bool = False) -> tuple[str, float]:
    """The same judgement on all of the text, cut to pieces of the size of a window."""
    opinion: Counter[str] = Counter()
    size = language.WINDOW_CHARS
    lines = [line for start in range(0, len(text), size) if (line := plain_words(text[start : start + size], is_chat))]
    for line in lines:
        for probability, label in predict(line, language.NUM_LABELS):
            opinion[language_code(label)] += probability / len(lines)
    lang, score = weigh(dict(opinion), words_of(lines))[0]
    return (lang if score >= language.DOUBT else UNDETERMINED), score


def speed(path: Path, predict: fasttext_model.Predict) -> None:
    """Documents of one language made of its sentences: speed, and agreement of samples with the whole text."""
    by_language: dict[str, list[str]] = {}
    for text, lang in read(path):
        by_language.setdefault(lang, []).append(text)
    for size in (4_200, 20_000, 100_000):
        documents = []
        for lang, texts in sorted(by_language.items()):
            joined = " ".join(texts)
            documents += [(joined[at : at + size], lang) for at in range(0, max(1, len(joined) - size), size)]
        start = time.process_time()
        sampled = [language.recognize(text, predict)[0] for text, _ in documents]
        seconds = time.process_time() - start
        whole = [recognized_whole(text, predict)[0] for text, _ in documents]
        total = sum(len(text.encode()) for text, _ in documents)
        same = sum(map(str.__eq__, sampled, whole)) / len(documents)
        right = [
            sum(found == lang for found, (_, lang) in zip(side, documents, strict=True)) / len(documents)
            for side in (sampled, whole)
        ]
        print(
            f"documents of {size} characters: {total / seconds / 1e6:.1f} MB/s, right {right[0]:.4f} "
            f"(whole text: {right[1]:.4f}), samples agree with the whole text on {same:.4f} of {len(documents)}"
        )


def read(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [(row["text"], row["lang"]) for row in map(json.loads, stream)]


def f1(truth: list[str], found: list[str]) -> dict[str, float]:
    """Per language of `truth`: 2 × right / (rows of the language + rows called it)."""
    right = Counter(lang for lang, guess in zip(truth, found, strict=True) if lang == guess)
    both = Counter(truth) + Counter(found)
    return {lang: 2 * right[lang] / both[lang] for lang in sorted(set(truth))}


def mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)


if __name__ == "__main__":
    main()
