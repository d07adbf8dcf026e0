"""What IRC clients say in the language of their user, where the same star stands before what people do: `* ada hat den Server
verlassen (Ping timeout)`.

In: a line behind its star, and what its log says behind several nicks. Out: `join` for who comes, goes or changes the name,
`service` for modes and topics, "" for what a person does. Words alone are no proof (`ada saiu do banho`): a channel, a reason in
brackets or the end of the line must follow.
"""

from __future__ import annotations

import re
from collections import defaultdict

MIN_NICKS = 3
_REASONED = re.compile(r"\*\t(?P<nick>\S{1,60}) (?P<words>[^()\n]{2,60}) \([^\n]*\)$", re.MULTILINE)
_END = r"(?:(?: [^\s#&(]+){0,3} [#&]\S+)?(?: \([^\n]*\))?[.!]? *\Z"  # at most three words before a channel: "le salon"
_GOES = re.compile(
    r"\S{1,60} (?:\(\S+@\S+\) )?(?:"
    r"hat (?:\S+ ){0,3}(?:verlassen|beendet|getrennt|betreten|abgemeldet|ausgeloggt)|(?:verlässt|betritt)(?: den \w+)?|"
    r"ist (?:(?:\S+ ){1,3}beigetreten|gegangen)|"
    r"(?:a (?:quitté|rejoint)|vient de (?:quitter|rejoindre))(?: (?:le (?:salon|canal|serveur)|l'IRC|IRC))?|"
    r"(?:est (?:parti|entré|sorti)|s'est (?:dé)?connecté)e?|"
    r"(?:se )?ha (?:salido|abandonado|entrado|marchado|desconectado|unido|dejado)(?: (?:del?|el|al|en) \w+)?|"
    r"salió|entró|abandonó|"
    r"è (?:uscit|entrat)[oa]|ha (?:abbandonato|lasciato)(?: (?:il|la) \w+)?|si è (?:disconness|unit)[oa]|"
    r"saiu|entrou|deixou(?: o (?:canal|servidor))?|desconectou(?:-se)?|abandonou|juntou-se|"
    r"(?:вышел|вышла|покинул[аи]?|покидает|заш[её]л|зашла|вош[её]л|вошла|отключил(?:ся|ась)|выходит|входит|присоединил(?:ся|ась))"
    r"(?: (?:с сервера|из (?:сети|чата|IRC|канала)|на канал|канал|чат|сервер))?|"
    r"(?:вийшов|вийшла|покину(?:в|ла)|зайш(?:ов|ла)|увійш(?:ов|ла)|приєдна(?:вся|лася))"
    r"(?: (?:з|на) (?:сервера|мережі|каналу|канал))?|"
    r"(?:opuścił|wysz[ełd]+|wesz[ełd]+|dołączył|zakończył|rozłączył)\S*(?: się)?(?: (?:kanał|serwer|z serwera|IRC))?|"
    r"opuszcza|wchodzi|wychodzi|"
    r"heeft (?:\S+ ){0,3}(?:verlaten|betreden)|is (?:weggegaan|binnengekomen|vertrokken)|verlaat|betreedt|"
    r"har (?:lämnat|avslutat|anslutit|gått|forladt|afsluttet|forlatt|avsluttet)(?: (?:servern|kanalen|serveren|IRC))?|"
    r"poistui|lähti|liittyi|saapui|on (?:poistunut|lähtenyt|liittynyt|lopettanut)|"
    r"odešel|odešla|opustil[ao]?|ukončil[ao]?|vstoupil[ao]?|přišel|přišla|připojil[ao]? se|odišiel|odišla|vstúpil[ao]?|"
    r"kilépett|belépett|elhagyta|csatlakozott|a (?:ieșit|plecat|intrat|părăsit)|"
    r"ayrıldı|çıktı|katıldı|έφυγε|αποχώρησε|μπήκε|βγήκε"
    rf"){_END}"
)
_NAMED = re.compile(
    r"\S{1,60} (?:heißt jetzt|nennt sich (?:jetzt|nun)|ist (?:jetzt|nun) (?:bekannt )?als|"
    r"s'appelle (?:maintenant|désormais)|est (?:maintenant|désormais) connue? (?:sous le nom de|comme)|"
    r"(?:ahora )?(?:es|se) (?:ahora )?(?:conocid[oa] como|llama)|(?:ora )?è (?:ora |adesso )?conosciut[oa] come|"
    r"(?:agora )?é (?:agora )?conhecid[oa] (?:como|por)|mudou (?:o|de) (?:nick|apelido) para|"
    r"теперь (?:известен|известна) как|сменил[аи]? ник на|(?:тепер|зараз) (?:відомий|відома) як|змінив нік на|"
    r"(?:jest )?(?:teraz )?(?:jest )?znany (?:teraz )?jako|zmieni[ał]\S* nick na|"
    r"(?:is nu|er nu|er nå) (?:bekend als|kendt som|kjent som)|"
    r"heet nu|heter nu|är nu känd som|(?:on nyt|tunnetaan nyt) (?:nimellä|nimeltään)|je (?:nyní|teraz) znám[ýy]? (?:jako|ako)|"
    r"este acum cunoscut ca|είναι (?:πλέον|τώρα) γνωστ\S+ ως) \S{1,60}[.!]? *\Z"
)
_RULES = re.compile(
    r"\S{1,60} (?:"
    r"(?:gibt|entzieht|donne|retire|enlève|da|quita|otorga|dà|assegna|rimuove|toglie|dá|concede|retira|remove|даёт|дает|забирает|снимает|"
    r"надає|забирає|nadaje|odbiera|daje|zabiera|geeft|neemt|ger|tar|dává|odebírá|antaa|poistaa)\b[^\n]{1,80}?"
    r"(?:[Oo]perat|opérateur|Voice|voice|voix|voz|voce|оператор|голос|głos|operatør|röst|hlas|ääni)[^\n]*|"
    r"(?:setzt (?:den )?(?:Channel-?|Kanal-?)?[Mm]od|(?:active|met|change) le mode|establece (?:el )?modo|imposta (?:il )?mod|"
    r"define o modo|устанавливает режим|меняет режим|встановлює режим|ustawia tryb|"
    r"(?:zet|stelt) modus|sätter läge|nastavuje mód)[^\n]*|"
    r"(?:hat das Thema|ändert das Thema|a changé le (?:sujet|topic)|ha cambiado el (?:tema|tópico)|"
    r"ha cambiato (?:l'argomento|il topic)|"
    r"(?:mudou|alterou) o tópico|(?:сменил|изменил)а? тему|змінив тему|zmieni\S+ temat|heeft het (?:onderwerp|topic)|"
    r"har ändrat ämnet|změnil\S? téma)\b[^\n]*)"
)


def phrases(text: str) -> frozenset[str]:
    """What stands between a nick and a reason in brackets, behind at least MIN_NICKS of the nicks in a log of HexChat."""
    nicks: dict[str, set[str]] = defaultdict(set)
    if "*\t" in text:
        for found in _REASONED.finditer(text):
            nicks[found["words"]].add(found["nick"])
    return frozenset(words for words, who in nicks.items() if len(who) >= MIN_NICKS)


def reason(line: str, known: frozenset[str]) -> str:
    """Of what stands behind the star; `known`: the phrases of the log."""
    if _GOES.match(line) or _NAMED.match(line):
        return "join"
    if _RULES.match(line):
        return "service"
    words = line.partition(" ")[2].partition(" (")[0]
    return "join" if known and words in known and line.rstrip().endswith(")") else ""
