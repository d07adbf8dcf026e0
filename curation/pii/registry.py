"""Which Presidio recognizers read a text, by its language.

Everywhere: e-mail, phone, IP, MAC, cards, IBAN, wallets, keys and tokens, URLs with a password. National schemes only in
texts of their languages: eleven digits are a PESEL in Polish and anything else elsewhere. Where a scheme's checksum
lets one number in ten pass, passing is not enough: a word of its context must stand before the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from curation.pii.schemes import Scheme, schemes_for
from curation.pii.words import CONTEXT, REGIONS

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, RecognizerRegistry

EVERYWHERE = ("IpRecognizer", "MacAddressRecognizer", "CreditCardRecognizer", "IbanRecognizer", "CryptoRecognizer")

# Presidio looks for its words inside other words: "lic" in "application", "us" in "because", "save" for a bank.
OWN_CONTEXT: dict[str, list[str]] = {
    "US_DRIVER_LICENSE": ["driver", "license", "licence", "permit", "identification", "lic#"],
    "US_BANK_NUMBER": ["account", "acct", "bank", "routing", "debit"],
    "US_PASSPORT": ["passport", "travel"],
    "PHONE_NUMBER": ["phone", "telephone", "mobile", "cellphone", "call", "tel", "fax"],
}
# As Presidio's default registry sets them; its IBAN recognizer by itself passes lower case over.
IN_ANY_CASE = re.DOTALL | re.MULTILINE | re.IGNORECASE

# As Presidio ships them.
NATIONAL: dict[str, tuple[str, ...]] = {
    "en": (
        "UsBankRecognizer",
        "UsLicenseRecognizer",
        "UsItinRecognizer",
        "UsPassportRecognizer",
        "UsSsnRecognizer",
        "UkNinoRecognizer",
    ),
    "es": ("EsNifRecognizer", "EsNieRecognizer", "EsPassportRecognizer"),
    "it": ("ItDriverLicenseRecognizer", "ItFiscalCodeRecognizer", "ItPassportRecognizer", "ItIdentityCardRecognizer"),
    "fi": ("FiPersonalIdentityCodeRecognizer",),
    "tr": ("TrNationalIdRecognizer",),
    "th": ("ThTninRecognizer",),
    "ko": ("KrRrnRecognizer", "KrFrnRecognizer", "KrPassportRecognizer"),
    "de": ("DePassportRecognizer", "DeIdCardRecognizer", "DeSocialSecurityRecognizer", "DeHealthInsuranceRecognizer"),
    "sv": ("SePersonnummerRecognizer",),
}
# The same, but a passed checksum alone is not believed.
ASKING_CONTEXT: dict[str, tuple[str, ...]] = {
    "en": (
        *(
            "InAadhaarRecognizer",
            "AuTfnRecognizer",
            "AuMedicareRecognizer",
            "AuAbnRecognizer",
            "AuAcnRecognizer",
        ),
        *(
            "CaSinRecognizer",
            "SgFinRecognizer",
            "ZaIdNumberRecognizer",
            "UsNpiRecognizer",
            "UsMbiRecognizer",
            "UkPassportRecognizer",
        ),
        *("UkDrivingLicenceRecognizer", "NgNinRecognizer"),
    ),
    "it": ("ItVatCodeRecognizer",),
    "de": ("DeTaxIdRecognizer", "DeTaxNumberRecognizer", "DeFuehrerscheinRecognizer", "DeLanrRecognizer", "DeBsnrRecognizer"),
    "fr": ("CaSinRecognizer",),
}


def recognizers(language: str) -> list[EntityRecognizer]:
    """Fresh recognizers for texts of one language."""
    from presidio_analyzer import predefined_recognizers as shipped

    made: list[Any] = [
        offline_email(language),
        shipped.PhoneRecognizer(supported_language=language, supported_regions=REGIONS.get(language, REGIONS[""])),
    ]
    for name in (*EVERYWHERE, *NATIONAL.get(language, ())):
        made.append(getattr(shipped, name)(supported_language=language))
        made[-1].global_regex_flags = IN_ANY_CASE
    for name in ASKING_CONTEXT.get(language, ()):
        made.append(_asking_context(getattr(shipped, name))(supported_language=language))
    made += [recognizer_of(scheme, language) for scheme in schemes_for(language)]
    for recognizer in made:
        recognizer.context = OWN_CONTEXT.get(recognizer.supported_entities[0], recognizer.context)
        words = CONTEXT.get(language, {}).get(recognizer.supported_entities[0], ())
        recognizer.context = [*(recognizer.context or ()), *words]
    return made


def recognizer_of(scheme: Scheme, language: str) -> EntityRecognizer:
    """A Presidio recognizer of a scheme."""
    from presidio_analyzer import Pattern

    patterns = []
    for number, shape in enumerate(scheme.shapes):
        pattern: Any = Pattern(f"{scheme.entity} {number}", shape.regex, shape.score)
        pattern.gate = shape.gate
        patterns.append(pattern)
    made: EntityRecognizer = _scheme_recognizer()(
        supported_entity=scheme.entity,
        name=f"{scheme.entity}_scheme",
        supported_language=language,
        patterns=patterns,
        context=list(scheme.context),
        global_regex_flags=scheme.flags,
    )
    made.is_valid = scheme.is_valid  # type: ignore[attr-defined]
    return made


def registry_of(recognizers: Iterable[EntityRecognizer], language: str) -> RecognizerRegistry:
    """A Presidio registry that holds exactly these."""
    from presidio_analyzer import RecognizerRegistry

    return RecognizerRegistry(recognizers=list(recognizers), supported_languages=[language])


def offline_email(language: str) -> EntityRecognizer:
    """Presidio's e-mail recognizer on the public suffix list that tldextract carries: stock fetches it at first use."""
    from presidio_analyzer.predefined_recognizers import EmailRecognizer

    class OfflineEmailRecognizer(EmailRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return bool(_suffixes()(pattern_text).fqdn)

    return OfflineEmailRecognizer(supported_language=language, name="EmailRecognizer")


@lru_cache(maxsize=1)
def _scheme_recognizer() -> Any:
    from presidio_analyzer import PatternRecognizer

    class SchemeRecognizer(PatternRecognizer):
        is_valid: Any = None

        def validate_result(self, pattern_text: str) -> bool | None:
            return None if self.is_valid is None else self.is_valid(pattern_text)

    return SchemeRecognizer


def _asking_context(kind: Any) -> Any:
    def validate_result(self: Any, pattern_text: str) -> bool | None:
        return False if kind.validate_result(self, pattern_text) is False else None

    return type(kind.__name__, (kind,), {"validate_result": validate_result})


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    import tldextract

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)
