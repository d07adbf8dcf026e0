"""Toxicity: how well the shipped model, a locally trained one and a word list tell toxic posts in sets they never saw.

--train and --labelled hold toxicity/*.jsonl.gz; --quick tests on every fourth set.
`local` is trained by our own command on the sets of --train. A set that is also in --train is left out while it is
tested, and the model is trained on the other sets of its language; where there is no other, one row in five is kept
apart instead and the set is marked "by rows": an easier question, reported but not in the mean. Sets from elsewhere are
tested with one model of everything in --train, less the posts that they share with it. The mean is over all sets of
people's own words, in any language, that were tested across sets and have both classes. Functional tests (templates)
are reported apart, as false positives.
--own-rows asks how far labels let such a model come: it learns four rows in five of the tested set and all of the others,
none left out for disagreeing, and is tested on the fifth.
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
from random import Random
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from benchmarks import long_documents
from benchmarks.options import LABELLED, parser
from curation.filters import agreement, labelled, toxic_training, toxicity
from curation.filters.agreement import auc
from curation.filters.labelled import Example, LabelledSet
from curation.filters.toxic_text import toxic_text
from curation.stage import Place, StageFunction

THRESHOLD = toxicity.Config().max_score
ACROSS, BY_ROWS = "across sets", "by rows"

Scorer = Callable[[Example], float | None]


def main() -> None:
    made = parser("toxicity", __doc__)
    made.add_argument("--train", type=Path, default=LABELLED, help="labelled sets to train the local model on")
    made.add_argument("--speed", action="store_true", help="measure only speed and the verdicts on samples")
    made.add_argument("--own-rows", action="store_true", help="measure only what the labels allow: own rows are learned too")
    made.add_argument("--without", nargs="*", default=(), help="sets never trained on")
    options = made.parse_args()
    if options.speed:
        speed(read(options.labelled), options.corpus)
        return
    train_sets = [item for item in read(options.train) if item.name not in options.without and not item.is_functional]
    tests = read(options.labelled)[:: 4 if options.quick else 1]
    if options.own_rows:
        allowed_by_labels(tests)
        return
    shipped_sets = toxicity.card(toxicity.SHIPPED).get("sets", {})
    aucs: dict[str, float] = {}
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        train_unseen = trainer(Path(folder))
        for item in tests:
            note, examples, sets = question(item, train_sets, tests)
            local, left_out = train_unseen(sets)
            result = measure(local, examples)
            print(f"{item.name} ({note}{', functional' if item.is_functional else ''}): local {show(result)}")
            if left_out:
                print(f"    contradicted by the other sets, not trained on: {', '.join(left_out)}")
            overlap = "trained on it" if item.name in shipped_sets else "never seen"
            print(f"    shipped ({overlap}) {show(measure(scorer(toxicity.SHIPPED), examples))}")
            print(f"    word list {show(measure(word_list(sets), examples))}", flush=True)
            if note == ACROSS and not item.is_functional and not math.isnan(result.get("auc", math.nan)):
                aucs[item.name], rates[item.name] = result["auc"], result["false_positives"]
    identity_words()
    if not options.quick:
        speed(read(options.labelled), options.corpus)
    if options.json:
        options.json.write_text(json.dumps({"auc": aucs, "false_positives": rates}, indent=1))
    print(f"mean false positives at {THRESHOLD}: {mean(rates):.4f}")
    print(f"mean_auc {mean(aucs):.4f} (local model, natural-text sets)")


def allowed_by_labels(sets: list[LabelledSet]) -> None:
    """AUC of a model that has learned rows of the tested set, where its language has other sets."""
    sets = [item for item in sets if not item.is_functional]
    aucs: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, patch.object(agreement, "doubtful", lambda _: {}):
        train = trainer(Path(folder))
        for item in sets:
            tested = LabelledSet(item.name, "tested", tuple(row for row in item.examples if is_test(row)))
            rest = LabelledSet(item.name, item.sha256, tuple(row for row in item.examples if not is_test(row)))
            others = [unseen(one, [tested]) for one in sets if one.name != item.name and languages(one) & languages(item)]
            if not others or len({row.is_positive for row in tested.examples}) < 2:
                continue
            together, alone = (measure(train(learned)[0], tested.examples) for learned in ([rest, *others], [rest]))
            print(f"{item.name}: with all others {show(together)}\n    alone {show(alone)}", flush=True)
            aucs[item.name] = together["auc"]
    print(f"mean_auc {mean(aucs):.4f} (own rows and all other sets)")


def mean(values: dict[str, float]) -> float:
    return sum(values.values()) / len(values) if values else math.nan


def question(
    item: LabelledSet, train_sets: list[LabelledSet], tests: list[LabelledSet]
) -> tuple[str, tuple[Example, ...], list[LabelledSet]]:
    """What is asked of the local model about a set: (across sets or by rows, rows to test, sets to train on)."""
    others = [one for one in train_sets if one.sha256 != item.sha256 and one.name != item.name]
    if len(others) == len(train_sets):
        return ACROSS, item.examples, [unseen(one, tests) for one in train_sets]
    related = [one for one in others if languages(one) & languages(item)]
    if related:
        return ACROSS, item.examples, [unseen(one, [item]) for one in related]
    rest = LabelledSet(item.name, item.sha256, tuple(row for row in item.examples if not is_test(row)))
    return BY_ROWS, tuple(row for row in item.examples if is_test(row)), [rest]


def unseen(item: LabelledSet, tests: list[LabelledSet]) -> LabelledSet:
    """The set without posts that a tested set from elsewhere holds as well."""
    tested = {row.text for one in tests if one.sha256 != item.sha256 for row in one.examples}
    return LabelledSet(item.name, item.sha256, tuple(row for row in item.examples if row.text not in tested))


def trainer(folder: Path) -> Callable[[list[LabelledSet]], tuple[Scorer, list[str]]]:
    """A function (sets) -> (scorer of a model of them, names of the sets that training left out); each model once."""
    made: dict[tuple[tuple[str, int], ...], Path] = {}

    def train(sets: list[LabelledSet]) -> tuple[Scorer, list[str]]:
        key = tuple((one.sha256, len(one.examples)) for one in sets)
        if key not in made:
            made[key] = folder / f"{len(made)}.bin"
            toxic_training.train(sets, made[key])
        return scorer(made[key]), sorted(toxicity.card(made[key])["left_out"])

    return train


def read(folder: Path) -> list[LabelledSet]:
    """The labelled sets of FOLDER/toxicity, or of FOLDER itself where it has no such folder."""
    inside = folder / "toxicity"
    return [labelled.read(path) for path in labelled.labelled_files([inside if inside.is_dir() else folder])]


def languages(item: LabelledSet) -> set[str]:
    return {row.lang for row in item.examples}


def is_test(row: Example) -> bool:
    return hashlib.blake2b(b"test" + row.text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % 5 == 0


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


SHARES_OF_TOXIC = (0.0, 0.1, 0.5, 0.9)


def speed(sets: list[LabelledSet], corpus: Path) -> None:
    """The stage on long documents, and its verdicts on samples against those on every passage.

    Those of the corpus, and English ones made of posts: clean for speed; for the verdicts also with toxic posts in one block.
    """
    posts = {
        label: [row.text for one in sets for row in one.examples if row.lang == "en" and row.is_positive is label]
        for label in (True, False)
    }
    if not all(posts.values()):
        return
    stage = toxicity.build(toxicity.Config(), Place("s", "web"))
    every_passage = toxicity.build(toxicity.Config(passages="drop", passage_score=1.0), Place("s", "web"))
    scored = toxicity.card(toxicity.SHIPPED)["languages"]
    long_documents.race(
        corpus, scored, lambda _, rows: verdicts_of(stage, rows), lambda _, rows: verdicts_of(every_passage, rows)
    )
    for size in (1_000, 5_000, 20_000, 100_000):
        seconds, chars, verdicts = 0.0, 0, []
        for share in SHARES_OF_TOXIC:
            texts = documents_of_posts(posts, size, share)
            rows = [(text, "en") for text in texts]
            begin = time.process_time()
            sampled = verdicts_of(stage, rows)
            if not share:
                seconds, chars = time.process_time() - begin, sum(map(len, texts))
            same = sum(one == other for one, other in zip(sampled, verdicts_of(every_passage, rows), strict=True))
            verdicts.append(f"{share:.0%} toxic {same / len(texts):.3f}")
        rate = f"{chars / seconds / 1e6:.1f} MB/s"
        print(f"documents of {size} characters: {rate}; same verdict as on every passage: {', '.join(verdicts)}", flush=True)


def verdicts_of(stage: StageFunction, rows: list[tuple[str, str]]) -> list[object]:
    batch = pa.RecordBatch.from_pydict({"text": [text for text, _ in rows], "lang": [lang for _, lang in rows]})
    return [score > THRESHOLD for score in stage(batch).kept.column("toxicity").to_pylist()]


def documents_of_posts(posts: dict[bool, list[str]], size: int, share: float, total: int = 2_000_000) -> list[str]:
    """`total` characters of documents of `size`, in each a block of toxic posts, at places that go round."""
    lines = {label: Random(0).sample(found, len(found)) for label, found in posts.items()}
    text = {label: "\n".join(found * (1 + total // max(1, sum(map(len, found))))) for label, found in lines.items()}
    made = []
    for number in range(total // size):
        toxic = round(size * share)
        before = (size - toxic) * (number % 5) // 4
        at = number * size
        clean = text[False][at : at + size - toxic]
        made.append(clean[:before] + text[True][number * toxic : (number + 1) * toxic] + clean[before:])
    return made


if __name__ == "__main__":
    main()
