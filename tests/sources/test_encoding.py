"""Bytes to text: what decides, and that doubt is said."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.sources.encoding import decode, is_binary

POLISH = "Zażółć gęślą jaźń. Wieczorem poszliśmy nad rzekę, gdzie łódź już czekała, a książę śmiał się głośno.\n" * 3
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, zatímco děti běžely přes louku za řekou.\n" * 3
GERMAN = "Die Brüder gingen über die Straße und grüßten höflich; später aßen sie Äpfel für zwölf Groschen.\n" * 3
FRENCH = "L'été dernier, à Besançon, la forêt était très belle ; où êtes-vous allés après le dîner, déjà fatigués ?\n" * 3
RUSSIAN = "Вечером мы пошли к реке, где уже ждала лодка, а сосед громко смеялся над нашей собакой.\n" * 3
UKRAINIAN = "Увечері ми пішли до річки, де вже чекав човен, і їхній сусід голосно сміявся.\n" * 3
GREEK = "Το βράδυ πήγαμε στο ποτάμι, όπου μας περίμενε η βάρκα, και ο γείτονας γελούσε δυνατά.\n" * 3
HEBREW = "בערב הלכנו אל הנהר, שם כבר חיכתה הסירה, והשכן צחק בקול רם.\n" * 3
ARABIC = "في المساء ذهبنا إلى النهر حيث كان القارب ينتظرنا، وكان الجار يضحك بصوت عال.\n" * 3
TURKISH = "Akşamleyin ırmağa gittik; kayık bizi bekliyordu, komşumuz da yüksek sesle gülüyordu, çok şaşırdık.\n" * 3
JAPANESE = "夕方、私たちは川へ行きました。そこではもう舟が待っていて、隣の人が大きな声で笑っていました。\n" * 3
CHINESE = "傍晚我们去了河边，船已经在那里等着，邻居大声地笑着，孩子们在草地上跑来跑去。\n" * 3
TAIWANESE = "傍晚我們去了河邊，船已經在那裡等著，鄰居大聲地笑著，孩子們在草地上跑來跑去。\n" * 3
KOREAN = "저녁에 우리는 강으로 갔는데 배가 벌써 기다리고 있었고 이웃이 크게 웃었다.\n" * 3
THAI = "ตอนเย็นเราไปที่แม่น้ำ เรือรออยู่แล้ว และเพื่อนบ้านหัวเราะเสียงดัง\n" * 3


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (POLISH, "cp1250"), (POLISH, "iso8859_2"), (CZECH, "cp1250"), (CZECH, "iso8859_2"), (GERMAN, "latin-1"),
        (FRENCH, "cp1252"), (FRENCH, "mac_roman"), (GERMAN, "cp850"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"), (RUSSIAN, "iso8859_5"), (RUSSIAN, "mac_cyrillic"), (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8_u"), (GREEK, "iso8859_7"), (GREEK, "cp1253"), (HEBREW, "cp1255"), (ARABIC, "cp1256"),
        (TURKISH, "cp1254"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp"), (JAPANESE, "iso2022_jp"), (CHINESE, "gb18030"),
        (TAIWANESE, "big5"), (KOREAN, "euc_kr"), (THAI, "tis_620"),
    ],
)  # fmt: skip
def test_decode_undeclared_legacy_text_is_recognized(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert not decoded.doubtful


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (codecs.BOM_UTF8 + "żółw".encode(), "żółw"),
        (codecs.BOM_UTF16_LE + "żółw".encode("utf-16-le"), "żółw"),
        (codecs.BOM_UTF16_BE + "żółw".encode("utf-16-be"), "żółw"),
        (codecs.BOM_UTF32_LE + "żółw".encode("utf-32-le"), "żółw"),
        ("Plain text without a mark".encode("utf-16-le"), "Plain text without a mark"),
        ("Plain text without a mark".encode("utf-16-be"), "Plain text without a mark"),
        ("Plain text without a mark".encode("utf-32-be"), "Plain text without a mark"),
        (CHINESE.encode("utf-16-le"), CHINESE),
    ],
)
def test_decode_wide_and_marked_text_is_read_without_doubt(data: bytes, text: str) -> None:
    assert (decode(data).text, decode(data).doubtful) == (text, False)


def test_decode_valid_utf8_overrules_a_wrong_declaration() -> None:
    assert decode(RUSSIAN.encode(), "windows-1251").text == RUSSIAN


def test_decode_declaration_decides_where_bytes_fit_it() -> None:
    assert decode("Ã".encode("cp1252") * 3, "windows-1253").text == "Γ" * 3


def test_decode_latin1_declaration_means_windows_1252() -> None:
    assert decode("“quoted” – é".encode("cp1252"), "ISO-8859-1").text == "“quoted” – é"


def test_decode_unknown_or_dangerous_declaration_is_ignored() -> None:
    for declared in ("rot13", "x-unknown", "idna", "zlib_codec", "\0", "unicode_escape"):
        assert decode(RUSSIAN.encode("cp1251"), declared).text == RUSSIAN


def test_decode_broken_utf8_is_said_to_be_doubtful() -> None:
    decoded = decode(RUSSIAN.encode()[:-2] + b"\xff")
    assert decoded.encoding == "utf-8"
    assert decoded.doubtful


def test_decode_noise_is_said_to_be_doubtful() -> None:
    assert decode(bytes(range(128, 256)) * 20).doubtful


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x7fELF\2\1\1\0\0\0\0", bytes(range(256)) * 10])
def test_is_binary_content_without_text_is_recognized(data: bytes) -> None:
    assert is_binary(data)


@pytest.mark.parametrize(
    "data", [RUSSIAN.encode("koi8_r"), POLISH.encode("utf-16"), JAPANESE.encode("iso2022_jp"), b"a\x0cb\x1a"]
)
def test_is_binary_text_in_any_encoding_is_not(data: bytes) -> None:
    assert not is_binary(data)


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "cp1251", "utf-16", "big5", "nonsense"]))
def test_decode_any_bytes_gives_text_without_error(data: bytes, declared: str | None) -> None:
    assert isinstance(decode(data, declared).text, str)


def test_decode_iso2022_cut_within_a_character_loses_that_one_alone() -> None:
    text = "世界人権宣言は北の港で読まれた。" * 20
    data = text.encode("iso2022_jp")
    cut = data[: data.rindex(b"\x1b(B") - 1]
    decoded = decode(cut)
    assert (decoded.encoding, decoded.doubtful) == ("iso2022_jp_2", True)
    assert decoded.text.rstrip("\ufffd") == text[:-1]
