"""Valid, invalid and near-miss values of every scheme, as its public rules make them."""

import pytest

from curation.pii.schemes import europe, iran, poland, russia, schemes_for
from curation.pii.schemes.scheme import digits_of


@pytest.mark.parametrize(
    ("check", "valid", "near_miss"),
    [
        (poland.is_pesel, "44051401359", ("44051401358", "44133201359", "44050001352")),
        (poland.is_pesel, "02270803624", ("02270803627",)),
        (poland.is_nip, "1060000062", ("1060000063", "0060000062")),
        (poland.is_regon, "123456785", ("123456786",)),
        (poland.is_regon, "12345678512347", ("12345678512348", "12345678612347")),
        (russia.is_inn, "7707083893", ("7707083894",)),
        (russia.is_inn, "500100732259", ("500100732258", "500100732249")),
        (iran.is_national_code, "0499370899", ("0499370898",)),
        (iran.is_bank_card, "6037991234567893", ("6037991234567894", "4111111111111111")),
        (europe.is_rnokpp, "1234567899", ("1234567898",)),
        (europe.is_social_security, "281234567840", ("281234567841", "991234567840")),
    ],
)
def test_checksum_valid_number_passes_and_near_misses_fail(check, valid, near_miss):
    assert check(digits_of(valid))
    assert not any(check(digits_of(value)) for value in near_miss)


@pytest.mark.parametrize(
    ("check", "valid", "near_miss"),
    [
        (poland.is_identity_card, "ABA300000", ("ABA400000",)),
        (poland.is_account, "61 1090 1014 0000 0712 1981 2874", ("62 1090 1014 0000 0712 1981 2874",)),
        (russia.is_snils, "112-233-445 95", ("112-233-445 96", "000-000-000 00")),
        (iran.is_sheba, "IR062960000000100324200001", ("IR072960000000100324200001",)),
        (europe.is_nir, "2 55 08 14 168 025 38", ("2 55 08 14 168 025 39",)),
        (europe.is_birth_number, "736028/5163", ("736028/5164", "739928/5163")),
        (europe.is_nhs, "943 476 5919", ("943 476 5918",)),
    ],
)
def test_written_form_valid_value_is_not_refused_and_near_misses_are(check, valid, near_miss):
    assert check(valid) is not False
    assert all(check(value) is False for value in near_miss)


def test_schemes_of_a_language_leave_out_other_countries():
    entities = {scheme.entity for scheme in schemes_for("de")}
    assert "PL_PESEL" not in entities and "API_KEY" in entities
