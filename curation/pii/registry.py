"""Which Presidio recognizers read a text, by its language.

Everywhere: e-mail, phone, IP, MAC, cards, IBAN, wallets. National schemes only in texts of their languages: eleven
digits are a PESEL in Polish and anything else elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, RecognizerRegistry

ENGLISH = (
    *("UsBankRecognizer", "UsLicenseRecognizer", "UsItinRecognizer", "UsPassportRecognizer", "UsSsnRecognizer"),
    *("NhsRecognizer", "UkNinoRecognizer", "MedicalLicenseRecognizer"),
)

NATIONAL: dict[str, tuple[str, ...]] = {
    "en": ENGLISH,
    "pl": ("PlPeselRecognizer",),
    "es": ("EsNifRecognizer", "EsNieRecognizer"),
    "it": ("ItDriverLicenseRecognizer", "ItFiscalCodeRecognizer", "ItVatCodeRecognizer", "ItPassportRecognizer"),
}

REGIONS: dict[str, tuple[str, ...]] = {
    "en": ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"),
    "pl": ("PL",),
    "ru": ("RU",),
    "fa": ("IR",),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "es": ("ES", "MX", "AR"),
    "it": ("IT",),
    "uk": ("UA",),
    "cs": ("CZ",),
}


def recognizers(language: str) -> list[EntityRecognizer]:
    """Fresh recognizers for texts of one language."""
    from presidio_analyzer import predefined_recognizers as shipped

    made: list[Any] = [
        offline_email(language),
        shipped.PhoneRecognizer(supported_language=language, supported_regions=REGIONS.get(language, REGIONS["en"])),
        shipped.IpRecognizer(supported_language=language),
        shipped.MacAddressRecognizer(supported_language=language),
        shipped.CreditCardRecognizer(supported_language=language),
        shipped.IbanRecognizer(supported_language=language),
        shipped.CryptoRecognizer(supported_language=language),
    ]
    made += [getattr(shipped, name)(supported_language=language) for name in NATIONAL.get(language, ())]
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
def _suffixes() -> Any:
    import tldextract

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)
