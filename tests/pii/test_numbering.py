"""What the numbering plans say without parsing, against phonenumbers' own verdict on made-up digits."""

from __future__ import annotations

import random

import pytest

from curation.pii.beginnings import MAX_LENGTH
from curation.pii.numbering import NumberingPlan, NumberingPlans
from curation.pii.verification import Verifier
from curation.pii.words import REGIONS

ALL = sorted({region for regions in REGIONS.values() for region in regions})
HEADS = ("", "", "0", "00", "011", "8", "1", "01", "0049", "06")


def made(pick: random.Random, plan: NumberingPlan) -> str:
    """Digits, half of them begun as the plan begins a number."""
    state, length = pick.choice(BEGUN[id(plan)]) if pick.random() < 0.5 else (pick.choice(HEADS), pick.randrange(4, 15))
    return state[:length] + "".join(pick.choices("0123456789", k=max(0, length - len(state))))


BEGUN: dict[int, list[tuple[str, int]]] = {}


@pytest.mark.parametrize("region", ALL)
def test_plan_made_up_digits_agrees_with_phonenumbers(region: str) -> None:
    plans = NumberingPlans([region])
    plan, verifier, pick = plans._plans[0], Verifier([region], plans), random.Random(region)
    BEGUN[id(plan)] = sorted(state for state in plan.beginnings() if state[1] <= 16)
    for _ in range(1_500):
        digits = made(pick, plan)
        is_number = verifier._is_number(digits, region)
        if is_number:
            assert len(digits) <= MAX_LENGTH and plans.mask(digits) == 1, f"{digits} is refused"
        if plan.surely_allows(digits):
            assert is_number, f"{digits} is taken for sure"
