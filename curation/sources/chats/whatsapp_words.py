"""What WhatsApp writes in place of words, in the languages of its exports: media, calls, withdrawn and edited messages, polls.

In: the text of a message. Out: the reason why it holds no words, or the words without the line above a caption and the note
that they were edited.
"""

from __future__ import annotations

import re

_ANGLED = r"<(?=[^<>\n]*(?:[ \xa0]|[^\x00-\x7f]))[^<>\n]{3,60}>"  # not `<iostream>`
_ATTACHMENT = (
    r"[^\n<>/]{1,150}\.\w{2,5} \([^()\n]*(?:attach|angeh|joint|adjunt|anex|alleg|ekli|eklendi|влож|прикр|додан|файл|fichier|"
    r"bijge|załącz|dołącz|مرفق|پیوست|संलग्न|添付|附件|附加|첨부|bifog|vedh|vedl|liite|lampir|přilo|atașat|csatolt|συνημμ|מצורף)[^()\n]*\)"
)
_MEDIA = re.compile(
    rf"{_ANGLED}|(?:IMG|VID|AUD|PTT|STK|DOC)-\d{{8}}-WA\d+\.\w+ \([^()]*\)|"
    r"<?[^<>\n]{0,30}: \d+-[\w-]+\.\w{2,5}>?|[^\n:]{1,30}[:：] ?https://(?:maps\.(?:google|apple)\.com|foursquare\.com)/\S+"
)
_DELETED = re.compile(
    r"(?:This message was deleted(?: by admin [^\n]{1,60})?|You deleted this message(?: as admin)?|"
    r"Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht|Ce message a été supprimé|"
    r"(?:Vous avez|Tu as) supprimé ce message|Message supprimé|"
    r"(?:Se eliminó|Eliminaste) este mensaje|Este mensaje (?:fue|se) eliminad?[oó]|"
    r"Questo messaggio è stato eliminato|Hai eliminato questo messaggio|Mensagem (?:apagada|eliminada)|"
    r"Es[ts]a mensagem foi (?:apagada|eliminada)|(?:Você apagou|Eliminou|Apagou) es[ts]a mensagem|"
    r"(?:Данное|Это) сообщение (?:было )?удалено|Вы удалили (?:данное|это) сообщение|Сообщение удалено|"
    r"Це повідомлення (?:було )?видалено|Ви видалили це повідомлення|"
    r"Ta wiadomość została usunięta|Usun(?:ięto|ąłeś|ęłaś|ąłeś\(-ęłaś\)) tę wiadomość|Wiadomość usunięta|"
    r"Dit bericht (?:is|werd) verwijderd|"
    r"(?:U hebt|Je hebt) dit bericht verwijderd|Tato zpráva byla (?:smazána|odstraněna)|Det här meddelandet raderades|"
    r"Acest mesaj a fost șters|Pesan ini (?:telah )?dihapus|Anda (?:telah )?menghapus pesan ini|הודעה זו נמחקה|מחקת הודעה זו|"
    r"این پیام حذف شد(?:ه است)?|شما این پیام را حذف کردید|پیام حذف شد|(?:تم حذف|لقد حذفت|حذفت|أنت حذفت) هذه الرسالة|"
    r"Bu mesaj silindi|Bu mesajı sildiniz|(?:यह|इस) (?:मैसेज|संदेश)(?: को)? (?:हटा दिया गया(?: है| था)?|मिटाया गया(?: था)?)|"
    r"आपने (?:यह|इस) (?:मैसेज|संदेश)(?: को)? (?:हटा|मिटा) दिया|(?:此|这条|這則)(?:消息|訊息)已(?:被)?(?:删除|刪除|撤回|收回)|"
    r"[您你]已?(?:经)?(?:删除了?|刪除了?|撤回了?|收回了?)(?:此|这条|這則)(?:消息|訊息)|"
    r"(?:この)?メッセージ(?:は削除されました|を削除しました)|"
    r"(?:이 )?메시지(?:는 삭제되었습니다|가 삭제되었습니다|를 삭제했습니다)|삭제된 메시지입니다)[.。]?"
)
_SILENT = re.compile(  # what the export writes for what has no words; "null" stands for media seen once
    r"null|(?:Missed|Silenced) (?:voice|video|group (?:voice|video)) call|location: https?://\S+|live location shared|"
    r"Waiting for this message\. This may take a while\.(?: Learn more)?|Verpasster (?:Sprach|Video)anruf|"
    r"Appel (?:vocal|vidéo) manqué|(?:Llamada|Videollamada)(?: de voz)? perdida|(?:Chamada|Ligação) de (?:voz|vídeo) perdida|"
    r"(?:Chiamata vocale|Videochiamata) persa|Nieodebrane połączenie (?:głosowe|wideo)|Пропущенный (?:аудио|видео)звонок|"
    r"Cevapsız (?:sesli|görüntülü) arama|مكالمة (?:صوتية|فيديو) فائتة|تماس (?:صوتی|تصویری) از دست رفته|"
    r"未接(?:语音|語音|视频|視訊)(?:通话|通話)?|(?:音声|ビデオ)通話の不在着信|"
    r"부재중 (?:음성|영상) ?통화|मिस्ड (?:वॉइस|वीडियो) कॉल|"
    r"(?:image|video|audio|GIF|sticker|document|contact card|video note) omitted|"
    r"(?:Bild|Video|Audio|GIF|Sticker|Dokument|Kontaktkarte) weggelassen|(?:image|vidéo|audio|GIF|sticker|document) absente?|"
    r"(?:imagen|video|audio|GIF|sticker|documento) omitid[oa]|"
    r"(?:imagem|vídeo|áudio|GIF|figurinha|documento) (?:ocultad|omitid)[oa]|"
    r"(?:immagine|video|audio|GIF|sticker|documento) omess[oa]|(?:obraz|wideo|audio|plik|GIF) pominięt[ya]|"
    r"(?:изображение|видео|аудио|GIF|стикер|документ) (?:отсутствует|пропущен[оа]?)",
    re.IGNORECASE,
)
_ATTACHED = re.compile(rf"\A{_ATTACHMENT}\n")
_EDITED = re.compile(rf"\s*{_ANGLED}\s*\Z")
_VIEWED_ONCE = re.compile(
    r"(?:You (?:sent|received) a )?view[- ]once (?:message|photo|video|voice message)(?: omitted)?[^\n]{0,60}", re.IGNORECASE
)
_TITLE = re.compile(r"(?P<word>[^\W\d_](?:[^\W\d_]| (?=\S)){1,19})[:：]\s*")
_OPTION = re.compile(
    r"(?P<word>[^\W\d_](?:[^\W\d_]| (?=\S)){1,19})[:：][ \t]?(?P<text>.+?)"
    r"(?P<votes>[ \t]?[(（][^()（）\n]*\d[^()（）\n]*[)）])?\s*"
)
_LONGEST_NOTE = 90  # characters; few messages of people are tried in vain
_DELETED_FIRST = frozenset("ABCDEHJMPQSTUVWYВДСЦЭהמأاتحشلپआइयこメ你您此这這메삭이")


