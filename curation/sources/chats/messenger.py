"""Facebook Messenger and Instagram: message_1.json of a conversation, newest first; and the JSON of encrypted chats.

Meta writes UTF-8 bytes as Latin-1 escapes: text and names are turned back where that is certain.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, one_line, seconds, text_of

_MEDIA = ("photos", "videos", "audio_files", "gifs", "sticker", "share", "files", "media", "call_duration")
_REACTION = re.compile(
    r"(?:Reacted .{1,20} to (?:your|a) message|Liked a message|Hat mit .{1,20} auf (?:d?eine|Ihre) Nachricht reagiert|"
    r"A réagi .{1,24} à (?:votre|ton|un) message|Reaccionó con .{1,20} a tu mensaje|Reagiu com .{1,20} à sua mensagem|"
    r"Ha reagito .{1,24} al tuo messaggio|Zareagow(?:ano|ał\(?a?\)?) .{1,24} na .{1,10} wiadomość|"
    r"Reagowano .{1,24} na .{1,10} wiadomość|"
    r"Отреагировал\S* .{1,24} на ваше сообщение|Heeft met .{1,24} op je bericht gereageerd|Mesajın\w+ .{1,24} ifadesini bıraktı|"
    r"Reagerade med .{1,24} på ditt meddelande|A aimé un message|Polubiono wiadomość|"
    r"Le gustó un mensaje|Curtiu uma mensagem)\.?\s*",
)
_DOINGS = re.compile(  # what Meta says of people in English
    r"(?:sent an attachment|sent a (?:photo|video|voice message|link|sticker|GIF|live location)|"
    r"named the group|created the group|"
    r"changed the (?:group photo|chat theme|theme|group name)|"
    r"set (?:the|your|his|her|their own|their) (?:nickname|emoji|quick reaction)|"
    r"(?:added|removed) .{1,200} (?:to|from) the group|left the group|"
    r"joined the (?:video )?(?:call|chat)|started a (?:video )?(?:call|chat)|"
    r"(?:missed|ended) (?:your|a|the) (?:video |audio )?(?:call|chat)|"
    r"shared a (?:link|post|story|reel|location)|unsent a message|pinned a message|"
    r"turned (?:on|off) )"
)
_ABROAD = re.compile(  # a word of what Meta says of people in other languages, in one sentence that their name opens
    r"\b(?:gr[uo]pp?[eoiyęau]?|groupe|gruppen?|groep|gruppo|grupie|grup[ua]?|grubu|групп[уыаеой]+|груп[уиаі]+|skupin[auy]|csoport\w*|"
    r"Anhang|pièce jointe|archivo adjunto|anexo|allegato|załącznik|bijlage|вложение|Spitznamen?|surnom|apodo|apelido|soprannome|"
    r"pseudonim|nick|bijnaam|псевдоним|ник|Design|thème|tema|motyw|thema|тему?|emoji|эмодзи|Foto|photo|foto|zdjęcie|фото|"
    r"Anruf|appel|llamada|chamada|chiamata|połączenie|oproep|звонок|Umfrage|sondage|encuesta|enquete|sondaggio|ankiet[ęay]|опрос|"
    r"Nachricht|message|mensaje|mensagem|messaggio|wiadomość|bericht|сообщение|Link|lien|enlace|linku?|ссылку|konum|mesaj\w*|"
    r"المجموعة|مرفق|گروه|پیوست)\b",
    re.IGNORECASE,
)
_DONE = re.compile(  # how such a sentence goes on after the name
    r"(?:hat|a|ha|hanno|ont|has|heeft|nadał\w*|ustawił\w*|wysłał\w*|zmienił\w*|dodał\w*|usunął|usunęła|opuścił\w*|utworzył\w*|"
    r"nombró|envió|cambió|creó|agregó|añadió|eliminó|salió|configuró|enviou|alterou|mudou|criou|adicionou|removeu|saiu|definiu|"
    r"отправил\w*|назвал\w*|изменил\w*|добавил\w*|удалил\w*|покинул\w*|создал\w*|установил\w*|надіслав|надіслала|"
    r"[^\W\d_]+ .*(?:di|dı|du|dü|ti|tı)|قام|أرسل\w*|غادر\w*|.* کرد)\b"
)
_TITLED = re.compile(r"(?:Użytkowni(?:k|czka)|Пользователь(?:ница)?|Uživatel(?:ka)?) ")
_CONNECTED = re.compile(
    r"You (?:are|can) now (?:connected on|message|call).*|Say hi to your new .*|"
    r"(?:The video|Video|Audio) (?:chat|call) ended\.?|Call ended\.?"
)


def is_export(value: Any) -> bool:
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("messages"), list)
        or not isinstance(value.get("participants"), list)
    ):
        return False
    return any(isinstance(each, dict) and ("sender_name" in each or "senderName" in each) for each in value["messages"][:20])


def channel(value: dict[str, Any], piece: Piece = WHOLE) -> Channel:
    key = one_line(repaired(value.get("thread_path"))) or one_line(repaired(value.get("title") or value.get("threadName")))
    people = tuple(name for each in value["participants"] if isinstance(each, dict | str) and (name := _participant(each)))
    found = [_message(each, piece.of(index), people) for index, each in enumerate(value["messages"])]
    found.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    return Channel(key, found, spans_files=True)


def _participant(value: dict[str, Any] | str) -> str:
    """Encrypted chats list bare names."""
    return one_line(repaired(value if isinstance(value, str) else value.get("name")))


def _message(value: Any, place: str, people: tuple[str, ...]) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", names=people, reason="broken_record")
    text = repaired(value.get("content") if "content" in value else value.get("text"))
    return Message(
        place=place,
        author=one_line(repaired(value.get("sender_name") or value.get("senderName"))),
        text=text,
        time=seconds(value.get("timestamp_ms") or value.get("timestamp")),
        names=people,
        reason=reason(value, text, one_line(repaired(value.get("sender_name") or value.get("senderName")))),
    )


def reason(value: dict[str, Any], text: str, author: str) -> str:
    if value.get("type") in ("Subscribe", "Unsubscribe"):
        return "join"
    if value.get("is_unsent") or value.get("isUnsent"):
        return "deleted"
    if _REACTION.fullmatch(text):
        return "reaction"
    if _is_service(text, author):
        return "media" if " sent a" in text or value.get("share") else "service"
    if value.get("call_duration") is not None:
        return "service"
    if not text.strip():
        return "media" if any(value.get(key) for key in _MEDIA) else "empty"
    return ""


def _is_service(text: str, author: str) -> bool:
    """`Ada Lo named the group …`: said in the name of its author, or to whom the dump belongs."""
    if len(text) > 300 or "\n" in text:
        return False
    line = _TITLED.sub("", text, count=1)
    for name in (author, "You"):
        if name and line.startswith(f"{name} "):
            rest = line[len(name) + 1 :]
            is_abroad = " " in name and text.endswith(".") and _DONE.match(rest) and _ABROAD.search(rest)
            if _DOINGS.match(rest) or is_abroad:
                return True
    return bool(_CONNECTED.fullmatch(text))


def repaired(value: Any) -> str:
    text = text_of(value)
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
