"""What in a mail is the author's own: without quoted replies, attributions, signatures, list footers, PGP armour.

In: a decoded body. Out: the words written in this mail; "" where it only quotes.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"^[ \t]{0,3}(?:[>|}»›]|[A-Za-z]{1,4}>)")
_ATTRIBUTION = re.compile(
    r"(?:[^\n]{0,200}(?:\bwrote|\bwrites|\bsaid|\bschrieb|\ba écrit|\bescribió|\bha scritto|\bnapisał\(?a?\)?|\bpisze|"
    r"\bnapsal|\bпишет|\b(?:на)?писал\(?а?\)?|\bпише|\bescreveu|\bschreef|"
    r"\bskrev|\byazdı|\bmenulis|\bviết|έγραψε|"
    r"نوشت|كتب|写道|書きました|님이 작성:)[^\n]{0,40}[:：]?|Quoting [^\n]{1,120}[:)]|"
    r"Excerpts from [^\n]{1,120}:|"
    r"\* [^\n]{1,80} \[[^\n]{0,20}\d\d:\d\d[^\n]{0,10}\]:|"
    r"(?=[^\n]*(?:\d[:.]\d\d|\b(?:19|20)\d\d\b))[^\n]{5,200}<[^<>\n]+(?:@| at )[^<>\n]+>[^\n]{0,40}[:：]|"
    r">>>>> [^\n]+ writes:|(?=[^\n]*\d)(?:[-*\s]*On "
    r"[^\n]{5,160},?|(?:Am|Le|El) [^\n]{5,120}))[ \t]*"
)
_BEGUN = re.compile(
    r"[-*\s]*(?:On|Am|Le|El|Il|Em|Op|Den|Dne|At|In|W dniu|В|\d|\w{2,4}\.?, )(?=[^\n]*\d)[^\n]{5,200}[^.!?:\n]\Z"
)  # to be continued
_FORWARD = re.compile(r"^[^\S\n]*-{2,}[^\S\n]*(?:Original Message|Forwarded [Mm]essage|Ursprüngliche Nachricht|Message d'origine|"
                      r"Mensaje original|Messaggio originale|"
                      r"Исходное сообщение|Wiadomość oryginalna|Oorspronkelijk bericht)\s*-{2,}|^_{20,}\s*$\n(?:From|Von|De|"
                      r"От|Od|Da):", re.MULTILINE | re.IGNORECASE)  # fmt: skip
_FROM = r"From|Von|De|Da|Od|От|Від|Van|Fra|Från|Lähettäjä|Gönderen|Kimden|Feladó|发件人|寄件者|差出人|보낸 사람"
_SENT = (
    r"Sent|Date|Gesendet(?: am)?|Datum|Envoyé(?: le)?|Enviad[oa](?: el| em)?|Inviato|Wysłano|Data|Отправлено|Дата|Надіслано|"
    r"Verzonden|Skickat|Sendt|Lähetetty|Gönderildi|Tarih|Elküldve|发送时间|日期|寄件日期|送信日時|보낸 날짜|날짜"
)
_TO = (
    r"To|An|À|Para|A|Do|Кому|Aan|Till|Til|Vastaanottaja|Kime|Címzett|"
    r"收件人|宛先|받는 사람|Cc|Subject|Betreff|Objet|Asunto|Assunto|"
    r"Oggetto|Temat|Тема|Onderwerp|Ämne|Emne|Aihe|Konu|Tárgy|主题|主旨|件名|제목"
)
_FROM_MARKS = ("From:", "De :", "：", *(f"{word}:" for word in _FROM.split("|")))
_ASCII_MARKS = ("From:", "Von:", "De:", "De :", "Van:", "Da:", "Od:", "Fra:")
_HEADED = re.compile(  # how Outlook and its like begin the mail that is answered, without a mark before its lines
    rf"^[ \t]*\*?(?:{_FROM})\*? ?[:：]\*? [^\n]+\n(?:[^\n:：]{{1,30}}[:：][^\n]*\n)?"
    rf"[ \t]*\*?(?:{_SENT})\*? ?[:：][^\n]*\d[^\n]*\n"
    rf"(?:[^\n]+\n){{0,3}}?[ \t]*\*?(?:{_TO})\*? ?[:：]",
    re.MULTILINE,
)
_DEVICE = re.compile(  # what a telephone or a program adds below every mail
    r"(?:Sent (?:from|via|with|using) (?:my |the )?[^\n.!?]{3,60}|Get Outlook for [^\n]{2,80}|"
    r"Gesendet (?:von|mit) [^\n.!?]{3,50}|"
    r"Von [^\n.!?]{3,50} gesendet|Envoyé (?:de(?:puis)?|à partir de) [^\n.!?]{3,50}|"
    r"Télécharger Outlook pour [^\n]{2,80}|"
    r"(?:Enviado|Enviada) (?:desde|do|da|de) [^\n.!?]{3,50}|Inviato (?:da|dal) [^\n.!?]{3,50}|"
    r"Wysłan[eoy] (?:z|za pomocą) [^\n.!?]{3,50}|"
    r"Отправлено (?:с|из) [^\n.!?]{3,50}|Надіслано з [^\n.!?]{3,50}|Verstuurd vanaf [^\n.!?]{3,50}|"
    r"Verzonden (?:vanaf|met) [^\n.!?]{3,50}|"
    r"Skickat från [^\n.!?]{3,50}|Sendt fra [^\n.!?]{3,50}|[^\n.!?]{3,30} gönderildi|[^\n。]{3,20}から送信|"
    r"发自[^\n。]{2,20}|[從从]我的 ?[^\n。]{2,15}(?:发送|傳送|寄出)|"
    r"나의 [^\n.]{3,20}에서 보냄|ارسال شده از [^\n.!?]{3,40}|أُ?رسلت? من [^\n.!?]{3,40})\.?"
)
_SIGNATURE = re.compile(r"^(?:-- ?|--\s*|—\s*|_{2,}\s*|\*{5,}\s*)$")
_FORWARD_START = re.compile(
    r"--\s*(?:Original|Forwarded|Ursprüngliche|Message d'|Mensaje|Messaggio|Исходное|Wiadomość|Oorspronkelijk)", re.IGNORECASE
)
_FOOTER = re.compile(
    r"^(?:_{30,}|-{30,}|={30,}|\*{30,})\s*\n(?=(?:.*\n){0,4}?.*(?:mailing list|unsubscribe|mailman|listinfo|https?://|"
    r"-request@|liste de diffusion|рассылк))",
    re.MULTILINE | re.IGNORECASE,
)
_SCRUBBED = re.compile(
    r"^(?:-{10,} next part -{10,}\n)?(?:An? [\w ,-]{4,60} was scrubbed\.\.\.\n(?:[A-Z][\w-]*\s?: .*(?:\n|"
    r"\Z))*|-{10,} next part -{10,}\n)",
    re.MULTILINE,
)
_HTML_NOTE = re.compile(r"^\s*\[\[alternative HTML version deleted\]\]\s*$", re.MULTILINE)
_ARMOUR = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Z][\w-]*:.*\n)*\n?|^-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY "
    r"BLOCK)-----\n(?:.*\n)*?-----END PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----\n?",
    re.MULTILINE,
)
_RULE = re.compile(r"^\s*([-_=*#~+])(?:\1| \1){9,}\s*$")
_RULE_STARTS = "-_=*#~+ \t\f\v"
_RULES = tuple("\n" + mark * 30 for mark in "_-=*")
_OTHER_MARKS = "|}»›"
_GAP = re.compile(r"\n{3,}")
MAX_SIGNATURE_LINES = 12


def own_words(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    if "PGP" in text:
        text = _ARMOUR.sub("", text)
    if "scrubbed" in text or " next part " in text:
        text = _SCRUBBED.sub("", text)
    if "_" * 20 in text or ("--" in text and _FORWARD_START.search(text)):
        text = _cut_at(_FORWARD, text)
    if "\n--~--~" in text:  # the foot of older Google Groups
        text = text[: text.find("\n--~--~")]
    for mark in _ASCII_MARKS if text.isascii() else _FROM_MARKS:  # a loop: a generator takes twice the time
        if mark in text:
            text = _cut_at(_HEADED, text)
            break
    text = _without_footer(text)
    if "[[alternative" in text:
        text = _HTML_NOTE.sub("", text)
    lines = _without_signature(text.split("\n"))
    kept = _without_quotes(lines, has_other_marks=any(mark in text for mark in _OTHER_MARKS))
    _drop_device(kept)
    text = "\n".join(kept)
    return (_GAP.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def _without_footer(text: str) -> str:
    """Looked for from the first rule at the start of a line on; most mails have none."""
    starts = [0] if text.startswith(("_", "-", "=", "*")) else []
    starts += [place for rule in _RULES if (place := text.find(rule)) >= 0]
    found = _FOOTER.search(text, min(starts)) if starts else None
    return text[: found.start()] if found else text


def _cut_at(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return text[: found.start()] if found else text


def _without_signature(lines: list[str]) -> list[str]:
    """The last line of two dashes opens a signature; so does a block between two rules at the very end."""
    framed = _framed_block(lines)
    if framed is not None:
        return lines[:framed]
    for index in range(len(lines) - 1, max(-1, len(lines) - 60), -1):
        line = lines[index]
        if line and line[0] in "-—_*" and _SIGNATURE.match(line):
            is_standard = line.rstrip() == "--"
            if is_standard or len([each for each in lines[index + 1 :] if each.strip()]) <= MAX_SIGNATURE_LINES:
                return lines[:index]
    return lines


def _framed_block(lines: list[str]) -> int | None:
    """Index of the rule that opens a block of few lines which another rule closes, with next to nothing behind."""
    first = max(0, len(lines) - 40)
    tail = [
        index
        for index, line in enumerate(lines[first:], first)
        if len(line) > 9 and line[0] in _RULE_STARTS and _RULE.match(line)
    ]
    if len(tail) < 2 or sum(1 for line in lines[tail[-1] + 1 :] if line.strip()) > 2:
        return None
    is_short = tail[-1] - tail[-2] - 1 <= MAX_SIGNATURE_LINES
    return tail[-2] if is_short and any(line.strip() for line in lines[: tail[-2]]) else None


def _without_quotes(lines: list[str], *, has_other_marks: bool) -> list[str]:
    """Quoted lines go, and the line or two before a quotation that say whose it is.

    A line without ">" is looked at closer only where the mail holds another mark.
    """
    kept: list[str] = []
    is_quoting = False
    for line in lines:
        if (has_other_marks or ">" in line) and _QUOTED.match(line):
            if not is_quoting:
                _drop_attribution(kept)
            is_quoting = True
        else:
            kept.append(line)
            is_quoting = is_quoting and not line.strip()
    _drop_attribution(kept)
    return kept


def _drop_device(kept: list[str]) -> None:
    while kept and not kept[-1].strip():
        kept.pop()
    if len(kept) > 1 and len(kept[-1]) <= 100 and _DEVICE.fullmatch(kept[-1].strip()):
        kept.pop()


def _drop_attribution(kept: list[str]) -> None:
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    last = kept[end - 1].rstrip() if end else ""
    if not last.endswith((":", "：", ",", "wrote")) and not last.startswith("Quoting "):
        return
    before = kept[end - 2].strip() if end > 1 else ""
    if len(last) > 250:
        return
    if _BEGUN.match(before) and len(last) < 120 and not _BEGUN.match(last) and _ATTRIBUTION.fullmatch(f"{before} {last.strip()}"):
        del kept[end - 2 :]
    elif _ATTRIBUTION.fullmatch(last):
        del kept[end - 1 :]
    elif before and last.endswith(":") and len(last) < 120 and _ATTRIBUTION.fullmatch(f"{before} {last.strip()}"):
        del kept[end - 2 :]