def reason(text: str) -> str:
    """`media`, `deleted` or `encrypted` where the message is WhatsApp's own; "" where somebody wrote it."""
    if len(text) <= _LONGEST_NOTE:
        if text[:1] in _DELETED_FIRST and _DELETED.fullmatch(text):
            return "deleted"
        if _VIEWED_ONCE.fullmatch(text):
            return "media"
        if _SILENT.fullmatch(text):
            return "encrypted" if text.startswith("Waiting") else "media"
    is_media = _MEDIA.fullmatch(text) or (text.endswith(")") and _ATTACHED.fullmatch(f"{text}\n"))
    return "media" if is_media else ""


def poll(text: str) -> str:
    """The question and the options of a poll, without who voted; "" where the message is none.

    `POLL:`, the question, `OPTION: … (1 vote)` a line, in capitals and in the language of the telephone: in another than English
    it is told by lines that all open with one word and end in a number of votes.
    """
    title, _, rest = text.partition("\n")
    named = _TITLE.fullmatch(title)
    if named is None or named["word"] != named["word"].upper():
        return ""
    lines = rest.rstrip("\n").split("\n")
    last = _OPTION.fullmatch(lines[-1])
    if last is None or last["word"] != last["word"].upper():
        return ""
    options: list[re.Match[str]] = []
    while lines and (option := _OPTION.fullmatch(lines[-1])) and option["word"] == last["word"]:
        options.insert(0, option)
        lines.pop()
    is_sure = named["word"] == "POLL" or all(option["votes"] for option in options)
    question = "\n".join(lines).strip()
    if not question or len(options) < 2 or not is_sure:
        return ""
    return "\n".join([question, *(f"- {option['text'].strip()}" for option in options)])


def said(text: str) -> str:
    text = _ATTACHED.sub("", text) if ")\n" in text else text
    return _EDITED.sub("", text) if "<" in text and text.rstrip().endswith(">") else text
