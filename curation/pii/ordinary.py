"""Words that are also names or nicknames: as such only in the context of a mention.

Three sources: the list below (names that are words, words that people take as nicknames, names of programs and rooms), the
stop words that spaCy ships for the language and for English, and the conversation itself: what it writes small more often
than large is a word there (`written_small`).
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from functools import lru_cache

# Given names that are words: with a capital in the middle of a sentence they are names (months and titles are not).
GIVEN = frozenset(
    word
    for line in (
        "will mark rob bill jack pat sue guy max nick dean frank gene drew miles ray rich eve holly ruby pearl harry herb jay",
        "jean josh ken lance lee les mike norm randy robin rod roman terry tiffany tucker victor wade walker bob dick don dale",
        "glen till dirk",
    )
    for word in line.split()
)
WORD = re.compile(r"[^\W_]+")

ORDINARY = frozenset(
    word
    for line in (
        # English names that are words
        "will mark rose may june april august grace hope faith joy art bill rob jack pat sue guy max nick dean",
        "grant frank gene chase",
        "drew miles rich ray rusty sandy summer autumn daisy lily iris ivy violet ruby pearl amber crystal dawn",
        "eve holly hunter mason",
        "parker taylor carter cooper baker cook smith king page price young long short white black green brown",
        "gray wood woods stone hill",
        "lake rivers field marsh fox wolf bird bush rice bean berry bacon major earl duke prince bishop pope",
        "knight love day night summers",
        "winter weeks case chance cash christian dale dick don drake ford glen harry herb jay jean josh ken lance",
        "lane lee les man mike mills",
        "moss noble norm penny pike pierce port randy reed robin rod roman sage sharp sky sterling stormy tanner",
        "terry tiffany trace tucker van",
        "victor ward wade walker wall wells west wilder worth star sun moon sea ocean angel ash basil bob buddy",
        "butch chip cliff clay colt dash",
        # what programs and chat rooms are called
        "root admin administrator user guest test tester bot system server host nobody anonymous anon unknown",
        "deleted null none me you info",
        "support help team staff dev developer git build ci bridge news channel group general random moderator mod",
        "owner staging release",
        # words people take as nicknames
        "companion shadow leaf table tree cat dog mouse bear tiger lion eagle hawk raven snake dragon ghost spirit",
        "zero one two three first",
        "last next code coder hacker ninja master chief boss nova pixel byte bit data core kernel shell stack",
        "queue loop node link zig rust",
        "python java swift go ruby perl c light dark fire ice water storm rain snow wind cloud rock metal gold",
        "silver iron steel blue red",
        "happy lucky crazy cool nice good great best real true free fast slow big small tiny little old new lost",
        "found just only ever never",
        "the and for not but are was his her our out all can has had how its who did get let put say she too use",
        "why yes no hi hey",
        "able above account action active actual add again age agent air alert alias alien alpha ant any anti apple archer area",
        "arm arrow artist atlas atom auto avatar axe baby back bad badger ball band bank base basic bat battle beam beast beat",
        "beta bill bishop blade blank blaze blink block blood board boat body bold bolt bomb bone book boost boot border born",
        "bot box boy brain brave break bright broken bubble bug bull burn bus button buzz cafe cake call camp can candle candy",
        "cap captain car card care cart castle cell chain chair chaos charm chart chat check cheese cherry child chocolate",
        "cipher circle city class clean clear click clock close coal coast coffee coin cold color comet common complex",
        "computer connect console cookie copy corn cosmic count country craft crash crow crown crypto crystal cube current",
        "cursor cycle daemon dance danger data day dead deal death debug deep delta demo demon dev digital dirty disk doctor",
        "dot double down draft dream drive drop dry duck dust dwarf eagle early earth east easy echo edge edit ego egg elder",
        "electric elf else empty end energy engine enter epic error even exit extra eye face fact fail fair faith false fan",
        "far fat fear feather fence few fiction file fine finger fish fix flag flame flash flat float flow flower fly focus",
        "fog food fool foot force forest fork form format forward frame freak free fresh friend frog frost fruit full fun",
        "function fury future galaxy game gamma garden gas gate geek general gentle giant gift glass global goat gravity",
        "grey grid ground group grow guard guide guitar gun hammer hand hard hash head heart heat heavy help hidden high",
        "hint history hit hold hole home honest honey hope horse hot hour house human humble hungry hybrid idea idle image",
        "infinite ink insane iris island jam job join joke jump junior just key kid kill kind kit knife lab lamp land laser",
        "late laugh lazy lead lean left legend lemon length less level life lift light like limit line link list live local",
        "lock log logic loud low luck machine magic mail main major man map mask mass match math maximum maybe maze mean",
        "media melon memory merge mess meta method mind mini mint mist mix mode model modern module moment monk monkey monster",
        "more motion motor mouth move mud music must mute myth name native nature near nerd nest neuron nick nine ninja noise",
        "note nothing now number nut oat oats object odd off office oil omega only open option orange orbit order other out",
        "over pack page paint panda panic paper parrot part party pass password patch path pause peace peach peak pen people",
        "phantom phone phoenix photo piano picture pie pig pilot pink pipe pirate pizza place plain plan planet plant plate",
        "play player plus pocket poet point poke pop post potato power pre press print private process program proof proto",
        "public pulse pure purple push puzzle quantum quick quiet quit rabbit race radio random rat raw reader ready reason",
        "record reed remote report rest return review ride right ring rise road robot rocket room rough round route row rule",
        "run safe salt same sand save scale science scout script search second secret seed self send sense serious session",
        "set seven shape share sharp shell shift ship shop short shot show side sign signal silent simple single six skill",
        "skin skull sleep slice slim slow smart smile smoke smooth sniper social soft soldier solid solo some song sound",
        "soul space spark spam speed sphere spider spike spin spot spring square stable stage standard start state static",
        "status stealth stick still stop store story strange stranger stream street string strong student stuff style sugar",
        "super sure surf surprise sweet swift switch system tag tank target task taste tea tech temp ten term terminal text",
        "thank theory thing think thought thread thunder ticket tide tight time tin tip tool top torch torque touch tower",
        "track trade traffic train trap travel trick trouble true trust truth turbo turn turtle twist two type ultra under",
        "unicorn union unit universe up update urban user vague value vector verse version very via vice video view viking",
        "virtual virus visitor visual voice void wake walk wall wanderer want war warm warrior watch watcher wave way weather",
        "web weird wheel while whisper whole wide win window wing winner wise witch wizard wonder word work worker world",
        "worm wrong yellow yeti young zebra zen zombie zone",
        # Polish, Russian, Persian
        "mają mamy róża wiara nadzieja miłość pan pani ktoś nikt jest gość wesoły mały biały czarny wilk lis kot pies",
        "вера надежда любовь роман марк гость админ слава мир лев майя зима волк лис кот кто то это как",
        "امید آرزو شادی پیروز بهار مهر نسیم دریا ستاره سحر سپیده نور حسین‌جان مدیر کاربر ادمین گروه راه ماه",
    )
    for word in line.split()
)


@lru_cache(maxsize=64)
def ordinary(language: str) -> frozenset[str]:
    """Words of a language (and of English, which every chat mixes in) that are no names by themselves."""
    from spacy.util import get_lang_class

    words = set(ORDINARY) | set(get_lang_class("en").Defaults.stop_words)
    with suppress(ImportError):  # a language that spaCy does not know
        words |= get_lang_class(language).Defaults.stop_words if language else set()
    return frozenset(words)


def written_small(text: str) -> frozenset[str]:
    """Words that this text writes small more often than large, ends of words aside: "mark", "will" where they are words."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for match in WORD.finditer(text):
        word = match.group()
        if word[0].islower():
            small[word] += 1
        elif word[0].isupper():
            large[word.casefold()] += 1
    return frozenset(word for word, count in small.items() if count > large[word])
