"""WhatsApp exports: the Android form in a file named after the other speaker, and the iOS form in a zip."""

from benchmarks.sample.archives import zipped
from benchmarks.sample.people import PEOPLE, speaker_canaries
from benchmarks.sample.sample import Sample
from benchmarks.sample.talk import START, chatter

ENCRYPTED = "Messages and calls are end-to-end encrypted. No one outside of this chat can read them."


def write(sample: Sample) -> None:
    _android(sample)
    _ios(sample)


def _android(sample: Sample) -> None:
    """Day first, 24 hours; a message may go on over lines."""
    people = PEOPLE["whatsapp"]
    path = f"chat/whatsapp/WhatsApp Chat with {people[0].name}.txt"
    speaker_canaries(sample, "whatsapp", "pl", path)
    sample.name_canary(people[0].name, "person", "pl", path, "file_name")
    said = chatter(sample.prose("pl", "whatsapp"), people, dialogues=[], num_gossips=12)
    rows = [f"{START:%d/%m/%Y, %H:%M} - {ENCRYPTED}"]
    for number, one in enumerate(said):
        start = f"{one.at:%d/%m/%Y, %H:%M} - {one.who.name}: "
        more = "" if number % 25 else f"\ni jeszcze jedno: {sample.prose('pl', f'whatsapp-{number}').sentence()}"
        rows.append(start + one.text + more)
        if number % 40 == 8:
            rows.append(start + "<Media omitted>")
        if number % 60 == 15:
            rows.append(start + sample.carrier(("phone", "iban", "pesel", "email")[number // 60 % 4], "pl", path))
    sample.add(path, "\n".join(rows) + "\n")
    sample.answers.expect_kept("chat", "pl")
    for phrase in ("end-to-end encrypted", "<Media omitted>"):
        sample.vanishes(phrase, "pl", path, "message of the program")


def _ios(sample: Sample) -> None:
    """Brackets, seconds, a left-to-right mark before what the program wrote; the text lies in `_chat.txt`."""
    people = PEOPLE["whatsapp_ios"]
    path = "chat/whatsapp/export-ios.zip"
    speaker_canaries(sample, "whatsapp_ios", "ru", path)
    said = chatter(sample.prose("ru", "whatsapp-ios"), people, dialogues=[], num_gossips=8)
    rows = [f"[{START:%d.%m.%Y, %H:%M:%S}] {people[0].name}: \u200e{ENCRYPTED}"]
    for number, one in enumerate(said):
        rows.append(f"[{one.at:%d.%m.%Y, %H:%M:%S}] {one.who.name}: {one.text}")
        if number % 40 == 8:
            rows.append(f"\u200e[{one.at:%d.%m.%Y, %H:%M:%S}] {one.who.name}: \u200eimage omitted")
        if number == 30:
            rows.append(f"[{one.at:%d.%m.%Y, %H:%M:%S}] {one.who.name}: {sample.carrier('phone', 'ru', path)}")
    sample.add(path, zipped({"_chat.txt": ("\r\n".join(rows) + "\r\n").encode()}))
    sample.answers.expect_kept("chat", "ru")
    sample.vanishes("image omitted", "ru", path, "message of the program")
