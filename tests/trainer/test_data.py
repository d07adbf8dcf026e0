"""Order, packing and mixing of the shards."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trainer.releases import sentences, write_release
from trainer.data import ShardData, best_fit_pieces, num_rows, prefetch
from trainer.shards import Release, open_release

CONTEXT = 32


@pytest.fixture(scope="module")
def opened(release: Path) -> Release:
    return open_release(release)


def documents(release: Release, split: str = "train") -> Counter[tuple[int, ...]]:
    found: Counter[tuple[int, ...]] = Counter()
    for group in release.groups[split]:
        found.update(tuple(ids.tolist()) for ids in release.documents(group))
    return found


def all_rows(data: ShardData, epochs: int = 1) -> list[list[int]]:
    """Inputs and last target of every row of the first epochs, padding cut off."""
    places = np.arange(epochs * data.rows_per_epoch)
    return [row[row >= 0].tolist() for place in places for row in data.block(*data.locate(np.array([place])))[0]]


def test_chop_epoch_predicts_every_token_once(opened: Release) -> None:
    data = ShardData(opened, CONTEXT, 4, seed=1)
    steps = -(-data.rows_per_epoch // 4)
    predicted: Counter[int] = Counter()
    for row in all_rows(data):
        predicted.update(row[1:])
    expected: Counter[int] = Counter()
    for ids, times in documents(opened).items():
        expected.update({token: count * times for token, count in Counter(ids).items()})
    del predicted[opened.bos]
    assert predicted == expected
    assert sum(int((data.batch(step).targets >= 0).sum()) for step in range(steps)) >= sum(expected.values())


def test_best_fit_epoch_holds_every_token_once(opened: Release) -> None:
    data = ShardData(opened, CONTEXT, 4, seed=1, packing="best_fit")
    held = Counter(token for row in all_rows(data) for token in row)
    expected: Counter[int] = Counter()
    for ids, times in documents(opened).items():
        expected.update({token: count * times for token, count in Counter((opened.bos, *ids)).items()})
    assert held == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(2, 90), min_size=1, max_size=60))
def test_best_fit_any_lengths_fills_rows_exactly_and_splits_only_what_does_not_fit(lengths: list[int]) -> None:
    capacity = CONTEXT + 1
    starts, sizes = best_fit_pieces(np.array(lengths), capacity)
    covered = sorted((a, a + n) for a, n in zip(starts, sizes, strict=True))
    assert covered[0][0] == 0 and covered[-1][1] == sum(lengths)
    assert all(left[1] == right[0] for left, right in itertools.pairwise(covered))
    ends = np.cumsum(sizes)
    assert set(range(capacity, sum(lengths), capacity)) <= set(ends.tolist())  # a piece ends at every row's end
    assert -(-sum(lengths) // capacity) == num_rows(sum(lengths), CONTEXT, "best_fit")
    chopped = sum(1 for end in np.cumsum(lengths)[:-1] if end % capacity) + num_rows(sum(lengths), CONTEXT, "best_fit")
    assert len(sizes) <= max(chopped, len(lengths) + len(ends))


def test_best_fit_short_documents_are_cut_seven_times_less_than_by_chopping() -> None:
    lengths = np.random.default_rng(0).integers(5, 200, 2000)
    _, sizes = best_fit_pieces(lengths, 257)
    chopped = int((np.cumsum(lengths)[:-1] // 257 != (np.cumsum(lengths)[1:] - 1) // 257).sum())
    assert len(sizes) - len(lengths) < 0.15 * chopped


def test_best_fit_marks_each_pieces_first_token(opened: Release) -> None:
    data = ShardData(opened, CONTEXT, 4, seed=1, packing="best_fit", mask=True)
    data.block(np.array([0]), np.array([0]))
    slot, stop = data.slot_of[0], data.sizes[0]
    stream, begins = data.ring[slot, :stop], data.begins[slot]
    assert set(np.flatnonzero(stream == opened.bos)) <= set(np.flatnonzero(begins).tolist())
    assert begins[stop] and not begins[stop + 1 :].any()


@pytest.mark.parametrize("packing", ["chop", "best_fit"])
def test_batch_document_mask_marks_documents_by_their_first_token(opened: Release, packing: str) -> None:
    data = ShardData(opened, CONTEXT, 16, seed=3, packing=packing, mask=True)
    batch = data.batch(2)
    assert batch.starts is not None
    column = np.arange(CONTEXT)
    for tokens, targets, starts in zip(batch.inputs, batch.targets, batch.starts, strict=True):
        at_bos = (tokens == opened.bos) & (targets >= 0)
        assert (starts[at_bos] == column[at_bos]).all()
        assert (np.diff(starts) >= 0).all() and (starts <= np.maximum(column, starts[-1])).all()


@pytest.mark.parametrize("packing", ["chop", "best_fit"])
def test_batch_asked_out_of_order_by_another_reader_is_the_same(opened: Release, packing: str) -> None:
    first = [batch.inputs.copy() for batch, _ in prefetch(ShardData(opened, CONTEXT, 4, 7, packing).batch, 0, 12)]
    other = ShardData(opened, CONTEXT, 4, 7, packing)
    for step in (11, 3, 0, 7):
        np.testing.assert_array_equal(other.batch(step).inputs, first[step])
    assert any(
        not np.array_equal(a, b)
        for a, b in zip(
            first, (batch.inputs for batch, _ in prefetch(ShardData(opened, CONTEXT, 4, 8, packing).batch, 0, 12)), strict=True
        )
    )


@pytest.fixture(scope="module")
def many_groups(tmp_path_factory: pytest.TempPathFactory) -> Release:
    texts = {
        "books": [("en", sentences(i, 40)) for i in range(150)],
        "code": [("en", sentences(i, 10)) for i in range(200, 260)],
        "wiki": [("pl", sentences(i, 20)) for i in range(300, 400)],
    }
    return open_release(
        write_release(tmp_path_factory.mktemp("releases") / "many", texts, group_rows=2, weights={"code": 2.0, "wiki": 0.5})
    )


def test_batches_hold_every_source_at_its_share_within_two_rows(many_groups: Release) -> None:
    data = ShardData(many_groups, 16, 20, seed=0)
    for step in range(data.rows_per_epoch // 20):
        names = [many_groups.groups["train"][group].source for group in data.locate(np.arange(step * 20, step * 20 + 20))[0]]
        for name, share in zip(data.names, data.shares / data.rows_per_epoch, strict=True):
            assert abs(names.count(name) - 20 * share) <= 2


def test_batches_interleave_at_least_sixteen_row_groups_of_all_shards(many_groups: Release) -> None:
    data = ShardData(many_groups, 16, 64, seed=0)
    for step in range(data.rows_per_epoch // 64):
        groups = set(data.locate(np.arange(step * 64, (step + 1) * 64))[0].tolist())
        assert len(groups) >= 16
        assert len({many_groups.groups["train"][group].path for group in groups}) == 3


def test_ring_of_few_slots_gives_the_rows_of_one_that_holds_everything(
    many_groups: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ShardData(many_groups, 16, 64, seed=0, mask=True)
    monkeypatch.setattr("trainer.data.RING_TOKENS", 0)
    few = ShardData(many_groups, 16, 64, seed=0, mask=True)
    assert len(few.ring) < len(whole.ring) == len(many_groups.groups["train"]) and len(few.ring) < 64
    for step in range(whole.rows_per_epoch // 64 + 2):
        for ours, theirs in zip(few.batch(step), whole.batch(step), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_weights_epochs_repeat_or_thin_a_source_evenly(many_groups: Release) -> None:
    data = ShardData(many_groups, 16, 1, seed=0)
    seen = Counter(zip(*(part.tolist() for part in data.locate(np.arange(2 * data.rows_per_epoch))), strict=True))
    times: dict[str, set[int]] = {name: set() for name in data.names}
    for number, group in enumerate(many_groups.groups["train"]):
        times[group.source] |= {seen[number, row] for row in range(data.rows[number])}
    assert times["books"] == {2} and times["code"] == {4} and times["wiki"] <= {0, 1, 2}
    assert sum(data.shares) == data.rows_per_epoch
