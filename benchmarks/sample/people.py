"""Speakers of the chats: invented full names with the nicknames they write under. All are canaries where they speak."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    nick: str

    @property
    def first(self) -> str:
        return self.name.split()[0]


PEOPLE = {
    "slack": [
        Person("Marigold Thackerwaite", "mthackerwaite"),
        Person("Ignatius Plumbury", "iggyplumbury"),
        Person("Seraphina Dunnock", "serdunnock"),
        Person("Bartholomew Eelgrass", "barteelgrass"),
    ],
    "discord": [
        Person("Zygfryd Mokrzanowski", "zygmokrza"),
        Person("Dobrochna Kwaskowiak", "dobrokwask"),
        Person("Ksawery Piwonicz", "ksawpiwon"),
    ],
    "irc": [Person("Olive Quennell", "oquennell_"), Person("Rufus Tamworthy", "rtamworthy"), Person("Hester Vowles", "hvowles")],
    "whatsapp": [Person("Zdenka Wiatrakowska", "Zdenka Wiatrakowska"), Person("Ambroży Czeremcha", "Ambroży Czeremcha")],
    "telegram": [
        Person("Евлампия Снегоступова", "evlampia_sn"),
        Person("Прохор Камышинцев", "prokhor_kam"),
        Person("Лукерья Заозёрная", "lukerya_z"),
    ],
    "mail": [
        Person("Winifred Oakapple", "woakapple"),
        Person("Cuthbert Marlpit", "cmarlpit"),
        Person("Thomasina Redshank", "tredshank"),
    ],
    "fa": [
        Person("پرویز کاویرانی‌نژاد", "parviz_kav"),
        Person("مه‌لقا گلزاریان", "mahlagha_g"),
        Person("اسفندیار دشت‌پیما", "esfandiar_d"),
    ],
}
