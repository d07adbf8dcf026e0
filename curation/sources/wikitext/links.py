"""Third pass: internal links.

In: text whose templates are gone. Out: each link as its label, or its target where it has none; categories,
interlanguage links that stand alone, and files gone, but for the caption of a framed picture, which readers see.
Innermost links first, so that a caption may hold links; nesting is followed to MAX_DEPTH.
"""

from __future__ import annotations

import re
from functools import partial

from curation.sources.wikitext.site import CATEGORY, FILE, MEDIA, Site

MAX_DEPTH = 6
SHIELD = "\x1c"  # keeps a character from being read as markup; the last pass takes it away

_LINK = re.compile(r"\[\[([^\[\]|\n{}<>]*+)(?:\|([^\[\]]*+(?:(?:\[(?!\[)|\](?!\])|\](?=\]\](?!\])))[^\[\]]*+)*+))?\]\]")
_FRAMED = re.compile(
    r"\|\s*(?:thumb|thumbnail|frame|framed|miniatur|mini|gerahmt|vignette|cadre|miniaturadeimagen|miniatura|marco|"
    r"мини|міні|миниатюра|мініатюра|náhled|náhľad|bélyegkép|küçükresim|nhỏ|섬네일|썸네일|ממוזער|miniatyr|pienoiskuva|miniature|"
    r"μικρογραφία|minijatura|минијатура|jmpl|अंगूठाकार|sličica|pisipilt|sīktēls|обрамить|рамка|ramka|mały|عنده|بندانگشتی|"
    r"تصغير|مصغر|缩略图|縮圖|サムネイル|サムネイル)\s*(?=[|=]|$)",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"\s*(?:\d*\s*x?\s*\d+\s*(?:px|пкс|п|بك|پیکسل|像素)?|(?:alt|link|page|lang|class|upright|thumb|start|end|thumbtime)\s*=.*"
    r"|upright|left|right|center|centre|none|border|frameless|baseline|middle|sub|super|top|bottom|text-top|text-bottom)\s*",
    re.IGNORECASE | re.DOTALL,
)
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|svg|gif|tiff?|webp|ogg|oga|ogv|webm|pdf|djvu)\s*\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10}){0,2}|simple")
_BLOCK_SIGNS = frozenset("*#:;=|!{- ")
_ALONE = re.compile(r"[ \t]*(?:\n|\Z)")
_ADDRESS = re.compile(r"\s*(?:[a-z]{3,6}:)?//", re.IGNORECASE)


# For text that comes without its siteinfo: the words of the larger wikis.
_CATEGORY_WORDS = (
    "kategorie catégorie categoría categoria kategoria категория категорія kategori categorie luokka kategória rubrik "
    "تصنيف رده קטגוריה 分类 分類 カテゴリ 분류 kategorija หมวดหมู่ श्रेणी বিষয়শ্রেণী катэгорыя kategorio κατηγορία"
)
_FILE_WORDS = (
    "datei bild fichier archivo imagen immagine ficheiro imagem plik grafika файл изображение зображення bestand "
    "afbeelding fil tiedosto kuva fájl kép soubor ملف صورة پرونده تصویر קובץ תמונה 文件 檔案 图像 圖像 ファイル 画像 "
    "파일 그림 dosya resim ไฟล์ चित्र চিত্র выява dosiero bildo αρχείο εικόνα"
)
_OTHER_WORDS = {
    **dict.fromkeys(str.split(_CATEGORY_WORDS), CATEGORY),
    **dict.fromkeys(str.split(_FILE_WORDS), FILE),
}


def replace_links(text: str, site: Site) -> str:
    """The text with every well-formed internal link replaced."""
    if "[[" not in text:
        return text
    replace = partial(_shielded, site)
    for _ in range(MAX_DEPTH):
        text, count = _LINK.subn(replace, text)
        if not count or "[[" not in text:
            break
    return text


def _shielded(site: Site, match: re.Match[str]) -> str:
    """A link's text begins no list, heading or table, even where its first character could."""
    text = _replacement(site, match)
    return SHIELD + text if text[:1] in _BLOCK_SIGNS and text else text


def _replacement(site: Site, match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if _ADDRESS.match(target):
        return match[0]  # no page but an external link in a pair of brackets: the last pass takes it
    if ":" in target:
        special = _special(site, match)
        if special is not None:
            return special
        target = target.strip().removeprefix(":")
    if not target.strip():
        return label or ""
    if label is None:
        return target
    return label if label else _without_qualifier(target)


def _special(site: Site, match: re.Match[str]) -> str | None:
    """The text of a link into another namespace or wiki, or None where it reads like any other link."""
    prefix, _, title = match[1].partition(":")
    prefix = prefix.strip()
    if not prefix:
        return None
    namespace = site.namespace(prefix) or _OTHER_WORDS.get(prefix.lower(), 0)
    if namespace == CATEGORY:
        return ""
    if namespace == FILE or (not namespace and _FILE_NAME.search(title)):
        return _caption(match[2])
    if namespace == MEDIA:
        return match[2] or match[1]
    if not namespace and prefix.islower() and _LANGUAGE.fullmatch(prefix) and match[2] is None:
        at = match.start()
        starts_line = at == 0 or match.string[at - 1] == "\n"
        return "" if starts_line and _ALONE.match(match.string, match.end()) else title
    return None


def _caption(options: str | None) -> str:
    """What a framed picture shows below itself; nothing for a picture in the line."""
    if options is None or not _FRAMED.search("|" + options):
        return ""
    last = options.rpartition("|")[2]
    if _FRAMED.fullmatch("|" + last) or _OPTION.fullmatch(last):
        return ""
    return f"\n{last.strip()}\n"


def _without_qualifier(target: str) -> str:
    """MediaWiki's pipe trick: [[Mercury (planet)|]] shows Mercury."""
    return re.sub(r"\s*(?:\([^()]*\)|,.*)$", "", target.rpartition(":")[2]).strip()
