"""Words that are also names or nicknames: as such only in the context of a mention."""

from __future__ import annotations

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
        # Polish, Russian, Persian
        "mają mamy róża wiara nadzieja miłość pan pani ktoś nikt jest gość wesoły mały biały czarny wilk lis kot pies",
        "вера надежда любовь роман марк гость админ слава мир лев майя зима волк лис кот кто то это как",
        "امید آرزو شادی پیروز بهار مهر نسیم دریا ستاره سحر سپیده نور حسین‌جان مدیر کاربر ادمین گروه راه ماه",
    )
    for word in line.split()
)
