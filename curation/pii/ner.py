"""Names of persons by a spaCy model that the recipe names: opt-in, per language.

`[pii.ner] pl = "pl_core_news_sm"` names an installed package or a folder. Nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.errors import RecipeError

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

LABELS = frozenset(("PERSON", "PER", "persName"))
SCORE = 0.85  # Presidio's for spaCy
MAX_CHARS = 100_000  # spaCy holds about 1 KB a character while it works


def model_files(name: str) -> list[Path]:
    """The files of a model, by package or path; none where it cannot be found."""
    folder = Path(name)
    if not folder.is_dir():
        spec = importlib.util.find_spec(name) if name.isidentifier() else None
        if spec is None or not spec.submodule_search_locations:
            return []
        folder = Path(spec.submodule_search_locations[0])
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def check_model(language: str, name: str) -> None:
    """Raises RecipeError where the model is not there."""
    if not model_files(name):
        raise RecipeError(
            f"no spaCy model for {language!r}",
            where="[pii.ner]",
            got=repr(name),
            expected="an installed package or a folder",
            do=f"Install it (python -m spacy download {name}) or take the line out.",
        )


def spacy_names(name: str, language: str) -> EntityRecognizer:
    """A Presidio recognizer of PERSON around a spaCy model."""
    import spacy
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    pipeline: Any = spacy.load(name)

    class SpacyNames(EntityRecognizer):
        reads_artifacts = False

        def load(self) -> None:
            """Loaded above."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
            found = []
            for offset, part in _parts(text):
                for entity in pipeline(part).ents:
                    if entity.label_ in LABELS:
                        start, end = offset + entity.start_char, offset + entity.end_char
                        found.append(RecognizerResult("PERSON", start, end, SCORE))
            return found

    return SpacyNames(supported_entities=["PERSON"], supported_language=language, name="SpacyNames")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """(offset, part), cut after a line where there is one."""
    start = 0
    while start < len(text):
        end = min(len(text), start + MAX_CHARS)
        if end < len(text):
            end = (text.rfind("\n", start, end) + 1) or end
        yield start, text[start:end]
        start = end
