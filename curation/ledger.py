"""The ledger: one row per (id, origin) at the end of its path. It refuses to close if it does not add up.

Rows dropped before they had text are keyed by origin. Ids are null there. All columns are plain strings but `score`
and `row`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from curation.errors import ContractError

KEPT, DROPPED, QUARANTINED = "kept", "dropped", "quarantined"

LEDGER_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),
        ("work", pa.string()),
        ("stage", pa.string()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        ("score", pa.float32()),
        ("twin", pa.string()),
        ("split", pa.string()),
        ("shard", pa.string()),
        ("row", pa.int32()),
    ]
)


def check_sum(where: str, num_in: int, parts: Mapping[str, int]) -> None:
    """ContractError unless num_in equals the sum of `parts`: nothing is lost silently."""
    if num_in != sum(parts.values()):
        detail = " + ".join(f"{count} {name}" for name, count in parts.items())
        raise ContractError("documents do not add up", where=where, got=f"{num_in} in, {detail}", expected="in = kept + dropped")


def rows(source: str, drops: list[dict[str, str]], stage: str, verdict: str = DROPPED) -> pa.RecordBatch:
    """Ledger rows for what left during ingest; each of `drops` has origin, work, reason."""
    columns: dict[str, list[object]] = {name: [None] * len(drops) for name in LEDGER_SCHEMA.names}
    columns["source"] = [source] * len(drops)
    columns["stage"] = [stage] * len(drops)
    columns["verdict"] = [verdict] * len(drops)
    for name in ("origin", "work", "reason"):
        columns[name] = [drop[name] for drop in drops]
    return pa.RecordBatch.from_pydict(columns, schema=LEDGER_SCHEMA)
