"""The peers of benchmarks/dedup: datatrove's MinHash steps, plain datasketch, and rensa in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

RENSA = """
import json, sys, time
from rensa import RMinHash
texts = json.load(open(sys.argv[1]))
def words(text):
    found = text.lower().split()
    return [" ".join(found[i : i + 5]) for i in range(max(1, len(found) - 4))]
seconds = []
for _ in range(3):
    start = time.perf_counter()
    for text in texts:
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(words(text))
        sketch.digest()
    seconds.append(time.perf_counter() - start)
print(json.dumps(seconds))
"""


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


def datasketch_signatures(texts: Sequence[str]) -> list[np.ndarray]:
    """The plain loop: str.split, join, update_batch with a 32-bit xxhash."""
    import xxhash
    from datasketch import MinHash

    found = []
    for text in texts:
        words = text.lower().split()
        sketch = MinHash(num_perm=128, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([" ".join(words[place : place + 5]).encode() for place in range(max(1, len(words) - 4))])
        found.append(sketch.hashvalues)
    return found


def rensa_seconds(texts: Sequence[str], folder: Path) -> list[float] | str:
    """Seconds of three rounds, or why there are none."""
    environment = folder / "rensa"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "-q", "rensa"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    if installed.returncode:
        return "rensa could not be installed into an environment of its own"
    (folder / "texts.json").write_text(json.dumps(list(texts)))
    (folder / "race.py").write_text(RENSA)
    run = subprocess.run(
        [python, folder / "race.py", folder / "texts.json"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if run.returncode:
        print(run.stderr[-300:], file=sys.stderr)
        return "rensa did not run"
    seconds: list[float] = json.loads(run.stdout)
    return seconds
