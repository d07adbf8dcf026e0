"""Labels of language-recognition models to one code per language.

In: a fastText label: `__label__en` (lid.176), `__label__eng_Latn` (GlotLID, OpenLID, NLLB).
Out: the ISO 639-1 code where the language has one, else the label's own ISO 639-3 code; "und" for none.

Individual languages of a macrolanguage fold into it where a dump's reader means the same (`pes` is Persian, `arb`
Arabic, `ekk` Estonian); Norwegian stays apart, because lid.176's `no` is Bokmål beside a separate `nn`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

UNDETERMINED = "und"
PREFIX = "__label__"

# ISO 639-3 (and 639-2/B where people still use it) to 639-1.
_TWO_LETTERS = dict(
    pair.split(":")
    for pair in """
    aar:aa abk:ab ave:ae afr:af aka:ak amh:am arg:an ara:ar asm:as ava:av aym:ay aze:az bak:ba bel:be bul:bg bis:bi bam:bm ben:bn
    bod:bo bre:br bos:bs cat:ca che:ce cha:ch cos:co cre:cr ces:cs chu:cu chv:cv cym:cy dan:da deu:de div:dv dzo:dz ewe:ee ell:el
    eng:en epo:eo spa:es est:et eus:eu fas:fa ful:ff fin:fi fij:fj fao:fo fra:fr fry:fy gle:ga gla:gd glg:gl grn:gn guj:gu glv:gv
    hau:ha heb:he hin:hi hmo:ho hrv:hr hat:ht hun:hu hye:hy her:hz ina:ia ind:id ile:ie ibo:ig iii:ii ipk:ik ido:io isl:is ita:it
    iku:iu jpn:ja jav:jv kat:ka kon:kg kik:ki kua:kj kaz:kk kal:kl khm:km kan:kn kor:ko kau:kr kas:ks kur:ku kom:kv cor:kw kir:ky
    lat:la ltz:lb lug:lg lim:li lin:ln lao:lo lit:lt lub:lu lav:lv mlg:mg mah:mh mri:mi mkd:mk mal:ml mon:mn mar:mr msa:ms mlt:mt
    mya:my nau:na nob:nb nde:nd nep:ne ndo:ng nld:nl nno:nn nor:nb nbl:nr nav:nv nya:ny oci:oc oji:oj orm:om ori:or oss:os pan:pa
    pli:pi pol:pl pus:ps por:pt que:qu roh:rm run:rn ron:ro rus:ru kin:rw san:sa srd:sc snd:sd sme:se sag:sg sin:si slk:sk slv:sl
    smo:sm sna:sn som:so sqi:sq srp:sr ssw:ss sot:st sun:su swe:sv swa:sw tam:ta tel:te tgk:tg tha:th tir:ti tuk:tk tgl:tl tsn:tn
    ton:to tur:tr tso:ts tat:tt twi:tw tah:ty uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wln:wa wol:wo xho:xh yid:yi yor:yo
    zha:za zho:zh zul:zu
    arb:ar ary:ar arz:ar apc:ar ajp:ar acm:ar acq:ar aeb:ar ars:ar apd:ar pes:fa prs:fa ekk:et lvs:lv zsm:ms npi:ne ory:or
    pbt:ps swh:sw uzn:uz azj:az khk:mn plt:mg  ydd:yi gaz:om kmr:ku quy:qu ayr:ay cmn:zh yue:yue fil:tl gug:gn hbs:sh nno:nn
    """.split()  # noqa: SIM905 - a table reads better than 230 quoted strings
)

# Codes that models use for what another code names.
_SAME = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "unknown": UNDETERMINED, "zxx": UNDETERMINED}


_JOINED = {"no": ("nb", "nn"), "nor": ("nb", "nn"), "sh": ("sh", "hr", "bs", "sr")}


@lru_cache(maxsize=4096)
def language_code(label: str) -> str:
    """`__label__pol_Latn`, `__label__pl`, `pol`, `pl` -> `pl`."""
    code, _, script = label.removeprefix(PREFIX).partition("_")
    code = code.split("-")[0].lower()
    if code == "als":  # Tosk Albanian in ISO 639-3; lid.176 follows Wikipedia, whose `als` is Alemannic
        return "sq" if script else "gsw"
    code = _TWO_LETTERS.get(code, code)
    return _SAME.get(code, code) or UNDETERMINED


def language_codes(names: Iterable[str]) -> frozenset[str]:
    """What a user writes in a recipe; `no` means both written forms of Norwegian, `sh` the three that it joins."""
    return frozenset(code for name in names for code in _JOINED.get(name.lower(), (language_code(name),)))
