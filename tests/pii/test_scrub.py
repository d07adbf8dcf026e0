"""The stage on batches: what leaves it carries no value that it found."""

import pyarrow as pa
import pytest

from curation.document import RAW_SCHEMA, Record, to_batches
from curation.pii import Config, KindPolicy, build
from curation.stage import DROP_SCHEMA, Place

MAIL = "jan.kowalski@poczta.onet.pl"
IBAN = "DE89370400440532013000"


def batch_of(*records: Record) -> pa.RecordBatch:
    return next(to_batches([("input", record) for record in records]))


def record(text: str, lang: str = "en", origin: str = "a.txt", speakers: tuple[str, ...] = ()) -> Record:
    return Record(origin, text, origin, lang=lang, speakers=speakers)


@pytest.mark.parametrize("replace", ["placeholder", "surrogate"])
def test_scrub_values_in_text_origin_and_work_are_gone(replace):
    scrub = build(Config(replace=replace), Place("s", "web"))
    kept, dropped = scrub(batch_of(record(f"write to {MAIL} or pay {IBAN}", origin=f"to {MAIL}.txt")))
    row = kept.to_pylist()[0]
    assert MAIL not in str(row) and IBAN not in str(row)
    assert row["view"] is None or row["view"] == "write to <EMAIL_ADDRESS> or pay <IBAN_CODE>"
    assert dropped.num_rows == 0
    assert scrub.counts_by_input() == {kept["input"][0].as_py(): {"EMAIL_ADDRESS": 1, "IBAN_CODE": 1}}
    assert scrub.counts_by_input() == {}


def test_scrub_columns_speakers_leave_and_view_joins():
    kept, _ = build(Config(), Place("s", "books"))(batch_of(record("Nothing here.", speakers=("Ann",))))
    names = [name for name in RAW_SCHEMA.names if name != "speakers"]
    assert kept.schema.names == [*names, "view"]
    assert kept.column("view").to_pylist() == [None]


def test_scrub_speaker_mentions_share_the_pseudonym_of_the_label():
    text = "Zbyszek: hi\nola_88: hi Zbyszek, it is ola_88"
    kept, _ = build(Config(), Place("s", "chat"))(batch_of(record(text, speakers=("Zbyszek", "ola_88"))))
    assert kept.column("text").to_pylist() == ["<PERSON_1>: hi\n<PERSON_2>: hi <PERSON_1>, it is <PERSON_2>"]


def test_scrub_same_value_gets_same_surrogate_and_copies_share_the_view():
    scrub = build(Config(replace="surrogate"), Place("s", "web"))
    other = "anna.nowak@gmail.com"
    first = scrub.text(f"{MAIL} {other} {MAIL.upper()}", "en")
    second = scrub.text(f"{other} {MAIL} {other}", "en")
    assert first == second
    words = first.text.split()
    assert words[0] == words[2] != words[1]


def test_scrub_drops_origin_becomes_publishable():
    rows = [{"input": "i", "origin": f"{MAIL}/Ann.txt", "work": "w", "reason": "empty", "speakers": ["Ann"]}]
    drops = pa.RecordBatch.from_pylist(rows, schema=DROP_SCHEMA.append(pa.field("speakers", pa.list_(pa.string()))))
    clean = build(Config(), Place("s", "chat")).scrub_drops(drops)
    assert clean.schema == DROP_SCHEMA
    assert clean.to_pylist()[0]["origin"] == "<EMAIL_ADDRESS>/<PERSON>.txt"


def test_scrub_disabled_text_stays():
    kept, _ = build(Config(enabled=False), Place("s", "web"))(batch_of(record(MAIL)))
    assert kept.column("text").to_pylist() == [MAIL]


def test_policy_kind_with_own_entities_keeps_the_others():
    config = Config(kinds={"web": KindPolicy(entities=("IBAN_CODE",))})
    assert build(config, Place("s", "web")).text(f"{MAIL} {IBAN}", "en").text == f"{MAIL} <IBAN_CODE>"
