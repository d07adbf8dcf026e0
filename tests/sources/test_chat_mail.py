"""Mail: threads, quotes, signatures, charsets; mbox, single files and HTML archives."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.chats import mail
from curation.sources.chats.quotes import own_words
from tests.sources.reading import num_messages, read_all, write


def letter(number: int, subject: str, body: str, headers: str = "", sender: str = "ada at example.org (Ada Quill)") -> str:
    return (
        f"From ada at example.org  Mon Mar  {number} 10:00:00 2021\nFrom: {sender}\nDate: Mon, {number} Mar 2021 10:00:00 +0000\n"
        f"Subject: {subject}\nMessage-ID: <m{number}@example.org>\n{headers}\n{body}\n"
    )


MBOX = (
    letter(1, "[list] A question", "How does it work?\n\nFrom here on it is unclear.\n-- \nAda\nPhone 555")
    + letter(
        2,
        "Re: [list] A question",
        "On Mon, Mar 1, 2021, Ada Quill wrote:\n> How does it work?\n\nLike this.",
        "In-Reply-To: <m1@example.org>\n",
        "Bo <bo@example.org>",
    )
    + letter(3, "Re: [list] A question", "> How does it work?", "References: <m1@example.org>\n\t<m2@example.org>\n")
    + letter(
        4,
        "Something else",
        "=?x no header\n" + "_" * 40 + "\nlist mailing list\nlist@example.org\nhttps://example.org/mailman/listinfo/list",
    )
)


def test_mbox_threads_hold_own_words_only(tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"2021-March.txt": MBOX}))
    thread, other = records
    assert thread.text == "A question\n\nAda Quill: How does it work?\n\nFrom here on it is unclear.\nBo: Like this."
    assert other.text == "Something else\n\nAda Quill: =?x no header"
    assert [drop.reason for drop in drops] == ["only_quotes"]
    assert {"Ada Quill", "ada@example.org", "ada at example.org", "Bo", "bo@example.org"} <= set(thread.speakers)
    assert num_messages(records, drops) == 4


def test_mbox_cut_anywhere_gives_every_message_once() -> None:
    data = MBOX.encode()
    whole = [offset for offset, _ in mail.cut(io.BytesIO(data))]
    assert len(whole) == 4
    for border in range(1, len(data), 37):
        parts = [offset for offset, _ in mail.cut(io.BytesIO(data), 0, border)] + [
            offset for offset, _ in mail.cut(io.BytesIO(data), border, len(data))
        ]
        assert parts == whole


@pytest.mark.parametrize(
    ("encoded", "header"),
    [
        (b"Gr=FC=DFe aus K=F6ln", "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n"),
        (b"R3LDvMOfZSBhdXMgS8O2bG4=", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n"),
        (
            "<html><body><p>Grüße aus Köln</p><blockquote>alt</blockquote></body></html>".encode(),
            "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n",
        ),
    ],
    ids=["quoted-printable", "base64", "html"],
)
def test_mail_body_is_decoded_by_its_declaration(encoded: bytes, header: str, tmp_path: Path) -> None:
    data = (
        f"From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\nDate: Mon, 1 Mar 2021 10:00:00 +0000\n"
        f"Subject: x\nMIME-Version: 1.0\n{header}\n"
    ).encode() + encoded
    records, _ = read_all(chat, write(tmp_path, {"cur/1.eml": data}))
    assert records[0].text == "x\n\nJörg: Grüße aus Köln"


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("Hi\n\nAm 1.3.2021 um 10:00 schrieb Ada Quill:\n> alt\n", "Hi"),
        ("Top\n\n-----Original Message-----\nFrom: Ada\nSent: x\n\nold words", "Top"),
        ("Text\n--\nBo\nLine two", "Text"),
        ("a -- b\nstays", "a -- b\nstays"),
        (
            (
                "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nTrue\n-----BEGIN PGP SIGNATURE-----\n"
                "xyz\n-----END PGP SIGNATURE-----\n"
            ),
            "True",
        ),
        ("Le problème est le suivant :\n> un détail\nnon", "Le problème est le suivant :\nnon"),
        ("Before\n> quoted\nbetween\n> quoted\nafter", "Before\nbetween\nafter"),
    ],
)
def test_quotes_leave_the_authors_own_words(body: str, own: str) -> None:
    assert own_words(body) == own


PIPERMAIL = """<!DOCTYPE HTML><HTML><HEAD><TITLE> [list] Question</TITLE></HEAD><BODY>
<H1>[list] Question</H1>
<B>Ada Quill</B> <A HREF="mailto:list%40example.org" TITLE="x">ada at example.org</A><BR>
<I>Mon Mar  1 10:00:00 UTC 2021</I><P><UL></UL><HR>
<!--beginarticle-->
<PRE>How &lt;does&gt; it work?
&gt;<i> old
</I>
</PRE>
<!--endarticle--></BODY></HTML>"""


def test_html_list_archive_gives_messages_and_knows_its_indexes(tmp_path: Path) -> None:
    index = "<HTML><BODY><b>Messages sorted by:</b> <a href='subject.html'>[ subject ]</a><p>Starting:</b></BODY></HTML>"
    records, drops = read_all(chat, write(tmp_path, {"2021-March/000001.html": PIPERMAIL, "2021-March/thread.html": index}))
    assert [record.text for record in records] == ["[list] Question\n\nAda Quill: How <does> it work?"]
    assert [drop.reason for drop in drops] == ["metadata"]


def test_own_words_of_a_mail_of_blank_lines_and_dashes_are_read_in_one_pass() -> None:
    """With a pattern that starts at every blank line this takes hours."""
    blank = "\n" * 1_000_000
    assert own_words(f"Hello.{blank}-- original --{blank}") == "Hello.\n\n-- original --"


ATTRIBUTIONS = [
    "On Mon, Mar 1, 2021 at 10:00 AM Ada Lo <ada@x.example>\nwrote:",
    "On Mon, Mar 1, 2021 at 10:00 AM Ada Lo\n<ada@x.example> wrote:",
    "pon., 1 mar 2021 o 10:00 Ada Lo <ada@x.example> napisał(a):", "1 марта 2021 г., 10:00 Ada <ada@x.example> написал(а):",
    "пн, 1 мар. 2021 г. в 10:00, Ada <a@x.example>:", "2021年3月1日(月) 10:00 Ada <a@x.example>:",
    "Ada <a@x.example>, 1 Mar 2021 Pzt, 10:00 tarihinde şunu yazdı:", "في الاثنين، 1 مارس 2021 في 10:00 ص كتب Ada <a@x.example>:",
    "Em seg., 1 de mar. de 2021 às 10:00, Ada <a@x.example> escreveu:", "* Ada Lo [2021-03-01 10:00]:",
    "Quoting Ada Lo (2021-03-01 10:00:00)",
    "2021/3/1, Ada Lo <ada at x.example>:",
]  # fmt: skip


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_quotes_go_with_the_line_that_says_whose_they_are_in_any_language(line: str) -> None:
    assert own_words(f"Mine.\n\n{line}\n> quoted\n> more\n") == "Mine."
    assert own_words(f"{line}\n> quoted\n\nMine.\n").strip() == "Mine."


@pytest.mark.parametrize(
    "head",
    [
        "From: Ada Lo <a@x.example>\nSent: Monday, March 1, 2021 10:00 AM\nTo: Bo\nSubject: x",
        "Von: Ada\nGesendet: Montag, 1. März 2021 10:00\nAn: Bo\nBetreff: x",
        "De : Ada\nEnvoyé : lundi 1 mars 2021 10:00\nÀ : Bo\nObjet : x",
        "Od: Ada\nWysłano: poniedziałek, 1 marca 2021 10:00\nDo: Bo\nTemat: x",
        "От: Ada\nОтправлено: 1 марта 2021 г. 10:00\nКому: Bo\nТема: x",
        "发件人: Ada\n发送时间: 2021年3月1日 10:00\n收件人: Bo\n主题: x",
        "*From:* Ada Lo\n*Date:* March 1, 2021\n*To:* Bo",
    ],
)
def test_mail_that_is_answered_below_a_heading_goes(head: str) -> None:
    assert own_words(f"Mine.\n\n{head}\n\nquoted without a mark\n") == "Mine."


@pytest.mark.parametrize(
    ("last", "own"),
    [
        ("Sent from my iPhone", "Mine."), ("Wysłane z iPhone'a", "Mine."), ("Von meinem iPhone gesendet", "Mine."),
        ("Envoyé de mon iPhone", "Mine."), ("Отправлено с iPhone", "Mine."), ("发自我的iPhone", "Mine."),
        ("iPhoneから送信", "Mine."),
        ("Get Outlook for Android<https://aka.example/x>", "Mine."),
        ("Von Herzen Dank", "Mine.\n\nVon Herzen Dank"), ("从北京回来了", "Mine.\n\n从北京回来了"),
        ("From here to there: far", "Mine.\n\nFrom here to there: far"),
    ],
)  # fmt: skip
def test_mail_loses_what_a_telephone_adds_below_it(last: str, own: str) -> None:
    assert own_words(f"Mine.\n\n{last}\n") == own


@pytest.mark.parametrize(
    ("headers", "reasons"),
    [
        ("From: Ada <a@x.example>\nAuto-Submitted: auto-replied\n", ["bot"]),
        ("From: Ada <a@x.example>\nAuto-Submitted: no\n", []),
        ("From: Ada <a@x.example>\nX-Autoreply: yes\n", ["bot"]),
        ("From: Mail Delivery System <MAILER-DAEMON@x.example>\n", ["bot"]),
        ("From: Ada <a@x.example>\nPrecedence: list\n", []),
    ],
)
def test_mail_that_a_program_sent_is_a_bots(headers: str, reasons: list[str], tmp_path: Path) -> None:
    mail_text = f"From a@x.example Mon Mar  1 10:00:00 2021\n{headers}Date: Mon, 1 Mar 2021 10:00:00 +0100\nSubject: x\n\nwords\n"
    records, drops = read_all(chat, write(tmp_path, {"x.mbox": mail_text}))
    assert [drop.reason for drop in drops] == reasons and len(records) == 1 - len(reasons)


def test_html_mail_of_any_program_keeps_its_own_words() -> None:
    page = (
        "<html><body><div>Mine.</div><div class='moz-signature'>Ada</div><div class='moz-cite-prefix'>On 1 Mar, Bo wrote:</div>"
        "<blockquote type='cite'>old</blockquote><div class='yahoo_quoted'>older</div></body></html>"
    )
    assert own_words(mail.html_text(page)) == "Mine."
