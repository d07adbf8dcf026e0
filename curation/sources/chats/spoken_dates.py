"""Moments as people's exports write them out: `poniedziałek, 5 czerwca 2023 10:11:12 UTC`, `mar. 01, 2021 10:01:02 am`.

In: text. Out: a time in UTC, or None where no year, month, day and clock can be told. Months by name in about thirty languages
(CLDR's full names; a shorter form counts where one month begins so), digits of any script, Persian and Thai years.
Croatian is left out: its June, July and October are spelled as other months of Czech and Polish.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from curation.sources.chats.numeric_dates import day, digits

_NAMES = (
    "january januar januari janvier enero janeiro gennaio gener ianuarie január januára janvāris jaanuar tammikuu "
    "tammikuuta styczeń stycznia leden ledna ocak sausis sausio январь января януари јануар січень січня ιανουάριος "
    "ιανουαρίου ינואר يناير ژانویه जनवरी",
    "february februar februari février febrero fevereiro febbraio febrer februarie február februára februāris veebruar "
    "helmikuu helmikuuta luty lutego únor února şubat vasaris vasario февраль февраля февруари фебруар лютий лютого "
    "φεβρουάριος φεβρουαρίου פברואר فبراير شباط فوریه फ़रवरी",
    "march märz maret mars marzo março març maart marts martie március marec marca marts märts maaliskuu maaliskuuta marzec "
    "březen března mart kovas kovo mrt март марта березень березня μάρτιος μαρτίου מרץ مارس آذار मार्च",
    "april avril abril aprile aprilie április apríl apríla aprīlis aprill huhtikuu huhtikuuta kwiecień kwietnia duben dubna "
    "nisan balandis balandžio апрель апреля април квітень квітня απρίλιος απριλίου אפריל أبريل ابريل إبريل نيسان آوریل "
    "अप्रैल",
    "may mai mayo maio maggio maig mei maj maja mája máj május maijs toukokuu toukokuuta květen května mayıs gegužė gegužės "
    "май мая мај травень травня μάιος μαΐου מאי مايو أيار مه मई",
    "june juni juin junio junho giugno juny iunie június jún júna jūnijs juuni junij kesäkuu kesäkuuta czerwiec czerwca "
    "červen června čvn haziran birželis birželio июнь июня юни јун червень червня ιούνιος ιουνίου יוני يونيو يونية حزيران "
    "ژوئن जून",
    "july juli juillet julio julho luglio juliol iulie július júl júla jūlijs juuli julij heinäkuu heinäkuuta lipiec lipca "
    "červenec července čvc temmuz liepa liepos июль июля юли јул липень липня ιούλιος ιουλίου יולי يوليو يولية تموز ژوئیه "
    "जुलाई",
    "august agustus août agosto agost augustus augusti augusztus augusta augusts avgust elokuu elokuuta sierpień sierpnia "
    "srpen srpna ağustos rugpjūtis rugpjūčio август августа серпень серпня αύγουστος αυγούστου אוגוסט أغسطس اغسطس آب اوت "
    "अगस्त",
    "september septembre septiembre setembro settembre setembre septembrie szeptember septembra septembris syyskuu "
    "syyskuuta wrzesień września září eylül rugsėjis rugsėjo сентябрь сентября септември септембар вересень вересня "
    "σεπτέμβριος σεπτεμβρίου ספטמבר سبتمبر أيلول سپتامبر सितंबर",
    "october oktober octobre octubre outubro ottobre octombrie október októbra oktobris oktoober lokakuu lokakuuta "
    "październik października říjen října ekim spalis spalio октябрь октября октомври октобар жовтень жовтня οκτώβριος "
    "οκτωβρίου אוקטובר أكتوبر اكتوبر اکتبر अक्टूबर",
    "november novembre noviembre novembro noiembrie novembra novembris marraskuu marraskuuta listopad listopada listopadu "
    "kasım lapkritis lapkričio ноябрь ноября ноември новембар листопад листопада νοέμβριος νοεμβρίου נובמבר نوفمبر نوامبر "
    "नवंबर",
    "december dezember décembre diciembre dezembro dicembre desembre decembrie december decembra decembris detsember "
    "desember joulukuu joulukuuta grudzień grudnia prosinec prosince aralık gruodis gruodžio декабрь декабря декември "
    "децембар грудень грудня δεκέμβριος δεκεμβρίου דצמבר ديسمبر دسامبر दिसंबर",
)  # fmt: skip
_THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTHS |= {name: number for names in (_THAI, _PERSIAN) for number, name in enumerate(names.split(), 1)}
_MARKS = re.compile("[\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?::|[時时点]|시 ?| นาฬิกา )(\d\d?)(?:(?::|分|분 ?| นาที )(\d\d?))?(?:[.,]\d+)?(?:[秒초分분]| วินาที)?|"
    r"(?<![\d.])(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?![.]?\d)"
)
_ZONE = re.compile(r"(?:utc|gmt) ?([+\-−])(\d{1,2})(?::?(\d\d))?")
_AFTER_NOON = re.compile(r"(?<!\w)(?:p\. ?m|pm|μ\.? ?μ|م|ب\.?ظ|du|अपराह्न)(?!\w)|بعدازظهر|午後|下午|晚上|中午|오후")
_BEFORE_NOON = re.compile(r"(?<!\w)(?:a\. ?m|am|π\.? ?μ|ص|ق\.?ظ|de\.|पूर्वाह्न)(?!\w)|قبل‌ازظهر|午前|上午|凌晨|早上|清晨|오전")
_MONTH_NUMBER = re.compile(r"(?:tháng|thg) (\d{1,2})|(\d{1,2}) ?[月월]")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_BREAKS = re.compile(r"[\s,،.;:()\[\]’'/\-–\d]+")


def moment(text: str) -> datetime | None:
    """The moment that a text names in words and numbers."""
    line = " ".join(_MARKS.sub("", digits(text)).lower().split())
    clock = _CLOCK.search(line)
    zone = _ZONE.search(line)
    if clock is None:
        return None
    rest = f"{line[: clock.start()]} , {line[clock.end() :]}"
    rest = _ZONE.sub(" ", rest) if zone else rest
    year = _YEAR.search(rest)
    numbered = _MONTH_NUMBER.search(rest)
    month = int(numbered[1] or numbered[2]) if numbered else _named(_BREAKS.split(rest))
    if year is None or not month:
        return None
    rest = _YEAR.sub(" ", _MONTH_NUMBER.sub(" ", rest))
    numeral = _DAY.search(rest)
    if numeral is None:
        return None
    hour = int(clock[1] or clock[4])
    if _AFTER_NOON.search(rest):
        hour = hour % 12 + 12
    elif _BEFORE_NOON.search(rest):
        hour %= 12
    try:
        time = day(int(year[0]), month, int(numeral[0])) + timedelta(
            hours=hour, minutes=int(clock[2] or clock[5]), seconds=int(clock[3] or clock[6] or 0)
        )
        if zone:
            away = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
            time += -away if zone[1] == "+" else away
    except (ValueError, OverflowError):
        return None
    return time


def month_of(word: str) -> int:
    """The month that one word names, in any language, in full or short; 0 for any other word."""
    lowered = word.lower().rstrip(".")
    return _MONTHS.get(lowered) or _shortened(lowered)


def _named(words: list[str]) -> int:
    for word in words:
        if word in _MONTHS:
            return _MONTHS[word]
    return next((number for word in reversed(words) if (number := _shortened(word))), 0)


@lru_cache(maxsize=4096)
def _shortened(word: str) -> int:
    """`Okt`, `авг`, Hebrew with its preposition; a weekday (`mar.`) comes before the month, so that the last one counts."""
    if word[:1] == "ב" and word[1:] in _MONTHS:
        return _MONTHS[word[1:]]
    if word == "mar":  # Finnish has a November that begins so, and a shorter form of its own
        return 3
    found = {number for name, number in _MONTHS.items() if name.startswith(word)} if len(word) >= 3 else set()
    return found.pop() if len(found) == 1 else 0
