"""Toxicity: how well the shipped model, a locally trained one and a word list tell toxic posts in sets they never saw.

--train and --labelled hold toxicity/*.jsonl.gz; --quick tests on every fourth set.
`local` is trained by our own command on the sets of --train. A set that is also in --train is left out while it is
tested, and the model is trained on the other sets of its language; where there is no other, one row in five is kept
apart instead and the set is marked "by rows": an easier question, reported but not in the mean. Sets from elsewhere are
tested with one model of everything in --train. Sets without clean rows have no AUC. Functional tests (templates) are
reported apart, as false positives.
Needs `make train-env`. Last line: mean_auc X (local model, natural-text sets).
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.options import LABELLED, parser
from curation.filters import labelled, toxicity
from curation.filters.labelled import Example, LabelledSet
from curation.filters.toxic_text import toxic_text
from curation.filters.train import train_toxicity

THRESHOLD = toxicity.Config().max_score
# Labels too noisy to learn from (a model of all other English sets finds them at AUC 0.61 and 0.74).
NOISY = ("mlma_en", "mlma_fr", "twitter_hate_noisy_en")

Scorer = Callable[[Example], float | None]


def main() -> None:
    made = parser("toxicity", __doc__)
    made.add_argument("--train", type=Path, default=LABELLED, help="labelled sets to train the local model on")
    made.add_argument("--without", nargs="*", default=NOISY, help="sets never trained on")
    options = made.parse_args()
    train_sets = [item for item in read(options.train) if item.name not in options.without and not item.is_functional]
    tests = read(options.labelled)[:: 4 if options.quick else 1]
    known = {item.sha256 for item in read(options.train)}
    shipped_sets = toxicity.card(toxicity.SHIPPED).get("sets", {})
    aucs: dict[str, float] = {}
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        whole: Scorer | None = None
        for number, item in enumerate(tests):
            others = [one for one in train_sets if one.sha256 != item.sha256 and languages(one) & languages(item)]
            note, examples = "across sets", item.examples
            if item.sha256 not in known and item.name not in {one.name for one in train_sets}:
                whole = whole or trained(train_sets, Path(folder) / "whole.bin")
                local = whole
            elif others:
                local = trained(others, Path(folder) / f"{number}.bin")
            elif any(one.sha256 == item.sha256 for one in train_sets):
                note, examples = "by rows", tuple(row for row in item.examples if is_test(row))
                rest = LabelledSet(item.name, item.sha256, tuple(row for row in item.examples if not is_test(row)))
                local, others = trained([rest], Path(folder) / f"{number}.bin"), [rest]
            else:
                continue
            result = measure(local, examples)
            print(f"{item.name} ({note}{', functional' if item.is_functional else ''}): local {show(result)}")
            overlap = "trained on it" if item.name in shipped_sets else "never seen"
            print(f"    shipped ({overlap}) {show(measure(scorer(toxicity.SHIPPED), examples))}")
            print(f"    word list {show(measure(word_list(others or train_sets), examples))}", flush=True)
            if note == "across sets" and not item.is_functional and not math.isnan(result["auc"]):
                aucs[item.name], rates[item.name] = result["auc"], result["false_positives"]
    identity_words()
    if not options.quick:
        speed()
    if options.json:
        options.json.write_text(json.dumps({"auc": aucs, "false_positives": rates}, indent=1))
    print(f"mean false positives at {THRESHOLD}: {np.mean(list(rates.values())):.4f}")
    print(f"mean_auc {np.mean(list(aucs.values())):.4f} (local model, natural-text sets)")


def read(folder: Path) -> list[LabelledSet]:
    files = labelled.labelled_files([folder / "toxicity"])
    return [labelled.read(path) for path in files]


def languages(item: LabelledSet) -> set[str]:
    return {row.lang for row in item.examples}


def is_test(row: Example) -> bool:
    return hashlib.blake2b(b"test" + row.text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % 5 == 0


def trained(sets: list[LabelledSet], out: Path) -> Scorer:
    train_toxicity(sets, out)
    return scorer(out)


def scorer(model: Path) -> Scorer:
    score, card = toxicity.passage_scorer(model), toxicity.Card.beside(model)

    def of(row: Example) -> float | None:
        curve = card.curve(row.lang)
        return None if curve is None else score(row.text, *curve)

    return of


def word_list(sets: list[LabelledSet], size: int = 300) -> Scorer:
    """Share of words on a list of the most telling ones of the same training sets."""
    seen: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for item in sets:
        for row in item.examples:
            seen[row.is_positive].update(set(toxic_text(row.text).split()))
    totals = {label: sum(counts.values()) or 1 for label, counts in seen.items()}
    odds = {
        word: math.log((count + 1) / totals[True] / ((seen[False][word] + 1) / totals[False]))
        for word, count in seen[True].items()
        if count >= 5
    }
    listed = {word for word, _ in sorted(odds.items(), key=lambda pair: (-pair[1], pair[0]))[:size]}

    def of(row: Example) -> float:
        words = toxic_text(row.text).split()
        return min(1.0, sum(word in listed for word in words) / math.sqrt(len(words) or 1))

    return of


def measure(score: Scorer, examples: tuple[Example, ...]) -> dict[str, float]:
    pairs = [(value, row.is_positive) for row in examples if (value := score(row)) is not None]
    scores, truth = np.array([value for value, _ in pairs]), np.array([label for _, label in pairs], np.bool_)
    if not len(pairs):
        return {"scored": 0}
    called = scores > THRESHOLD
    return {
        "scored": len(pairs) / len(examples),
        "auc": auc(truth, scores),
        "false_positives": float(called[~truth].mean()) if (~truth).any() else math.nan,
        "precision": float(truth[called].mean()) if called.any() else math.nan,
        "recall": float(called[truth].mean()) if truth.any() else math.nan,
    }


def show(result: dict[str, float]) -> str:
    if not result["scored"]:
        return "unscored (no model for the language)"
    shares = "false positives {false_positives:.3f}, precision {precision:.2f}, recall {recall:.2f}".format(**result)
    return f"AUC {result['auc']:.3f}, at {THRESHOLD}: {shares}"


def auc(truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> float:
    """Area under the ROC curve; ties count half; NaN where one class is missing."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return math.nan
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


