"""The peers of benchmarks/dedup: datatrove and plain datasketch here, rensa and text-dedup in environments of their own.

Each gives signatures of texts (timed), and says of pairs of texts whether they are copies at threshold 0.8 with 128
permutations, by its own way of saying so: datatrove any of 16 x 8 bands in common, datasketch its MinHashLSH, text-dedup
any of the bands that it chooses, rensa its estimate. None of them verifies.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

Pair = tuple[str, str]
THRESHOLD = 0.8

RACE = """
import json, sys, time
texts, pairs = json.load(open(sys.argv[1]))
seconds = []
for _ in range(3):
    start = time.process_time()
    for text in texts:
        sign(text)
    seconds.append(time.process_time() - start)
print(json.dumps([seconds, [bool(is_copy(sign(one), sign(other))) for one, other in pairs]]))
"""

RENSA = """
from rensa import RMinHash
def sign(text):
    words = text.lower().split()
    sketch = RMinHash(num_perm=128, seed=1)
    sketch.update([" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))])
    sketch.digest()
    return sketch
def is_copy(one, other):
    return one.jaccard(other) >= 0.8
"""

TEXT_DEDUP = """
import numpy as np
from text_dedup.minhash import RNG, embed_func, optimal_param, xxh3_32hash
bands, rows = optimal_param(0.8, 128, 0.5, 0.5)
prime = np.uint32((1 << 32) - 5)
settings = dict(
    num_perm=128, ngram_size=5, min_length=5, hashranges=[(i * rows, (i + 1) * rows) for i in range(bands)],
    permutations=(RNG.randint(1, prime, size=128, dtype=np.uint32), RNG.randint(0, prime, size=128, dtype=np.uint32)),
    hash_func=xxh3_32hash, dtype=np.uint32, max_hash=np.uint32((1 << 32) - 1), modulo_prime=prime,
)
def sign(text):
    return embed_func(text, 0, **settings)["__signatures__"]
def is_copy(one, other):
    return any(left == right for left, right in zip(one, other))
"""
ELSEWHERE = {"rensa": (RENSA, ["rensa", "numpy"]), "text-dedup": (TEXT_DEDUP, ["--no-deps", "text-dedup", "click-option-group"])}


class Raced(NamedTuple):
    """Processor seconds of three rounds over all texts, and of each pair whether it says copy."""

    seconds: list[float]
    copies: list[bool]


class Datatrove:
    """datatrove's signature of one text after another: its word split, shingles and 16 x 8 permutations."""

    def __init__(self, folder: Path) -> None:
        from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

        self.config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8)
        self.step = MinhashDedupSignature(str(folder / "signatures"), config=self.config)
        self.folder = folder

    def signatures(self, texts: Sequence[str]) -> list[list[list[int]]]:
        found = []
        for text in texts:
            shingles = self.step.get_shingles(text)
            found.append(self.step.get_signature(shingles) if shingles.size else [])
        return found

    def deduplicate(self, texts: Sequence[str]) -> set[int]:
        """Indices that its four steps remove: any band in common, joined transitively, nothing verified."""
        from datatrove.data import Document
        from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter

        documents = [Document(text=text, id=str(index)) for index, text in enumerate(texts)]
        for _ in self.step.run(iter(documents), 0, 1) or ():
            pass
        buckets, removed = str(self.folder / "buckets"), str(self.folder / "remove")
        for bucket in range(self.config.num_buckets):
            MinhashDedupBuckets(str(self.folder / "signatures"), buckets, config=self.config).run(
                None, bucket, self.config.num_buckets
            )
        MinhashDedupCluster(buckets, removed, config=self.config).run(None, 0, 1)
        kept = {int(document.id) for document in MinhashDedupFilter(removed).run(iter(documents), 0, 1)}
        return set(range(len(texts))) - kept


def datasketch_signatures(texts: Sequence[str]) -> list[MinHash]:
    """The plain loop: str.split, join, update_batch with a 32-bit xxhash."""
    import xxhash

    found = []
    for text in texts:
        words = text.lower().split()
        sketch = MinHash(num_perm=128, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([" ".join(words[place : place + 5]).encode() for place in range(max(1, len(words) - 4))])
        found.append(sketch)
    return found


def datatrove_copies(pairs: Sequence[Pair], folder: Path) -> list[bool]:
    datatrove = Datatrove(folder)
    both = [datatrove.signatures(pair) for pair in pairs]
    return [any(left == right for left, right in zip(one, other, strict=True)) for one, other in both]


def datasketch_copies(pairs: Sequence[Pair]) -> list[bool]:
    found = []
    for pair in pairs:
        one, other = datasketch_signatures(pair)
        lsh = MinHashLSH(threshold=THRESHOLD, num_perm=128)
        lsh.insert("one", one)
        found.append(bool(lsh.query(other)))
    return found


def elsewhere(name: str, texts: Sequence[str], pairs: Sequence[Pair], folder: Path) -> Raced | str:
    """The peer in an environment of its own, with our libraries behind its own; or why there is nothing."""
    script, packages = ELSEWHERE[name]
    environment = folder / name
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", *packages]
    installed = subprocess.run(install, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
    if installed.returncode:
        return f"{name} could not be installed into an environment of its own"
    (folder / f"{name}.json").write_text(json.dumps([list(texts), list(pairs)]))
    (folder / f"race_{name}.py").write_text(script + RACE)
    run = subprocess.run(
        [python, folder / f"race_{name}.py", folder / f"{name}.json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={"PYTHONPATH": sysconfig.get_paths()["purelib"] if "--no-deps" in packages else "", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    if run.returncode:
        print(run.stderr[-300:], file=sys.stderr)
        return f"{name} did not run"
    seconds, copies = json.loads(run.stdout.splitlines()[-1])
    return Raced(seconds, copies)
