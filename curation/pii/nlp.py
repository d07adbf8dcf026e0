"""The NLP engines Presidio works on: blank spaCy pipelines, nothing downloaded.

`word_engine` gives each token itself as its lemma: on a plain `spacy.blank` pipeline every lemma is the empty string,
and Presidio's context words never match anything. Tokenizer exceptions that contain white space (ru, es, ar: "EE. UU.")
are left out, so that a text's tokens can be looked up piece by piece between white space. Languages whose tokenizer
needs a library of its own (ja, zh, th, ko) use the multilingual one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from curation.pii.splitting import Splitter

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpEngine
    from spacy.language import Language

OWN_TOKENIZER = frozenset(
    (
        *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it"),
        *("lt", "lv", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk"),
    )
)


def blank(language: str) -> Language:
    """A blank pipeline for the language, or the multilingual one."""
    import spacy

    pipeline = spacy.blank(language if language in OWN_TOKENIZER else "xx")
    tokenizer: Any = pipeline.tokenizer
    tokenizer.rules = {text: rule for text, rule in tokenizer.rules.items() if len(text.split()) == 1 or not text.strip()}
    return pipeline


def word_engine(language: str) -> NlpEngine:
    """Presidio NLP engine of one language: tokens as lemmas, no entities."""
    pipeline = blank(language)
    return engine_of({language: pipeline}, words_as_lemmas=True)


def engine_of(pipelines: dict[str, Language], words_as_lemmas: bool = False) -> NlpEngine:
    """Presidio NLP engine around loaded spaCy pipelines, one per language."""
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

    class Loaded(SpacyNlpEngine):
        def _doc_to_nlp_artifact(self, doc: Any, language: str) -> NlpArtifacts:
            if words_as_lemmas:
                for token in doc:
                    token.lemma_ = token.text
            return super()._doc_to_nlp_artifact(doc, language)

    engine: Any = Loaded(models=[{"lang_code": language, "model_name": "blank"} for language in pipelines])
    engine.nlp = dict(pipelines)
    engine.words_as_lemmas = words_as_lemmas
    return cast("NlpEngine", engine)


class Pieces:
    """Tokens of stretches of text, for an engine that tokenizes each stretch by itself (`is_piecewise`)."""

    def __init__(self, nlp_engine: Any, language: str) -> None:
        from spacy.attrs import IS_PUNCT, IS_STOP

        self._engine = nlp_engine
        self._language = language
        pipeline = nlp_engine.nlp[language]
        self._tokenizer: Any = pipeline.tokenizer
        self._splitter = Splitter(self._tokenizer)
        # Asked of the vocabulary these two make an entry with a dozen other attributes for each new word: 40 µs.
        self._is_stop = pipeline.vocab.lex_attr_getters[IS_STOP]
        self._is_punct = pipeline.vocab.lex_attr_getters[IS_PUNCT]
        self.has_words = getattr(nlp_engine, "words_as_lemmas", False)
        self.stop_words: frozenset[str] = frozenset(pipeline.Defaults.stop_words)

    def tokens(self, piece: str) -> Iterator[tuple[int, str]]:
        """(end, lemma) of each token."""
        if not self.has_words:
            artifacts = self._engine.process_text(piece, self._language)
            for token, start, lemma in zip(artifacts.tokens, artifacts.tokens_indices, artifacts.lemmas, strict=True):
                yield start + len(token), lemma
        elif piece.isspace() or (tokens := self._splitter.tokens(piece)) is None:
            for token in self._tokenizer(piece):
                yield token.idx + len(token), token.text
        else:
            end = 0
            for text in tokens:
                end += len(text)
                yield end, text

    def is_keyword(self, lemma: str) -> bool:
        """Would Presidio take this lemma into its list of keywords?"""
        if lemma.isalnum() and lemma.isascii():
            lower = lemma.lower()
            return lower not in self.stop_words and lemma != "be"  # what the two attributes come to, without their calls
        return not self._is_stop(lemma) and not self._is_punct(lemma) and lemma not in ("-PRON-", "be")


def is_piecewise(nlp_engine: Any, language: str) -> bool:
    """Does this engine give the same tokens for stretches between white space as for the whole text?

    Blank spaCy tokenizers do, unless an exception of theirs holds white space.
    """
    from spacy.tokenizer import Tokenizer

    pipeline = (getattr(nlp_engine, "nlp", None) or {}).get(language)
    if pipeline is None or pipeline.pipe_names or type(pipeline.tokenizer) is not Tokenizer:
        return False
    return all(len(text.split()) <= 1 for text in pipeline.tokenizer.rules)
