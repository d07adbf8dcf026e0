"""docs/format.md against the schemas of the code: same columns, same types, same order."""

from __future__ import annotations

import pyarrow as pa
import pytest

from curation.document import STORED_SCHEMA
from curation.exports import FORMATS
from curation.ledger import LEDGER_SCHEMA
from curation.segment import VERDICTS
from curation.shards import read_footer, shard_schema, write_shards
from curation.splitting.pins import PINS
from curation.tokenizers.config import FILL_IN_THE_MIDDLE, SPECIAL_TOKENS
from tests.docs.pages import rows, section, text, words

PAGE = "docs/format.md"
TABLES = {"Segment": STORED_SCHEMA, "Verdicts": VERDICTS, "Ledger": LEDGER_SCHEMA, "Shards": shard_schema(1)}


@pytest.mark.parametrize("heading", sorted(TABLES))
def test_columns_documented_are_those_of_the_code(heading: str) -> None:
    documented = [(row[0], row[1]) for row in rows(section(PAGE, heading))]
    assert documented == [(field.name, str(field.type)) for field in TABLES[heading]]


def test_ids_are_as_wide_as_documented() -> None:
    assert "`uint32` where the vocabulary has more than 65,536 tokens" in text(PAGE)
    kinds = [shard_schema(size).field("input_ids").type.value_type for size in (65_536, 65_537)]
    assert kinds == [pa.uint16(), pa.uint32()]


def test_footer_of_a_written_shard_has_the_documented_keys(tmp_path) -> None:  # type: ignore[no-untyped-def]
    row = {
        "id": "0" * 32,
        "source": "s",
        "lang": "en",
        "license": "",
        "work": "w",
        "ordinal": 0,
        "n_bytes": 2,
        "input_ids": [1, 2],
    }
    (shard,) = write_shards([pa.RecordBatch.from_pylist([row], shard_schema(9))], tmp_path, "train", 9, "ab", 100)
    footer = read_footer(tmp_path / shard.path)
    line = next(line for line in text(PAGE).splitlines() if line.startswith("Footer metadata"))
    assert words(line) == ["tokenizer_sha256", "num_tokens", "num_bytes", "schema_version"]
    assert set(words(line)) == set(footer)


def test_pins_exports_and_special_tokens_are_documented() -> None:
    pins = next(row for row in rows(section(PAGE, "Pins")) if row[0] == "`pins/eval.parquet`")
    assert set(PINS.names) <= set(" ".join(words(pins[1])).replace(":", " ").split())
    assert {words(row[0])[0] for row in rows(section(PAGE, "Exports"))} == set(FORMATS)
    assert all(f"{token}" in section(PAGE, "Tokenizer") for token in (*SPECIAL_TOKENS, *FILL_IN_THE_MIDDLE))
