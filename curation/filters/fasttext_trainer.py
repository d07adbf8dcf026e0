"""Trains one fastText model from a file: `python fasttext_trainer.py train.txt OUT '{"seed": 0, ...}' [CUTOFF]`.

Imports nothing but `fasttext`, because it runs in an environment of its own (training.py).
"""

from __future__ import annotations

import json
import sys


def main(train: str, out: str, options: str, cutoff: str = "") -> None:
    import fasttext

    model = fasttext.train_supervised(train, thread=1, verbose=0, **json.loads(options))
    if cutoff:
        model.quantize(input=train, cutoff=int(cutoff), retrain=True, thread=1, qnorm=True, verbose=0)
    model.save_model(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
