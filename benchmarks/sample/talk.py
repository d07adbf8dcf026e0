"""What is said in the chats: hand-written dialogues, then gossip from the phrase banks, with pauses between conversations."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.sample import banks
from benchmarks.sample.people import Person
from benchmarks.sample.prose import Prose, capitalized

START = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One message. `conversation` counts the stretches without a long pause; the first message of each one opens a thread."""

    at: datetime
    who: Person
    text: str
    conversation: int


def dialogue(lang: str, number: int, people: list[Person], start: datetime, conversation: int, rng: random.Random) -> list[Said]:
    turns = banks.dialogues(lang)[number]
    said = []
    for letter, text in turns:
        start += timedelta(seconds=rng.randint(20, 200))
        said.append(Said(start, people[ord(letter) - ord("A")], text, conversation))
    return said


def gossip(prose: Prose, people: list[Person], start: datetime, conversation: int, count: int) -> list[Said]:
    """`count` messages among the people; one in four or so calls somebody by name who has spoken before."""
    said: list[Said] = []
    for _ in range(count):
        start += timedelta(seconds=prose.rng.randint(15, 240))
        who = prose.rng.choice(people)
        text = capitalized(prose.sentence("chat"))
        text += "" if text.endswith("?") else prose.rng.choice([".", ".", ".", "!"])
        spoken = [one.who for one in said if one.who is not who]
        if spoken and prose.rng.random() < 0.25:
            other = prose.rng.choice(spoken)
            comma = "،" if prose.lang == "fa" else ","
            said_to = text if text.startswith("I ") else text[0].lower() + text[1:]
            text = f"{other.first}{comma} {said_to}"
        said.append(Said(start, who, text, conversation))
    return said


def chatter(prose: Prose, people: list[Person], *, dialogues: list[int], num_gossips: int, per_day: int = 3) -> list[Said]:
    """Conversations a few hours apart over several days."""
    said: list[Said] = []
    for number in range(len(dialogues) + num_gossips):
        day, slot = divmod(number, per_day)
        start = START + timedelta(days=day, hours=4 * slot, minutes=prose.rng.randint(0, 50))
        if number < len(dialogues):
            said += dialogue(prose.lang, dialogues[number], people, start, number, prose.rng)
        else:
            said += gossip(prose, people, start, number, prose.rng.randint(9, 15))
    return said
