"""WhatsApp in the languages and clocks of its exports: stamps, and what it writes in place of words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.chats import whatsapp
from tests.sources.material import make_zip
from tests.sources.reading import read_all, write

STAMPS = {
    "us": "1/13/24, 10:05\u202fPM - ", "za": "2024/01/13, 22:05 - ", "fr-ca": "2024-01-13 22 h 05 - ",
    "de": "13.01.24 um 22:05 - ", "de-ios": "[13.01.24, 22:05:00] ", "pl": "13.01.2024, 22:05 - ", "ru": "13.01.2024, 22:05 - ",
    "fr": "13/01/2024 à 22:05 - ", "es": "13/1/24, 10:05 p.\xa0m. - ", "pt": "13/01/2024 às 22:05 - ", "it": "13/01/24, 22:05 - ",
    "tr": "13.01.2024 ÖS 10:05 - ", "ar": "١٣/٠١/٢٠٢٤, ١٠:٠٥ م - ", "fa": "۱۴۰۲/۱۰/۲۳، ۱۰:۰۵ ب.ظ. - ",
    "fa-ios": "[۱۴۰۲/۱۰/۲۳،\u200f ۲۲:۰۵:۰۰] ", "hi": "१३/०१/२४, १०:०५ अपराह्न - ", "zh": "2024年1月13日 22:05 - ",
    "zh-tw": "[2024/1/13 下午10:05:00] ", "ja": "2024/1/13 午後10:05 - ", "ko": "2024년 1월 13일 오후 10:05 - ",
    "nl": "[13-01-2024 22:05:00] ", "fi": "[13.1.2024 klo 22.05.00] ", "hu": "[2024. 01. 13. 22:05:00] ",
    "hr": "13. 01. 2024. 22:05 - ",
    "th": "[13/1/2567 BE 22:05:00] ", "vi": "[22:05, 13/01/2024] ", "copied": "[10:05 PM, 1/13/2024] ",
    "old-ios": "13.01.24, 22:05:00: ",
    "old-ios-us": "1/13/24, 10:05:00 PM: ",
}  # fmt: skip


@pytest.mark.parametrize("locale", sorted(STAMPS))
def test_whatsapp_stamp_of_each_language_and_clock_is_the_same_minute(locale: str) -> None:
    stamp = STAMPS[locale]
    text = f"\ufeff{stamp}Ada Lo: one\r\nsecond line\r\n{stamp}+49 170 1: two: three\r\n"
    assert whatsapp.is_chat(text)
    time = datetime(2024, 1, 13, 22, 5, tzinfo=UTC)
    assert [(m.author, m.text, m.time) for m in whatsapp.messages(text)] == [
        ("Ada Lo", "one\nsecond line", time),
        ("+49 170 1", "two: three", time),
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("<Medien ausgeschlossen>", "media"), ("<省略多媒体文件>", "media"), ("<メディアは含まれていません>", "media"),
        ("Ada Lo.vcf (fichier joint)", "media"), ("IMG-20240101-WA0001.jpg (Datei angehängt)", "media"),
        ("Standort: https://maps.google.com/?q=1,2", "media"), ("Verpasster Sprachanruf", "media"), ("image omitted", "media"),
        ("Mensagem apagada", "deleted"), ("此消息已删除", "deleted"), ("このメッセージは削除されました", "deleted"),
        ("이 메시지는 삭제되었습니다", "deleted"), ("यह मैसेज हटा दिया गया है", "deleted"), ("Bu mesaj silindi", "deleted"),
        ("Usunięto tę wiadomość", "deleted"), ("Это сообщение удалено", "deleted"), ("تم حذف هذه الرسالة", "deleted"),
        ("این پیام حذف شد", "deleted"), ("This message was deleted by admin Bo.", "deleted"),
        ("#include <iostream>", ""), ("<b>", ""), ("see config.py (the new one)", ""), ("the video omitted much", ""),
        ("look: https://maps.google.com/?q=1,2 is nice", ""), ("This message was deleted, I think", ""),
    ],
)  # fmt: skip
def test_whatsapp_words_of_the_program_are_known_in_each_language_and_words_of_people_kept(words: str, reason: str) -> None:
    (found,) = whatsapp.messages(f"13/01/24, 10:00 - Ada: {words}\n")
    assert (found.text, found.reason) == ("" if reason else words, reason)


@pytest.mark.parametrize("note", ["<This message was edited>", "<Diese Nachricht wurde bearbeitet.>", "<此消息已编辑>"])
def test_whatsapp_note_that_a_message_was_edited_goes(note: str) -> None:
    assert [m.text for m in whatsapp.messages(f"13/01/24, 10:00 - Ada: see you {note}\n")] == ["see you"]


def test_log_of_a_program_is_no_chat_of_an_old_phone() -> None:
    assert not whatsapp.is_chat("2024-01-13 10:00:00: ERROR: one\n2024-01-13 10:00:01: ERROR: two\n")
    log = "13-01-2024 10:00:00: <ada> hello: x\n13-01-2024 10:00:01: <bo> hi: y\n"
    assert not whatsapp.is_chat(log)


def test_each_zip_of_an_iphone_is_a_chat_of_its_own(tmp_path: Path) -> None:
    line = "[13.01.24, 22:05:00] Ada Lo: how is the harbour today\n[13.01.24, 22:06:00] Bo Li: as quiet as ever\n"
    files: dict[str, str | bytes] = {f"WhatsApp Chat - {name}.zip": make_zip({"_chat.txt": line}) for name in ("Ada", "Bo")}
    records, _ = read_all(chat, write(tmp_path, files))
    assert len({record.work for record in records}) == 2
