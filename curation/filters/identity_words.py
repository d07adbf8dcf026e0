"""Words that name groups of people and insult nobody: the toxicity model never sees them, in training or in use.

Posts about a group are more often hateful in every labelled set than posts in general, so a model that sees the
group's name learns that the name is toxic. Slurs are not in this list: those it may learn. Lower case, inflected forms
spelled out; Chinese and Korean names are removed from the running text, where words are not apart.
"""

from __future__ import annotations

import re

_TABLE = """
en: gay gays lesbian lesbians bisexual homosexual homosexuals queer trans transgender transsexual lgbt lgbtq straight muslim
    muslims islam islamic jew jews jewish christian christians catholic catholics hindu hindus buddhist buddhists sikh
    atheist atheists black blacks white whites african africans asian asians arab arabs latino latina hispanic hispanics
    mexican mexicans chinese japanese korean indian indians pakistani pakistanis turkish turks russian russians polish poles
    ukrainian american americans british german germans french italian jewish israeli israelis palestinian palestinians
    immigrant immigrants migrant migrants refugee refugees foreigner foreigners woman women female females man men male
    males girl girls boy boys feminist feminists disabled deaf blind autistic roma gypsies elderly
pl: gej geje gejów lesbijka lesbijki homoseksualista homoseksualiści homoseksualny muzułmanin muzułmanie muzułmanów islam
    żyd żydzi żydów żydowski chrześcijanin chrześcijanie katolik katolicy czarny czarni biały biali arab arabowie ukrainiec
    ukraińcy rosjanin rosjanie niemiec niemcy turek turcy imigrant imigranci imigrantów uchodźca uchodźcy uchodźców kobieta
    kobiety kobiet mężczyzna mężczyźni rom romowie cyganie niepełnosprawny niepełnosprawni feministka feministki lgbt
ru: гей геи геев лесбиянка лесбиянки гомосексуалист гомосексуалисты мусульманин мусульмане мусульман ислам еврей евреи
    евреев еврейский христианин христиане православный православные католик черный черные чёрный чёрные белый белые араб
    арабы украинец украинцы русский русские немец немцы кавказец кавказцы таджик таджики узбек узбеки мигрант мигранты
    мигрантов беженец беженцы женщина женщины женщин мужчина мужчины мужчин цыган цыгане инвалид инвалиды феминистка
    феминистки
fa: همجنسگرا همجنسگرایان مسلمان مسلمانان اسلام یهودی یهودیان مسیحی مسیحیان سیاهپوست سفیدپوست عرب عربها افغان افغانی افغانها
    ترک ترکها کرد کردها فارس لر بلوچ مهاجر مهاجران پناهنده پناهندگان زن زنان مرد مردان بهایی معلول معلولان
ar: مثلي مثليين مسلم مسلمين مسلمون الإسلام يهودي يهود اليهود مسيحي مسيحيين المسيحيين شيعي شيعة سني سنة درزي دروز عربي عرب
    العرب كردي كرد تركي أتراك سوري سوريين السوريين لبناني لبنانيين فلسطيني فلسطينيين لاجئ لاجئين اللاجئين مرأة امرأة المرأة
    نساء النساء رجل رجال
de: schwul schwule schwuler lesbe lesben lesbisch homosexuell homosexuelle muslim muslime muslimen muslimisch islam jude
    juden jüdisch christ christen katholik katholiken schwarze schwarzer schwarzen weiße weißer araber türke türken syrer
    afghane afghanen deutsche deutschen pole polen russe russen ausländer migrant migranten flüchtling flüchtlinge
    flüchtlingen frau frauen mann männer roma behindert behinderte feministin feministinnen
fr: gay gays lesbienne lesbiennes homosexuel homosexuels homosexuelle musulman musulmans musulmane musulmanes islam juif
    juifs juive juives chrétien chrétiens catholique catholiques noir noirs noire noires blanc blancs blanche arabe arabes
    turc turcs africain africains chinois immigré immigrés migrant migrants réfugié réfugiés étranger étrangers femme femmes
    homme hommes rom roms handicapé handicapés féministe féministes
es: gay gays lesbiana lesbianas homosexual homosexuales musulmán musulmanes islam judío judíos judía cristiano cristianos
    católico católicos negro negros negra negras blanco blancos árabe árabes moro gitano gitanos mexicano mexicanos
    venezolano venezolanos colombiano chino chinos inmigrante inmigrantes migrante migrantes refugiado refugiados extranjero
    extranjeros mujer mujeres hombre hombres discapacitado discapacitados feminista feministas
"""
_IN_RUNNING_TEXT = """
    同性恋 同志 黑人 白人 亚裔 穆斯林 回族 犹太人 基督徒 女人 男人 女性 男性 女生 男生 女权
    河南人 东北人 上海人 北京人 日本人 韩国人 美国人 非洲人 移民 难民
    동성애자 게이 레즈비언 여자 남자 여성 남성 무슬림 흑인 백인 중국인 일본인 조선족 외국인 난민
"""

IDENTITY_WORDS = frozenset(word for line in re.split(r"(?m)^\w+:", _TABLE) for word in line.split())
IDENTITY_IN_RUNNING_TEXT = re.compile("|".join(sorted(_IN_RUNNING_TEXT.split(), key=lambda word: (-len(word), word))))
