"""A few of the commonest function words per language: a text in the language that has none is a list or a form.

English is Gopher's own list. The others are the commonest words of the language that are at least two letters long
where it allows, so that two of them in a text of fifty words are as easy to meet as Gopher's two of eight.
Languages written without spaces are matched character by character (words.py), hence single characters.
"""

from __future__ import annotations

STOP_WORDS: dict[str, tuple[str, ...]] = {
    language: tuple(words.split())
    for language, words in {
        "en": "the be to of and that have with",
        "pl": "się nie na że do to jest jak co po ale od za tak przez",
        "ru": "не на что как это но из по за от так для бы мы он она было",
        "uk": "не на що як це але із по за від так для та він вона було",
        "be": "не на што як гэта але па за ад так для ён яна было да",
        "bg": "не на да се че от за по са като но той това във със",
        "sr": "је да се на не су за од као али то са и у он је",
        "cs": "se na je že to do ale jak za by po co jako od tak jsem",
        "sk": "sa na je že to do ale ako za by po čo od tak som pre",
        "sl": "in je da se na za so ne pa kot ki bi po od",
        "hr": "je da se na za su ne od kao koji ali što bi to",
        "fa": "که از را به با این در است آن برای بر تا هم نه بود های می",
        "ar": "في من على إلى أن عن لا ما هذا مع التي الذي كان أو هو و",
        "ur": "کے کی میں ہے اور سے کا کو نے پر یہ کہ ہیں",
        "he": "של את על לא הוא זה עם כי גם היא אל כל אני",
        "de": "der die und in den das nicht ist mit ein eine auf sich auch von zu",
        "fr": "de la le et les des que en un une du est dans pas qui il pour",
        "es": "de la que el en los se no por las un una con su para es",
        "pt": "de que não do da em um para com uma os no se na por mais as",
        "it": "di che la il un in non per una si le con sono del è da",
        "ca": "de la que el en els no per les un una amb és del es",
        "ro": "de și în la cu nu pe se că un din o mai care pentru",
        "nl": "de het een en van in is dat op te niet zijn met voor",
        "sv": "och att det som en på är av för med den till inte har",
        "da": "og at det som en på er af for med den til ikke har de",
        "nb": "og at det som en på er av for med den til ikke har de",
        "nn": "og at det som ein på er av for med den til ikkje har dei",
        "fi": "ja on ei se että oli hän mutta kun ole niin myös tai joka",
        "et": "ja on ei see et oli ta kui aga ka ning mis oma",
        "hu": "az és hogy nem is egy ez de meg volt csak már ki el",
        "tr": "ve bir bu da de için ile çok daha olarak gibi ne o ama",
        "id": "yang dan di itu dengan untuk tidak ini dari dalam pada adalah ke",
        "ms": "yang dan di itu dengan untuk tidak ini dari dalam pada adalah ke",
        "vi": "và của là có không được cho một người trong đã với các này",
        "el": "και το να του της την που με στο από για είναι δεν τα",
        "lt": "ir kad yra į ne su tai bet iš kaip jis buvo už apie",
        "lv": "un ir ka ar no ne par bet kas kā viņš bija uz lai",
        "ltg": "i ir ka nu ar iz kai par bet pi da tys kas",
        "eo": "la de kaj en estas ne al por mi li ke kiu sed oni",
        "la": "et in est non ad cum ut sed quod qui esse ex si per",
        "hi": "के है की में से को का और पर ने यह नहीं कि भी हैं",
        "zh": "的 是 不 了 一 在 有 人 我 他 这 這 中 大 来 和 之 以 而 也",
        "ja": "の に は を た が で て と し れ さ い る も",
        "ko": "이 그 수 것 있다 및 는 등 에 의 은 를 을",
    }.items()
}
