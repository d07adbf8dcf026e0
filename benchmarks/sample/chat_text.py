"""Chats that are plain text: IRC log, WhatsApp export, mbox."""

from datetime import timedelta

from benchmarks.sample import banks
from benchmarks.sample.people import PEOPLE
from benchmarks.sample.sample import Sample
from benchmarks.sample.talk import START, chatter

IRC = "chat/irc/#saltmarsh.2024-03.log"
MBOX = "chat/mail/saltmarsh-list.mbox"
MAIL_HEAD = """\
From {nick} at {host}  {envelope}
From: {name} <{address}>
To: saltmarsh-list@lists.saltmarsh.invalid
Date: {date}
Subject: {subject}
Message-ID: <{number}@lists.saltmarsh.invalid>
{reply}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

"""


def irc(sample: Sample) -> None:
    """The form `YYYY-MM-DD HH:MM:SS<tab>nick<tab>text` that WeeChat writes."""
    people = PEOPLE["irc"]
    for person in people:
        sample.name_canary(person.nick, "handle", "en", IRC, "speaker")
    said = chatter(sample.prose("en", "irc"), people, dialogues=[3, 5], num_gossips=22)
    address = sample.canary("ip_address", "en", IRC, "text")
    rows = [f"{START:%Y-%m-%d %H:%M:%S}\t-->\t{people[0].nick} (~quill@{address}) has joined #saltmarsh"]
    toxic = list(banks.lines("en", "toxic")[2:4])
    for number, one in enumerate(said):
        stamp = f"{one.at:%Y-%m-%d %H:%M:%S}"
        text = one.text if number % 8 else f"{people[number % 3].nick}: {one.text}"
        rows.append(f"{stamp}\t{one.who.nick}\t{text}")
        if number % 30 == 12:
            rows.append(f"{stamp}\t-->\t{one.who.nick} (~quill@gateway/web) has joined #saltmarsh")
        if number % 30 == 20:
            rows.append(f"{stamp}\t<--\t{one.who.nick} (~quill@gateway/web) has quit (Ping timeout: 260 seconds)")
        if number % 90 == 40:
            rows.append(
                f"{stamp}\t{one.who.nick}\t{sample.carrier(('email', 'credit_card', 'phone', 'iban', 'ip_address')[number // 90 % 5], 'en', IRC)}"
            )
        if number in (100, 200):
            line = toxic.pop()
            sample.toxic(line, "en", IRC, "one message of a conversation")
            rows.append(f"{stamp}\t{one.who.nick}\t{line}")
    sample.add(IRC, "\n".join(rows) + "\n")
    sample.answers.expect_kept("chat", "en", 3)
    sample.survives("The flat one. Last year the other one frightened every eider in the bay", "en", IRC, "dialogue")
    for phrase in ("has joined #saltmarsh", "Ping timeout"):
        sample.vanishes(phrase, "en", IRC, "join or quit")


def whatsapp(sample: Sample) -> None:
    """The Android form with day first; the file carries the other speaker's name, as the program writes it."""
    people = PEOPLE["whatsapp"]
    path = f"chat/whatsapp/WhatsApp Chat with {people[0].name}.txt"
    for person in people:
        sample.name_canary(person.name, "person", "pl", path, "file_name" if person is people[0] else "speaker")
    said = chatter(sample.prose("pl", "whatsapp"), people, dialogues=[], num_gossips=16)
    rows = [f"{START:%d/%m/%Y, %H:%M} - Messages and calls are end-to-end encrypted. No one outside of this chat can read them."]
    for number, one in enumerate(said):
        stamp = f"{one.at:%d/%m/%Y, %H:%M}"
        text = one.text if number % 25 else f"{one.text}\ni jeszcze jedno: {sample.prose('pl', f'whatsapp-{number}').sentence()}"
        rows.append(f"{stamp} - {one.who.name}: {text}")
        if number % 40 == 8:
            rows.append(f"{stamp} - {one.who.name}: <Media omitted>")
        if number % 60 == 15:
            rows.append(
                f"{stamp} - {one.who.name}: {sample.carrier(('phone', 'iban', 'pesel', 'email')[number // 60 % 4], 'pl', path)}"
            )
    sample.add(path, "\n".join(rows) + "\n")
    sample.answers.expect_kept("chat", "pl")
    for phrase in ("end-to-end encrypted", "<Media omitted>"):
        sample.vanishes(phrase, "pl", path, "message of the program")


def mbox(sample: Sample) -> None:
    people = PEOPLE["mail"]
    addresses = [sample.canary("email", "en", MBOX, "speaker") for _ in people]
    for person in people:
        sample.name_canary(person.name, "person", "en", MBOX, "speaker")
    subject_canary = sample.canary("phone", "en", MBOX, "subject")
    mails, number = [], 0
    subjects = [
        "The weathercock fund",
        f"Call {subject_canary} about the bell",
        "Minutes of the April meeting",
        "Lost umbrella",
        "Planting day",
    ]
    for thread in range(13):
        subject = subjects[thread] if thread < len(subjects) else f"Notice {thread}"
        quoted, first_number = "", number
        for turn in range(3):
            who = (thread + turn) % 3
            at = START + timedelta(days=thread, hours=3 * turn, minutes=7)
            prose = sample.prose("en", f"mail-{number}")
            body = prose.paragraphs(2, 3, 5)
            if number % 9 == 4:
                body[1] += " " + sample.carrier(("iban", "phone", "us_ssn", "email")[number // 9 % 4], "en", MBOX)
            reply = (
                f"In-Reply-To: <{first_number}@lists.saltmarsh.invalid>\nReferences: <{first_number}@lists.saltmarsh.invalid>\n"
                if turn
                else ""
            )
            quote = f"On {at:%a, %d %b %Y}, {people[(who - 1) % 3].name} wrote:\n{quoted}\n" if turn else ""
            head = MAIL_HEAD.format(
                nick=people[who].nick,
                host="saltmarsh.invalid",
                envelope=f"{at:%a %b %d %H:%M:%S %Y}",
                name=people[who].name,
                address=addresses[who],
                date=f"{at:%a, %d %b %Y %H:%M:%S} +0000",
                subject=("Re: " if turn else "") + subject,
                number=number,
                reply=reply,
            )
            mails.append(
                f"{head}{quote}\n{body[0]}\n\n{body[1]}\n\n-- \n{people[who].name}\nKeeper of the second-best ladder, Saltmarsh\n"
            )
            quoted = "".join(f"> {line}\n" for line in body[0].split("\n"))
            number += 1
            if turn == 0 and thread % 5 == 0:
                sample.survives(max(body[0].split(". "), key=len).rstrip("."), "en", MBOX, "mail text")
    sample.add(MBOX, "\n".join(mails))
    sample.answers.expect_kept("chat", "en", 10)
    sample.vanishes("Keeper of the second-best ladder", "en", MBOX, "signature")
