"""What a score means: 0.8 is reached by PERCENT_AT_08 of clean posts that training never saw, 0.5 by PERCENT_AT_05.

A classifier's own probability says little: its level differs from language to language with the share of toxic posts
in the training sets. Per language, a line through two quantiles of the clean posts' log-odds maps it to a common scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PERCENT_AT_08, PERCENT_AT_05 = 0.05, 3.0
LIMIT = 1e-6
MIN_MIDDLE, MIN_SPREAD = -2.0, 1.0


def curve(clean: npt.ArrayLike) -> tuple[float, float]:
    """(scale, shift) of 1 / (1 + exp(-(scale × log-odds + shift))), from log-odds of clean posts."""
    high, middle = np.percentile(np.asarray(clean, np.float64), [100 - PERCENT_AT_08, 100 - PERCENT_AT_05])
    # Sets that are told apart without error put all clean posts far below: what is merely unknown must not look toxic.
    # Where clean posts are called toxic with certainty (noisy labels), 0.8 is out of reach: better silent than wrong.
    middle = max(float(middle), MIN_MIDDLE)
    scale = float(np.log(0.8 / 0.2) / max(float(high) - middle, MIN_SPREAD))
    # Rounded down: a tie at the highest log-odds that fastText can express must not pass 0.8.
    return round(scale, 4), round(float(-scale * middle) - 0.002, 4)
