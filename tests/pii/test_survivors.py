"""What must survive: text that looks like personal data to a pattern and is none."""

import ast

import pytest

from curation.pii import Config, build
from curation.stage import Place

SURVIVORS = [
    ("books", "ISBN 978-3-16-148410-0, first printed in 1984, reprinted 1991-1993."),
    ("books", "In the year 1812 he crossed the river; on 24 June 1812 there were 600,000 men."),
    ("books", "Two roads diverged in a yellow wood,\nAnd sorry I could not travel both"),
    ("wiki", "The population was 38,036,118 in 2021 (2011: 38,511,824)."),
    ("wiki", "ISBN 0-306-40615-2; doi:10.1000/182; arXiv:2101.00027; PMID 12345678"),
    ("wiki", "1.e4 e5 2.Nf3 Nc6 3.Bb5 a6 4.Ba4 Nf6 5.0-0 Be7 6.Re1 b5 7.Bb3 d6"),
    ("wiki", "52\u00b013\u203214\u2033N 21\u00b000\u203230\u2033E, altitude 112.5 m, 1 234 567 km\u00b2"),
    ("papers", "x = 3.14159265358979, p < 0.0001, n = 1024, 95% CI 1.02-1.45, 2.998e8"),
    ("papers", "pp. 211-227 (2003), vol. 12(3), 10.1038/nature12373"),
    ("code", "MAX = 0xDEADBEEF\nprimes = [2147483647, 4294967291, 1000000007]\nversion = '10.0.19041.1'"),
    ("code", "pip install numpy==1.26.4 # python 3.11.7, glibc 2.31.0.1"),
    ("code", "addr = '127.0.0.1'; mask = '255.255.255.0'; any_ = '0.0.0.0'; lan = '192.168.1.10'"),
    ("code", "git checkout 3053ef0a1b2c; sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'"),
    ("code", "user = 'someone@example.com'  # RFC 2606"),
    ("code", "even = sample[::2]; odd = sample[1::2]; window = memoryview(data)[::2]"),
    ("code", "git clone git@github.com:owner/name.git && git remote add up git@gitlab.com:owner/name.git"),
    ("code", "expected = [1.1186704635620117, 0.18305328488349915, 2.3153159618377686]"),
    ("code", "ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'; DIGITS = '0123456789'  # telephone keys"),
    ("code", "url = 'https://xxxx:xxxx@xxxxxxx.com/x'; CRC = 0x04C11DB7; seed = 6364136223846793005"),
    ("code", "std::chrono::seconds(3600); #ff8800; UUID('123e4567-e89b-12d3-a456-426614174000')"),
    ("wiki", "Russians 111 016 896 (2010: 80.9 %), 046 454 286 of all; \u2014 ISBN 046 454 286-0"),
    ("wiki", "1100 1099 1098 1097 1096 1095 1094 1093\n1060 1059 1058 1057 1056 1055 1054 1053"),
    ("wiki", "Actinopterygii at UntamedScience.com\nFishes at Zawietrzna.org"),
    ("wiki", "The residents, 126 740 000 of them (2017), live on 377 944 km2."),
    ("wiki", "1. d4 Nf6 2. c4 e6 3. Nf3 b6 4. g3 Ba6 5. b3 Bb4+ 6. Bd2 Be7 7. Bg2 c6 8. 0-0 d5 1/2-1/2"),
    ("wiki", "Isotopes: 235.0439299 u, 238.0507882 u; half-life 4.468e9 years, density 19.1 g/cm3"),
    ("books", "Chapter 12. 12-14 July 1789. No. 23, 4 vols. 8vo. 1801-1805. Price 3s. 6d. or $1,250.00"),
    ("books", "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:"),
    ("papers", "Eq. (12): a_{ij} = 0.123456789, b = 987654321012345, \\chi^2(23) = 45.67, 10^{-12}"),
    ("papers", "J. Phys. 12 (2003) 1234-1245; PACS 03.65.Ud; MSC 2010: 11-02; OCLC 123456789"),
    ("chat", "see you at 10:30 on 2023-11-05, room 1204, 3.5.1.2 is out"),
    ("chat", "use @property or @dataclass, not @staticmethod"),
]


@pytest.mark.parametrize(("kind", "text"), SURVIVORS)
def test_scrub_text_without_personal_data_stays(kind, text):
    assert build(Config(), Place("s", kind)).text(text, "en").text == text


@pytest.mark.parametrize("replace", ["placeholder", "surrogate"])
def test_scrub_code_still_parses(replace):
    code = (
        "KEY = 'AKIAQWERTYUIOPASDFGH'\nURL = \"postgres://bob:hunter2x@db.corp.pl/prod\"\n"
        "mail = 'jan.kowalski@poczta.onet.pl'  # +48 601 234 567\nCARD = '4111 1111 1111 1111'\n"
    )
    scrubbed = build(Config(replace=replace), Place("s", "code")).text(code, "python").text
    assert ast.dump(ast.parse(scrubbed)) != ast.dump(ast.parse(code))
    assert not any(value in scrubbed for value in ("AKIAQWERTY", "hunter2x", "kowalski", "4111 1111"))


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("my ip is 5.9.17.31 today", True),
        ("ping 5.9.17.31 and tell me", True),
        ("we run release 5.9.17.31 today", False),
        ("server version 5.9.17.31 is out", False),
        ("see section 5.9.17.31 of it", False),
    ],
)
def test_scrub_four_small_numbers_are_an_address_where_a_word_says_so(text, is_address):
    assert ("5.9.17.31" not in build(Config(), Place("s", "chat")).text(text, "en").text) == is_address