IDENTITIES = {
    "en": "a gay man|a lesbian|a Muslim woman|a Jew|a Black man|a white woman|an Arab|a Mexican immigrant|a refugee|disabled",
    "pl": "gejem|lesbijką|muzułmanką|Żydem|czarnym mężczyzną|białą kobietą|Arabem|Ukraińcem|uchodźcą|niepełnosprawną",
    "de": "ein schwuler Mann|eine Lesbe|eine Muslimin|ein Jude|ein schwarzer Mann|eine weiße Frau|ein Araber|behindert",
}
FRAMES = {
    "en": (
        "I am {}.",
        "My neighbour is {} and teaches music.",
        "We met {} at the library yesterday.",
        "She wrote a book about {}.",
    ),
    "pl": ("Jestem {}.", "Moja sąsiadka przyjaźni się z {}, uczy muzyki.", "Wczoraj rozmawiałam z {} w bibliotece."),
    "de": ("Ich bin {}.", "Mein Nachbar ist {} und lehrt Musik.", "Gestern war {} in der Bibliothek."),
}


def identity_words() -> None:
    """Our own harmless sentences about groups of people: none may be called toxic."""
    score = scorer(toxicity.SHIPPED)
    for lang, frames in FRAMES.items():
        found = [
            score(Example(frame.format(name), False, lang)) or 0.0 for frame in frames for name in IDENTITIES[lang].split("|")
        ]
        print(
            f"identity sentences {lang}: {sum(value > THRESHOLD for value in found)} of {len(found)} "
            f"above {THRESHOLD}, highest {max(found):.2f}"
        )


def speed() -> None:
    """The stage on English prose made of the training sets' clean rows."""
    import pyarrow as pa

    from curation.stage import Place

    rows = next(item for item in read(LABELLED) if "wikipedia" in item.name).examples if LABELLED.is_dir() else ()
    prose = " ".join(row.text for row in rows if not row.is_positive)
    stage = toxicity.build(toxicity.Config(), Place("s", "web"))
    for size in (1_000, 5_000, 20_000, 100_000):
        texts = [prose[at : at + size] for at in range(0, len(prose) - size, size)][: 4_000_000 // size]
        batch = pa.RecordBatch.from_pydict({"text": texts, "lang": ["en"] * len(texts)})
        begin = time.process_time()
        kept = stage(batch).kept
        seconds = time.process_time() - begin
        full = toxicity.build(toxicity.Config(passages="drop", passage_score=1.0), Place("s", "web"))(batch).kept
        pairs = zip(kept.column("toxicity").to_pylist(), full.column("toxicity").to_pylist(), strict=True)
        same = sum((one > THRESHOLD) == (other > THRESHOLD) for one, other in pairs) / max(len(texts), 1)
        print(
            f"documents of {size} characters: {sum(map(len, texts)) / seconds / 1e6:.1f} MB/s, "
            f"the same verdict as on the full text for {same:.4f}"
        )


if __name__ == "__main__":
    main()
