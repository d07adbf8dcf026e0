"""National numbers that the schemes' authorities or their standards print as examples, and near-misses of them, in a sentence."""

import pytest

from curation.pii import Config, build
from curation.stage import Place

# language, sentence with a place for the number, type, valid, near-misses
NUMBERS = [
    ("en", "my SSN is {}", "US_SSN", "536-22-8726", ("000-22-8726", "666-22-8726", "536-00-8726")),
    ("en", "my ITIN is {}", "US_ITIN", "912-80-1234", ("912-10-1234",)),
    ("en", "my passport {}", "US_PASSPORT", "A12345678", ("A1234567",)),
    ("en", "driver license {}", "US_DRIVER_LICENSE", "A1234567", ("1A234567",)),
    ("en", "NHS number {}", "UK_NHS", "943 476 5919", ("943 476 5918",)),
    ("en", "national insurance {}", "UK_NINO", "AB 12 34 56 C", ("BG 12 34 56 C", "AB 12 34 56 E")),
    ("en", "it was {} then", "UK_NHS", "0032698674", ("0032698675", "1032698670")),
    ("en", "it was {} then", "AU_MEDICARE", "2123 45670 1", ("2123 45671 1", "9123 45670 1")),
    ("en", "it was {} then", "AU_ABN", "51 824 753 556", ("51 824 753 557",)),
    ("en", "it was {} then", "IN_AADHAAR", "3123 4567 8909", ("3123 4567 8908", "3123 4567-8909")),
    ("en", "it was {} then", "CA_SIN", "130-692-544", ("130-692-545", "130 692 544")),
    ("en", "it was {} then", "US_ITIN", "911-53-1234", ("911-13-1234",)),
    ("it", "fattura {}", "IT_VAT_CODE", "IT01333550323", ("IT01333550324",)),
    ("pl", "PESEL {}", "PL_PESEL", "44051401359", ("44051401358",)),
    ("pl", "NIP {}", "PL_NIP", "106-00-00-062", ("106-00-00-063",)),
    ("pl", "REGON {}", "PL_REGON", "123456785", ("123456786",)),
    ("pl", "dowód osobisty {}", "PL_ID_CARD", "ABA300000", ("ABA400000",)),
    ("ru", "паспорт {}", "RU_PASSPORT", "4504 123456", ("4504 12345",)),
    ("ru", "ИНН {}", "RU_INN", "500100732259", ("500100732258",)),
    ("ru", "СНИЛС {}", "RU_SNILS", "112-233-445 95", ("112-233-445 96",)),
    ("fa", "کد ملی {}", "IR_NATIONAL_CODE", "0499370899", ("0499370898",)),
    ("fa", "کارت {}", "IR_BANK_CARD", "6037991234567893", ("6037991234567894",)),
    ("es", "DNI {}", "ES_NIF", "12345678Z", ("12345678A",)),
    ("es", "NIE {}", "ES_NIE", "X1234567L", ("X1234567M",)),
    ("it", "codice fiscale {}", "IT_FISCAL_CODE", "RSSMRA85T10A562S", ("RSSMRA85T10A562T",)),
    ("de", "Steuer-ID {}", "DE_TAX_ID", "86095742719", ("86095742710",)),
    ("fr", "sécu {}", "FR_NIR", "2 55 08 14 168 025 38", ("2 55 08 14 168 025 39",)),
    ("tr", "kimlik {}", "TR_NATIONAL_ID", "10000000146", ("10000000147",)),
    ("fi", "henkilötunnus {}", "FI_PERSONAL_IDENTITY_CODE", "131052-308T", ("131052-308U",)),
    ("uk", "РНОКПП {}", "UA_RNOKPP", "1234567899", ("1234567898",)),
    ("cs", "rodné číslo {}", "CZ_BIRTH_NUMBER", "736028/5163", ("736028/5164",)),
    ("en", "IBAN {}", "IBAN_CODE", "GB82 WEST 1234 5698 7654 32", ("GB83 WEST 1234 5698 7654 32",)),
    ("en", "wallet {}", "CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",)),
    ("en", "host {} is up", "MAC_ADDRESS", "3c:22:fb:10:9a:e1", ("3c:22:fb:10:9a", "3c:22:fb:10:9a:g1")),
]


@pytest.mark.parametrize(
    ("language", "sentence", "entity", "valid", "near"), NUMBERS, ids=[f"{row[2]}-{row[3]}" for row in NUMBERS]
)
def test_number_of_a_scheme_is_found_and_near_misses_are_not(language, sentence, entity, valid, near):
    scrub = build(Config(), Place("s", "chat"))
    assert [span.entity for span in scrub.find(sentence.format(valid), language)] == [entity]
    assert all(entity not in [span.entity for span in scrub.find(sentence.format(value), language)] for value in near)
