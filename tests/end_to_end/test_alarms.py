"""A run that loses far more than it should stops before a tokenizer, says why and where to look, and goes on when told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation import manifest, pipeline, release
from curation.cli import main
from curation.errors import AlarmError
from curation.recipe import Recipe, load
from curation.segment import scan
from tests.end_to_end.conftest import LETTERS, make_corpus, prose

FOOTER = "You receive this message because you signed up for it on one of our many pages."


def with_lines(recipe: Path, lines: str) -> Recipe:
    path = recipe.with_name("changed.toml")
    path.write_text(recipe.read_text() + lines)
    return load(path)


def ids_in(sentence: str) -> list[str]:
    return [word.strip(")") for word in sentence.partition("look at ")[2].split(";")[0].split()]


def ids_of(workspace: Path, source: str) -> set[str]:
    found: set[str] = set()
    for folder in (workspace / "segments").iterdir():
        for batch in scan(folder / "scores-00000.parquet", ["id", "source"]):
            rows = zip(batch["id"].to_pylist(), batch["source"].to_pylist(), strict=True)
            found |= {key for key, name in rows if name == source}
    return found


STRICT = "[quality.limits]\nfew_words = 400\n"  # every talk and the code fall below it, no book does


def test_source_and_language_that_lose_too_much_stop_the_run_with_reason_and_ids(tmp_path: Path) -> None:
    recipe = with_lines(make_corpus(tmp_path), STRICT + "[alarms]\nmin_documents = 6\nmax_dropped = 0.4\n")
    with pytest.raises(AlarmError) as stopped:
        pipeline.run(recipe)
    talks, language = str(stopped.value).split("; allowed: 40.0%")[:2]
    assert talks.startswith("source `talks` loses 100.0% of 6 documents (most for `few_words`: 6; look at ")
    assert language.startswith("; language `en` loses")
    assert "most for `few_words`: 6" in language
    assert "source `books`" not in str(stopped.value)
    assert len(ids_in(talks)) == 3
    assert set(ids_in(talks)) <= ids_of(recipe.workspace, "talks")
    assert set(ids_in(language)) <= ids_of(recipe.workspace, "talks")
    assert prose(100, 4)[:30] not in str(stopped.value)
    assert release.newest(recipe.workspace) is None
    assert not list((recipe.workspace / "steps").glob("tokenizer-*"))


def test_what_was_lost_before_it_had_an_id_is_named_by_its_scrubbed_origin(tmp_path: Path) -> None:
    recipe = with_lines(make_corpus(tmp_path), "[alarms]\nmin_documents = 6\nmax_dropped = 0.4\n")
    for number in range(40):
        (tmp_path / "dumps" / "books" / f"sent by reader{number}@harbour.net {number}.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(AlarmError) as stopped:
        pipeline.run(recipe)
    sentence = str(stopped.value)
    assert 'most for `media`: 40; look at "sent by ' in sentence
    assert "@harbour.net" not in sentence
    place = sentence.partition('look at "')[2].partition('"')[0]
    assert main(["explain", place, "--workspace", str(recipe.workspace)]) == 0


def test_ignored_alarm_and_one_that_only_warns_end_in_a_release_that_names_it(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path)
    bound = "[alarms]\nmin_documents = 6\nmax_dropped = 0.5\n"
    recipe = with_lines(corpus, STRICT + bound)
    ignored = pipeline.run(recipe, ignore_alarms=True)
    assert [alarm[:14] for alarm in ignored["alarms"]] == ["source `talks`"]
    assert manifest.read(Path(ignored["path"]))["alarms"] == ignored["alarms"]
    warned = pipeline.run(with_lines(corpus, STRICT + bound + 'action = "warn"\n'))
    assert warned["alarms"] == ignored["alarms"]
    assert warned["release"] == ignored["release"]


def test_loss_far_above_the_previous_release_stops_the_run_and_leaves_that_release_in_force(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path)
    bound = "[alarms]\nmin_documents = 6\nmax_dropped = 1.0\n"
    first = pipeline.run(with_lines(corpus, bound))
    assert first["alarms"] == []
    with pytest.raises(AlarmError) as stopped:
        pipeline.run(with_lines(corpus, STRICT + bound))
    assert "source `talks` loses 100.0% of its documents, 0.0% in the previous release (most for `few_words`" in str(
        stopped.value
    )
    assert release.newest(load(corpus).workspace) == Path(first["path"])
    gone_on = pipeline.run(with_lines(corpus, STRICT + bound), ignore_alarms=True)
    assert gone_on["release"] != first["release"]
    assert pipeline.run(with_lines(corpus, STRICT + bound))["alarms"] == []  # now the previous release loses as much


def test_characters_inside_documents_stop_the_run_and_name_the_stage_and_the_documents_that_lost_most(tmp_path: Path) -> None:
    (tmp_path / "dumps").mkdir()
    texts = [prose(number, 5 + number % 3) for number in range(30)]
    footers = [f"{FOOTER}\n{FOOTER[::-1]}\n{FOOTER[:40]}", ""]
    lines = [{"text": f"{text}\n\n{footers[number % 2]}"} for number, text in enumerate(texts)]
    (tmp_path / "dumps/letters.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "small.toml").write_text('vocab_size = 400\npretokenizer = "gpt-2"\n')
    (tmp_path / "recipe.toml").write_text(LETTERS + "[alarms]\nmin_documents = 20\nmax_removed = 0.05\n")
    recipe = load(tmp_path / "recipe.toml")
    with pytest.raises(AlarmError) as stopped:
        pipeline.run(recipe)
    source, language = str(stopped.value).split("; allowed: 5.0%")[:2]
    assert "source `letters` loses" in source
    assert "characters inside documents (most by `boilerplate`: " in source
    assert "language `en` loses" in language
    assert ids_in(source) == ids_in(language)
    lost: dict[str, int] = {}
    for folder in (recipe.workspace / "segments").iterdir():
        for row in (row for batch in scan(folder / "scores-00000.parquet") for row in batch.to_pylist()):
            lost[row["id"]] = row["chars_read"] - row["num_chars"]
    assert sorted(lost.values(), reverse=True)[:3] == [lost[key] for key in ids_in(source)]
    assert pipeline.run(recipe, ignore_alarms=True)["release"]


def test_marks_of_turns_are_no_characters_that_a_document_lost(tmp_path: Path) -> None:
    make_corpus(tmp_path)
    talks = [
        {"messages": [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": f"Is it {n}?"}] * 4}
        for n in range(20)
    ]
    (tmp_path / "dumps/chat/talks.jsonl").write_text("".join(json.dumps(talk) + "\n" for talk in talks))
    recipe = with_lines(tmp_path / "recipe.toml", "[alarms]\nmin_documents = 5\nmax_removed = 0.0\n")
    found = pipeline.run(recipe, until="split")
    assert found["sources"]["talks"]["kept"] == 20
    assert found["alarms"] == []


def test_alarm_is_one_message_of_the_command_and_the_flag_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_lines(make_corpus(tmp_path), STRICT + "[alarms]\nmin_documents = 6\nmax_dropped = 0.5\n")
    command = ["run", str(tmp_path / "changed.toml")]
    assert main(command) == 1
    told = capsys.readouterr()
    assert "error: source `talks` loses 100.0%" in told.err
    assert "--ignore-alarms" in told.err
    explain = ["explain", ids_in(told.err)[0], "--workspace", str(tmp_path / "ws")]
    assert main(explain) == 0
    told_of = capsys.readouterr().out
    assert "come to no release" in told_of
    assert "few_words" in told_of
    assert main(["explain", "copy-of-2", "--workspace", str(tmp_path / "ws")]) == 0
    assert "exact_duplicate" in capsys.readouterr().out
    assert main([*command, "--ignore-alarms"]) == 0
    capsys.readouterr()
    assert main(explain) == 0
    assert "come to no release" not in capsys.readouterr().out


def test_explain_tells_what_a_stopped_run_decided_not_what_the_release_before_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = make_corpus(tmp_path)
    pipeline.run(load(corpus))
    strict = with_lines(corpus, STRICT + "[alarms]\nmin_documents = 6\n")
    with pytest.raises(AlarmError) as stopped:
        pipeline.run(strict)
    explain = ["explain", ids_in(str(stopped.value))[0], "--workspace", str(tmp_path / "ws")]
    assert main(explain) == 0
    assert "dropped" in capsys.readouterr().out
    pipeline.run(load(corpus))
    assert main(explain) == 0
    assert "kept" in capsys.readouterr().out
