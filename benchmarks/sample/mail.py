"""A mailing list as mbox: threads, quoted replies, signatures, a phone number in a subject."""

from datetime import timedelta

from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample, main_sentence
from benchmarks.sample.talk import START

PATH = "chat/mail/saltmarsh-list.mbox"
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


def write(sample: Sample) -> None:
    people = PEOPLE["mail"]
    addresses = [sample.canary("email", "en", PATH, "speaker") for _ in people]
    speaker_canaries(sample, "mail", "en", PATH)
    subject_canary = sample.canary("phone", "en", PATH, "subject")
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
                body[1] += " " + sample.carrier(("iban", "phone", "us_ssn", "email")[number // 9 % 4], "en", PATH)
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
            letter = f"Dear {people[(who - 1) % 3].first},\n\n{body[0]}\n\n{body[1]}\n"
            mails.append(f"{head}{quote}\n{letter}\n-- \n{people[who].name}\nKeeper of the second-best ladder, Saltmarsh\n")
            quoted = "".join(f"> {line}\n" for line in body[0].split("\n"))
            number += 1
            if turn == 0 and thread % 5 == 0:
                sample.survives(main_sentence(body[1]), "en", PATH, "mail text")
    sample.add(PATH, "\n".join(mails))
    sample.answers.expect_kept("chat", "en", 10)
    sample.vanishes("Keeper of the second-best ladder", "en", PATH, "signature")
