"""The recipe's table `[pii]`: what is scrubbed in which kind of source, and how it is replaced.

    [pii]
    replace = "placeholder"                      # or "surrogate"
    min_score = 0.4                              # context lifts a guess to 0.4 at least
    [pii.kinds.chat]
    replace = "surrogate"                        # the default of code: the shape of a number stays, so code stays code
    [pii.kinds.books]
    entities = ["EMAIL_ADDRESS", "CREDIT_CARD"]  # instead of the default of the kind
    [pii.ner]
    pl = "pl_core_news_sm"                       # an installed spaCy package or a path: names of persons, opt-in

Direct identifiers are scrubbed everywhere. Names only where the dump says who speaks (chat), or where NER is asked
for: public figures stay in encyclopedias and novels.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import Field

from curation.stage import Settings

CONTACTS = ("EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS", "URL_CREDENTIALS")
ACCOUNTS = ("CREDIT_CARD", "IBAN_CODE", "CRYPTO", "PL_NRB", "IR_BANK_CARD")
SECRETS = ("API_KEY", "PRIVATE_KEY", "PASSWORD")
NATIONAL = (
    *("US_SSN", "US_ITIN", "US_MBI", "US_NPI", "UK_NHS", "UK_NINO", "UK_PASSPORT", "UK_DRIVING_LICENCE", "CA_SIN", "SG_NRIC_FIN"),
    *("ZA_ID_NUMBER", "NG_NIN", "AU_ABN", "AU_ACN", "AU_TFN", "AU_MEDICARE", "IN_PAN", "IN_AADHAAR"),
    *("PL_PESEL", "PL_NIP", "PL_REGON", "PL_ID_CARD", "PL_PASSPORT", "RU_PASSPORT", "RU_INN", "RU_SNILS", "IR_NATIONAL_CODE"),
    *("ES_NIF", "ES_NIE", "ES_PASSPORT", "ES_SOCIAL_SECURITY", "FR_NIR", "UA_RNOKPP", "CZ_BIRTH_NUMBER"),
    *("IT_FISCAL_CODE", "IT_DRIVER_LICENSE", "IT_VAT_CODE", "IT_PASSPORT", "IT_IDENTITY_CARD"),
    *("DE_TAX_ID", "DE_TAX_NUMBER", "DE_PASSPORT", "DE_ID_CARD", "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE"),
    *("DE_FUEHRERSCHEIN", "DE_LANR", "DE_BSNR", "FI_PERSONAL_IDENTITY_CODE", "SE_PERSONNUMMER", "TR_NATIONAL_ID", "TH_TNIN"),
    *("KR_RRN", "KR_FRN", "KR_PASSPORT"),
)
# Any run of digits after a word like "account" or "license": where people write about themselves.
GUESSED = ("US_BANK_NUMBER", "US_DRIVER_LICENSE", "US_PASSPORT")
PLACES = ("STREET_ADDRESS",)
NAMES = ("PERSON", "USERNAME")

DIRECT = (*CONTACTS, *ACCOUNTS, *SECRETS, *NATIONAL)
ENTITIES = (*DIRECT, *GUESSED, *PLACES, *NAMES)

Replace = Literal["placeholder", "surrogate"]

# A phone number or a patient's number that no word speaks for scores 0.4: enough where people write to each other, not in
# a table of a paper, a novel's footnote, or a list of books (an ISBN of ten digits has the check digit of the latter).
UNSUPPORTED = ("PHONE_NUMBER", "UK_NHS")
MIN_UNSUPPORTED = {"books": 0.6, "wiki": 0.6, "code": 0.6, "papers": 0.6, "chat": 0.4, "web": 0.4}


DEFAULT_REPLACE: dict[str, Replace] = {"code": "surrogate"}


class KindPolicy(Settings):
    """What one kind of source changes of the defaults."""

    entities: tuple[str, ...] | None = None
    replace: Replace | None = None
    min_score: float | None = Field(default=None, ge=0, le=1)


class Config(Settings):
    """Table `[pii]`."""

    enabled: bool = True
    replace: Replace | None = None
    min_score: float = Field(default=0.4, ge=0, le=1)
    seed: int = 0
    speakers: bool = True
    kinds: dict[str, KindPolicy] = Field(default_factory=dict)
    ner: dict[str, str] = Field(default_factory=dict)


class Rules(NamedTuple):
    """The policy of one source, settled: entity -> lowest score that is replaced; how; with names or not."""

    min_scores: dict[str, float]
    replace: Replace
    speakers: bool


def rules(config: Config, kind: str) -> Rules:
    """The policy for a source of `kind`."""
    own = config.kinds.get(kind, KindPolicy())
    lowest = config.min_score if own.min_score is None else own.min_score
    entities = own.entities if own.entities is not None else default_entities(config, kind)
    scores = dict.fromkeys(entities, lowest)
    if own.min_score is None:
        scores |= {entity: MIN_UNSUPPORTED.get(kind, lowest) for entity in UNSUPPORTED if entity in scores}
    replace = own.replace or config.replace or DEFAULT_REPLACE.get(kind, "placeholder")
    return Rules(scores, replace, config.speakers and kind == "chat")


def default_entities(config: Config, kind: str) -> tuple[str, ...]:
    """Direct identifiers everywhere; addresses and names where people write about themselves."""
    if kind == "chat":
        return ENTITIES
    if kind == "web":
        return (*DIRECT, *GUESSED, *PLACES, "PERSON") if config.ner else (*DIRECT, *GUESSED, *PLACES)
    return DIRECT
