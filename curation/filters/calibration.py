"""What a score means: 0.8 is reached by PERCENT_AT_08 of clean posts that training never saw, 0.5 by PERCENT_AT_05.

A classifier's own probability says little: its level differs from language to language with the share of toxic posts
in the training sets. Per language, a line through two quantiles of the clean posts' logits maps it to a common scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PERCENT_AT_08, PERCENT_AT_05 = 0.4, 3.0
LIMIT = 1e-6
MIN_MIDDLE, MAX_MIDDLE, MAX_HIGH, MIN_SPREAD = -2.0, 6.0, 8.0, 0.5


def logit(probability: npt.ArrayLike) -> npt.NDArray[np.float64]:
    clipped = np.clip(np.asarray(probability, np.float64), LIMIT, 1 - LIMIT)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float64)


def curve(clean: npt.ArrayLike) -> tuple[float, float]:
    """(scale, shift) of 1 / (1 + exp(-(scale × logit + shift))), from raw probabilities of clean posts."""
    high, middle = np.percentile(logit(clean), [100 - PERCENT_AT_08, 100 - PERCENT_AT_05])
    # Sets that are told apart without error put all clean posts far below: what is merely unknown must not look toxic.
    # Where a few wrongly labelled posts are called toxic with certainty, 0.8 must stay within reach.
    middle = min(max(float(middle), MIN_MIDDLE), MAX_MIDDLE)
    spread = max(min(float(high), MAX_HIGH) - middle, MIN_SPREAD)
    scale = float(np.log(0.8 / 0.2) / spread)
    return round(scale, 4), round(float(-scale * middle), 4)
