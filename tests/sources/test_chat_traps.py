"""What people write that looks like a line of the program, and dates in the words of any language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from curation.sources.chats import google_chat, irc, json_text, listing, messenger, spoken_dates, whatsapp

SPOKEN = {
    "en": "Monday, June 5, 2023 at 10:11:12\u202fPM UTC",
    "en-gb": "Monday 5 June 2023 at 22:11:12 UTC",
    "pl": "poniedziałek, 5 czerwca 2023 22:11:12 UTC",
    "de": "Montag, 5. Juni 2023 um 22:11:12 UTC",
    "fr": "lundi 5 juin 2023 à 22:11:12 UTC",
    "es": "lunes, 5 de junio de 2023, 22:11:12 UTC",
    "es-mx": "lunes, 5 de junio de 2023, 10:11:12 p.m. UTC",
    "pt": "segunda-feira, 5 de junho de 2023 às 22:11:12 UTC",
    "it": "lunedì 5 giugno 2023 alle ore 22:11:12 UTC",
    "nl": "maandag 5 juni 2023 om 22:11:12 UTC",
    "ru": "понедельник, 5 июня 2023 г. в 22:11:12 UTC",
    "uk": "понеділок, 5 червня 2023 р. о 22:11:12 UTC",
    "cs": "pondělí 5. června 2023 v 22:11:12 UTC",
    "da": "mandag den 5. juni 2023 kl. 22.11.12 UTC",
    "fi": "maanantai 5. kesäkuuta 2023 klo 22.11.12 UTC",
    "hu": "2023. június 5., hétfő 22:11:12 UTC",
    "tr": "5 Haziran 2023 Pazartesi saat 22:11:12 UTC",
    "el": "Δευτέρα 5 Ιουνίου 2023 στις 10:11:12 μ.μ. UTC",
    "he": "יום שני, 5 ביוני 2023 בשעה 22:11:12 UTC",
    "ar": "الاثنين، ٥ يونيو ٢٠٢٣ في ١٠:١١:١٢ م UTC",
    "fa": "دوشنبه ۱۵ خرداد ۱۴۰۲ ساعت ۲۲:۱۱:۱۲ (UTC)",
    "hi": "सोमवार, 5 जून 2023 को 10:11:12 अपराह्न UTC बजे",
    "th": "วันจันทร์ที่ 5 มิถุนายน พ.ศ. 2566 เวลา 22 นาฬิกา 11 นาที 12 วินาที UTC",
    "vi": "lúc 22:11:12 UTC Thứ Hai, 5 tháng 6, 2023",
    "ja": "2023年6月5日月曜日 22:11:12 UTC",
    "ko": "2023년 6월 5일 월요일 오후 10시 11분 12초 UTC",
    "zh": "2023年6月5日星期一 UTC 下午10:11:12",
    "zone": "Tuesday, June 6, 2023 at 00:11:12 UTC+2",
    "short": "Jun 05, 2023 10:11:12 pm",
    "short-fr": "lun. 5 juin 2023 22:11:12",
}


@pytest.mark.parametrize("language", sorted(SPOKEN))
def test_google_chat_date_in_words_of_any_language_is_the_same_moment(language: str) -> None:
    message = {"creator": {"name": "Ada"}, "created_date": SPOKEN[language], "text": "hello"}
    (found,) = google_chat.channel({"messages": [message]}).messages
    assert found.time == datetime(2023, 6, 5, 22, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "5 june 2023", "31 february 2023 10:00", "10:00 on the 5 of nothing 2023"])
def test_spoken_date_without_a_whole_moment_is_none(text: str) -> None:
    assert spoken_dates.moment(text) is None


@pytest.mark.parametrize("month", range(1, 13))
def test_spoken_date_knows_every_month_by_its_short_english_polish_and_french_name(month: int) -> None:
    short = ("jan feb mar apr may jun jul aug sep oct nov dec", "sty lut mar kwi maj cze lip sie wrz paź lis gru",
             "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.")  # fmt: skip
    for names in short:
        found = spoken_dates.moment(f"7 {names.split()[month - 1]} 2023, 10:00")
        assert found == datetime(2023, month, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "quit smoking", "joined the army", "has left the building", "likes dark mode", "is connected to his roots",
        "kicked the ball", "gives bo a cookie", "returned to his desk",
    ],
)  # fmt: skip
def test_irc_action_that_speaks_of_coming_and_going_is_talk(line: str) -> None:
    (found,) = irc.messages(f"[10:00] * ada {line}\n", date(2021, 3, 1))
    assert (found.author, found.text, found.reason) == ("ada", line, "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bo (~bo@host) has joined #x", "join"), ("bo has joined", "join"), ("bo (~bo@host) Quit (Quit: bye)", "join"),
        ("bo has quit (Leaving)", "join"), ("bo has left #x", "join"), ("bo has left IRC (bye)", "join"),
        ("Joins: bo (~b@h)", "join"), ("bo sets mode: +o ada", "join"), ("bo is now known as carl", "join"),
        ("bo was kicked by ada (no)", "join"), ("ada gives channel operator status to bo", "service"),
        ("bo changes topic to 'x'", "service"),
    ],
)  # fmt: skip
def test_irc_event_behind_one_star_is_no_talk(line: str, reason: str) -> None:
    (found,) = irc.messages(f"[10:00] * {line}\n", date(2021, 3, 1))
    assert found.reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ada Lo reporting for duty.", ""), ("Ada Lo is what they call me, and this is my photo.", ""),
        ("Ada Lo has arrived.", ""),
        ("Ada Lo hat die Gruppe X genannt.", "service"), ("Użytkownik Ada Lo wysłał(a) załącznik.", "service"),
        ("Ada Lo отправил(-а) вложение.", "service"), ("Ada Lo left the group.", "service"),
        ("You can now message and call each other.", "service"), ("Zareagowano 👍 na Twoją wiadomość ", "reaction"),
    ],
)  # fmt: skip
def test_messenger_sentence_that_opens_with_its_sender_is_of_the_program_only_where_it_says_so(text: str, reason: str) -> None:
    dump = {"participants": [{"name": "Ada Lo"}], "messages": [{"sender_name": "Ada Lo", "timestamp_ms": 1, "content": text}]}
    assert [message.reason for message in messenger.channel(dump).messages] == [reason]


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        ("[13/01/2024, 10:00:00] Ada: hello \u200eworld and more", "hello world and more", ""),
        ("[13/01/2024, 10:00:00] Ada: سلام \u200eiPhone خوبه\nsecond \u200eline", "سلام iPhone خوبه\nsecond line", ""),
        ("[13/01/2024, 10:00:00] Ada: see you \u200e<This message was edited>", "see you", ""),
        ("[13/01/2024, 10:00:00] Ada: \u200eimage omitted", "", "media"),
        ("\u200e[13/01/2024, 10:00:00] Ada: a caption \u200e<attached: 1-PHOTO.jpg>", "a caption", ""),
    ],
)
def test_whatsapp_typed_direction_mark_hides_nothing(line: str, text: str, reason: str) -> None:
    found = whatsapp.messages(f"[13/01/2024, 09:00:00] Bo: yes\n{line}\n")[1]
    assert (found.text.strip(), found.reason) == (text, reason)


IRC_DATES = {
    "together": "20210301 10:01:00 <ada> hello\n20210301 10:02:00 <bo> hi\n",
    "american": "3/1/21 10:01 AM <ada> hello\n3/1/21 10:02 AM <bo> hi\n",
    "american-late": "03/01/2021 10:01 <ada> hello\n03/01/2021 10:02 <bo> hi\n03/13/2021 10:00 <bo> later\n",
    "european": "01.03.21 10:01 <ada> hello\n01.03.21 10:02 <bo> hi\n",
    "german": "**** LOGGING BEGONNEN AM Mon Mar  1 10:00:00 2021\n\nMär 01 10:01:00 <ada>\thello\nMär 01 10:02:00 <bo>\thi\n",
    "emacs": "[Mon Mar  1 2021]\n*** You have joined channel #x\t[10:00]\n<ada> hello\t\t[10:01]\n<bo> hi\t\t[10:02]\n",
}


@pytest.mark.parametrize("client", sorted(IRC_DATES))
def test_irc_date_of_any_order_language_and_side_is_told(client: str) -> None:
    assert irc.is_log(IRC_DATES[client])
    found = [message for message in irc.messages(IRC_DATES[client], None) if not message.reason][:2]
    assert [(m.author, m.text) for m in found] == [("ada", "hello"), ("bo", "hi")]
    assert [m.time for m in found] == [datetime(2021, 3, 1, 10, minute, tzinfo=UTC) for minute in (1, 2)]


@pytest.mark.parametrize("name", ["#chan_20210301.log", "#chan.2021-03-01.log", "2021/03/01.log", "chan.log.01Mar2021"])
def test_irc_day_is_told_by_the_name_of_the_file(name: str) -> None:
    assert irc.date_in(name) == date(2021, 3, 1)


def test_list_of_messages_with_dates_in_numbers_has_one_order_of_them() -> None:
    dates = ["1/2/2021 10:01 AM", "1/13/2021 11:01 PM"]
    (channel,) = listing.channels([{"author": "ada", "date": stamp, "content": "hello"} for stamp in dates])
    assert [m.time for m in channel.messages] == [
        datetime(2021, 1, 2, 10, 1, tzinfo=UTC),
        datetime(2021, 1, 13, 23, 1, tzinfo=UTC),
    ]


def test_numbers_beyond_64_bits_stay_whole() -> None:
    """orjson would make floats of them."""
    long = "123456789012345678901234567890"
    padding = '"' + "x" * 80 + '"'
    for number in (long, "-" + long, "18446744073709551616"):
        assert json_text.loads(f"[{number}]") == [int(number)]
        assert json_text.loads_bytes(f"[{number}, {padding}]".encode())[0] == int(number)
    assert json_text.loads_bytes(f"[NaN, {padding}, 7]".encode())[2] == 7
