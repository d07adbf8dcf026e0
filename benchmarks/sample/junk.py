"""Files that hold nothing worth learning, or nothing that can be read."""

import gzip
import json
import string

from benchmarks.sample.sample import Sample
from benchmarks.sample.web import page


def write(sample: Sample) -> None:
    rng = sample.rng("junk")
    sample.add("books/junk/empty.txt", b"")
    sample.case("empty-file", "books/junk/empty.txt", "quarantined", "empty")
    sample.add("books/junk/scan.txt", b"\x89SCN\r\n\x1a\n\x00\x00" + rng.randbytes(3000) + bytes(64))
    sample.case(
        "binary-file", "books/junk/scan.txt", "quarantined", "binary", note="bytes of no text under a name that ends in .txt"
    )
    whole = gzip.compress(("\n".join(sample.prose("en", "truncated").paragraphs(30)) + "\n").encode(), mtime=0)
    sample.add("books/junk/truncated.txt.gz", whole[: len(whole) // 3])
    sample.case(
        "truncated-gzip",
        "books/junk/truncated.txt.gz",
        "quarantined",
        "unreadable",
        "truncated",
        note="what can be read before the break may be kept; the break must be in the ledger",
    )
    noise = "\n".join("".join(rng.choice(string.punctuation + string.digits + "   ") for _ in range(70)) for _ in range(60))
    sample.add("books/junk/noise.txt", noise + "\n")
    sample.case(
        "symbols", "books/junk/noise.txt", "dropped", "quality", "language", probes=(noise.split("\n")[30][10:40].strip(),)
    )
    refrain = "The very same line comes back again and again without any end in sight."
    sample.add("books/junk/refrain.txt", (refrain + "\n") * 120)
    sample.case("repeated-line", "books/junk/refrain.txt", "dropped", "quality", probes=(refrain,))
    stuffing = ", ".join(["cheap ladders", "buy ladders online", "best ladder price", "ladder discount", "ladders"] * 60)
    sample.add("web/junk/ladders.html", page("en", "Ladders ladders ladders", [stuffing, stuffing[::1], "ladder " * 200]))
    sample.case(
        "keyword-stuffing",
        "web/junk/ladders.html",
        "dropped",
        "quality",
        "language",
        probes=("buy ladders online, best ladder price",),
    )
    sample.add("chat/junk/broken.json", json.dumps({"messages": [{"id": 1, "text": "half of a message"}]}, indent=1)[:-9])
    sample.case("broken-json", "chat/junk/broken.json", "quarantined", "malformed", "unreadable", probes=("half of a message",))
