"""An IRC log in the form that WeeChat writes: time, nick, text, parted by tabs."""

from benchmarks.sample import banks
from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample
from benchmarks.sample.talk import START, chatter

PATH = "chat/irc/#saltmarsh.2024-03.log"


def write(sample: Sample) -> None:
    """The form `YYYY-MM-DD HH:MM:SS<tab>nick<tab>text` that WeeChat writes."""
    people = PEOPLE["irc"]
    speaker_canaries(sample, "irc", "en", PATH)
    said = chatter(sample.prose("en", "irc"), people, dialogues=[3, 5], num_gossips=22)
    address = sample.canary("ip_address", "en", PATH, "text")
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
            kind = ("email", "credit_card", "phone", "iban", "ip_address")[number // 90 % 5]
            rows.append(f"{stamp}\t{one.who.nick}\t{sample.carrier(kind, 'en', PATH)}")
        if number in (100, 200):
            line = toxic.pop()
            sample.toxic(line, "en", PATH, "one message of a conversation")
            rows.append(f"{stamp}\t{one.who.nick}\t{line}")
    sample.add(PATH, "\n".join(rows) + "\n")
    sample.answers.expect_kept("chat", "en", 3)
    sample.survives("The flat one. Last year the other one frightened every eider in the bay", "en", PATH, "dialogue")
    for phrase in ("has joined #saltmarsh", "Ping timeout"):
        sample.vanishes(phrase, "en", PATH, "join or quit")
