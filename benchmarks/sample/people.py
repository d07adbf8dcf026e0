"""Speakers of the chats: invented full names with the nicknames they write under. All are canaries where they speak."""

from dataclasses import dataclass

from benchmarks.sample.sample import Sample


@dataclass(frozen=True)
class Person:
    name: str
    nick: str

    @property
    def first(self) -> str:
        """What others call them."""
        return self.name.split()[0] if self.name else self.nick


PEOPLE = {
    "slack": [
        Person("Melisande Thackerwaite", "mthackerwaite"),
        Person("Ignatius Plumbury", "iggyplumbury"),
        Person("Seraphina Dunnock", "serdunnock"),
        Person("Bartholomew Eelgrass", "barteelgrass"),
    ],
    "discord": [
        Person("Zygfryd Mokrzanowski", "zygmokrza"),
        Person("Dobrochna Kwaskowiak", "dobrokwask"),
        Person("Ksawery Piwonicz", "ksawpiwon"),
    ],
    "irc": [Person("", "oquennell_"), Person("", "rtamworthy"), Person("", "hvowles")],
    "whatsapp": [Person("Zdenka Wiatrakowska", "Zdenka Wiatrakowska"), Person("Ambroży Czeremcha", "Ambroży Czeremcha")],
    "whatsapp_ios": [Person("Фёкла Перламутрова", "Фёкла Перламутрова"), Person("Гордей Лопухинский", "Гордей Лопухинский")],
    "telegram": [
        Person("Евлампия Снегоступова", "evlampia_sn"),
        Person("Прохор Камышинцев", "Прохор Камышинцев"),
        Person("Лукерья Заозёрная", "Лукерья Заозёрная"),
    ],
    "mail": [
        Person("Winifred Oakapple", "woakapple"),
        Person("Cuthbert Marlpit", "cmarlpit"),
        Person("Thomasina Redshank", "tredshank"),
    ],
    "fa": [
        Person("پرویز کاویرانی‌نژاد", "parviz_kav"),
        Person("مه‌لقا گلزاریان", "مه‌لقا گلزاریان"),
        Person("اسفندیار دشت‌پیما", "اسفندیار دشت‌پیما"),
    ],
}


def speaker_canaries(sample: Sample, group: str, lang: str, file: str) -> None:
    """Enters names, first names and nicknames of a chat's people in the answer key."""
    for person in PEOPLE[group]:
        if person.name:
            sample.name_canary(person.name, "person", lang, file, "speaker")
            sample.name_canary(person.first, "given_name", lang, file, "speaker")
        if person.nick != person.name:
            sample.name_canary(person.nick, "handle", lang, file, "speaker")
