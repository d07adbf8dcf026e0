"""The commonest function words of each language, in lower case: what tells near relatives apart in one sentence.

Used twice: the language stage weighs them beside fastText's opinion, which confuses Malay with Indonesian, Nynorsk
with Bokmål, and takes languages that lid.176 never saw for English; the quality stage asks whether a text has any.
Words shared by relatives stand in all their lists and so decide nothing. Languages written without spaces are
matched by character and serve the quality stage alone.
"""

from __future__ import annotations

import re

_TABLE = """
en: the of and to in is that it was for on with as be at by this have from or had not are but they which you his her she were
de: der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie
    nach bei einer um am sind noch wie
nl: de van het een en in is dat op te zijn voor met die niet aan er om ook als dan maar bij uit nog wordt door naar heeft werd
    hij
af: die van en het in is 'n nie dat te wat vir met op sy hy ek aan om ons ook was sal word deur hulle na se wees kan daar moet
fy: de fan it en in is te dat foar net op mei hy wie by ek troch foar fan
sv: och i att det som en på är av för med den till inte har de ett om var jag från så kan när men vi eller ska mot
da: og i at det er en til af på for med de den som har ikke et der var han fra jeg sig men om også efter kan blev være mere nu
    skal
nb: og i det som er på en til av for med at den har ikke de et om var han fra jeg seg men også etter kan ble være mer nå skal
    hun
nn: og i det som er på ein til av for med at den har ikkje dei eit om var han frå eg seg men også etter kan vart vere meir no
    skal ho
is: og í að á er sem það við um en var til með fyrir ekki af hann eru hefur frá ég þeir þess þar
fo: og í at á er sum tað við um var til eru fyri ikki av hann hava frá eg teir har
fr: de la le et les des en un une du est que dans qui par pour au il sur pas plus ne se ce sont avec cette elle aux leur mais
    nous vous
es: de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ha este fue son está
pt: de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem seu são à pela
gl: de a o que e do da en un para é con non unha os no se na por máis as dos como pero foi ao el das ten seu son á pola
ca: de la i el que a en les els un per del és una amb no es va al dels més com pel seu ha han ser aquest són però
oc: de la e lo que los las un per es una amb dins del dels o qu'es son mai aquò pas
it: di e il la che in a per un è del una con non si da i dei le nel al sono della più anche come lo ha gli ma alla questo
ro: de și în a la cu pe din că o nu un se care mai este pentru sau al ale fi au lui sunt dar ca prin după cel
la: et in est non ad cum ut sed quod qui ex si per esse sunt ab quae aut enim autem hic atque etiam nec ac eius quam
pl: w i na z się do nie to że jest o jak a po co dla od za przez tak ale są być był tym może jego ich czy przed
cs: a v se na je že s z do to o i ve ale jsem který jako po za by jsou od jeho při byl jen než také podle nebo pro pokud
sk: a v sa na je že s z do to o i vo ale som ktorý ako po za by sú od jeho pri bol len než tiež podľa alebo pre ktoré pred
sl: in je v na se da za so z pa ki ne tudi po kot bi pri od še ali ga le bil lahko kar že med bo
hr: je i u na se da za su od s a o kao koji ali što će bi ne iz sam kako samo može prije također nije tko gdje uz godine
    lijepo vrijeme dio tjedan tisuća siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga
    prosinca općina županija povijest uopće tvrtka
bs: je i u na se da za su od s a o kao koji ali što će bi ne iz sam kako samo može prije također nije ko gdje uz godine lijepo
    vrijeme dio sedmica hiljada januara februara marta aprila maja juna jula augusta septembra oktobra novembra decembra
    općina historija uopće firma takođe bih
sr: je i u na se da za su od s a o kao koji ali što će bi ne iz sam kako samo može pre takođe nije ko gde uz godine lepo vreme
    deo nedelja hiljada januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra opština
    istorija uopšte firma posle uvek ovde ljudi је и у на се да за су од а као који али што ће би не из сам како само може пре
    такође није где године
mk: и на во да се за од со е не што ќе го ја тоа или како а по ги му ѝ сум беше кој само има
bg: и на да се в за от не е че са по с като но той това има ще го си към или във със бе при
ru: в и не на что с он я по а как это его из но за от к так у все было бы мы же для она они только мне или ещё уже
uk: і в не на що з у до та це за як його але я він від по так а є для про або вона було ще вже які
be: і у не на што з да як за ён гэта па але яго ад для я так а ў яна было аб які або
lt: ir kad yra į iš ne su tai bet kaip o jis buvo už apie nuo per taip dar po jo tik arba
lv: un ir ka ar no ne par bet uz kas kā viņš bija lai pie to arī vai tas šo ja gan
ltg: i ir ka nu ar iz kai par bet pi da tys kas voi ari nav tik
et: ja on ei et see ta oli kui ka aga ning mis või oma ma kes nii välja siis
fi: ja on ei että se oli hän mutta kun ole niin myös tai joka ovat sen mitä kuin vain voi mukaan
hu: a az és hogy nem egy is ez de meg volt csak már ki el van mint még azt kell vagy ha
tr: ve bir bu da de için ile çok daha olarak gibi ne o ama olan en kadar sonra var değil olduğunu
az: və bir bu da də üçün ilə çox daha olan kimi ki o amma sonra var deyil isə edir
sq: të e në i dhe për me nga një që është u se ka si nuk do më kjo por janë tij
eu: eta da ez du bat ere dira zen izan beste baina egin dute hau zuen oso dela
cy: yn y a i o ei mae ar ac bod am wedi ond ddim oedd gan gyda i'r o'r nid yr fod
ga: an na a agus i ar is ag go le bhí sé tá do ní de siad sí ach leis mar chun
mt: il li ta u ma fil għal minn dan kien b' biex jew huwa hija l- fuq
eo: la de kaj en estas ne al por mi li ke kiu sed oni estis kun pri ili tio aŭ ankaŭ el
id: yang dan di itu dengan untuk tidak ini dari dalam pada adalah ke akan oleh juga karena bisa sudah saya kami mereka bahwa
    ada atau tersebut telah anda uang kata mobil kantor harus hanya kalau bahasa seperti sebagai hari lalu setelah saat namun
    perusahaan pemerintah sedangkan menjadi masyarakat sekitar hingga rp secara sebuah merupakan
ms: yang dan di itu dengan untuk tidak ini dari dalam pada adalah ke akan oleh juga kerana boleh sudah saya kami mereka bahawa
    ada atau tersebut telah anda wang kata kereta pejabat perlu hanya kalau bahasa seperti sebagai hari lalu beliau ialah
    daripada serta katanya selepas semasa sahaja kerajaan syarikat manakala bagi pihak majlis turut menerusi sekiranya seorang
    negeri rakyat
tl: ang ng sa na mga at ay si para hindi ito ni kung mo ko siya may nang lang pa po ka ba niya namin
vi: và của là có không được cho một người trong đã với các này những để khi đến từ nhưng như về
sw: ya na wa kwa ni katika la za hii kuwa cha kama lakini hiyo baada yake alisema watu wake hilo
so: iyo oo ka ku waxaa in ah la uu soo ee si waa aan ayaa sida laga ugu
yo: ni ti tí sí ń àwọn ó fún náà pé kan ki o wọn nínú bí mo lati awọn
ig: na nke bụ ndị ka n'ime ya ọ ga maka ha e mgbe iji
ha: da na ya a ta ce wannan cikin don ba ne kuma shi su sun wani daga
rw: mu na ku ni kandi yo bya cyangwa ko muri uyu abantu byo kuri ya
ny: ndi kuti mu wa pa ku za la anthu koma iye kapena ndipo
sn: kuti ne uye pa ku mu zvakare vanhu kana iyo ndi va asi ari kuna iye izvi inoti nokuti muno nezve
zu: ukuthi futhi kanye uma ngoba kodwa abantu kule ngo lapho yini lokhu kakhulu njengoba bakhe yakhe ukuba nje ngaphandle
xh: ukuba kunye kwaye xa kuba kodwa abantu le nge apho oku kakhulu njengoko bakhe yakhe okanye kwe ngaba ukuze into
st: ho le ka e ke ba a ha tse hore o mo se sa re bo ea la tla ne eo tsa oa
tn: go le ka e ke ba a mo ya fa gore o se sa re bo la tla ne eo tsa wa mme kwa dira
nso: go le ka e ke ba a mo ya ge gore o se sa re bo la tla be yeo tša wa gomme
ts: ku na ka hi ni va swi leswi ri ya loko u xi ta le ndzi laha hikuva kumbe nakambe leyi lava
lg: ne mu ku nga nti okuva abantu era ba bwe ye kubanga oba wa n'okuti kya bya
mi: te i ki ngā o nga ko he me a ka e kua ana rā nei tōna ngo mō hoki tēnei
mg: ny sy ary ho dia tsy fa izay tamin' amin' no izany na ireo
ht: nan yo pou ki se li ak yon te gen sou nou pa
fa: و در به از که این را با است آن برای بر تا هم نه بود های می شد کرد خود یک
ar: في من على إلى أن عن لا ما هذا مع التي الذي كان أو هو و قد بعد كل هذه
ur: کے کی میں ہے اور سے کا کو نے پر یہ کہ ہیں تھا بھی اس
ps: د په او چې ته له سره دی کې نه دا کړي
ckb: لە بە و بۆ کە ئەو ئەم لەگەڵ
he: של את על לא הוא זה עם כי גם היא אל כל אני
el: και το να του της την που με στο από για είναι δεν τα ο η οι
hi: के है की में से को का और पर ने यह नहीं कि भी हैं
mr: आहे आणि या तो ते हे की होते व नाही मध्ये
ne: छ र को मा हो यो पनि छन् गर्न लागि
kk: және мен бұл бір үшін да де болып екен еді бар деп ол
ky: жана менен бул бир үчүн да болуп экен бар деп ал
mn: нь байна энэ юм гэж бол болон уу тэр
zh: 的 是 不 了 一 在 有 人 我 他 这 這 中 大 来 和 之 以 而 也
ja: の に は を た が で て と し れ さ い る も
ko: 이 그 수 것 있다 및 는 등 에 의 은 를 을
"""

FUNCTION_WORDS: dict[str, tuple[str, ...]] = {
    language: tuple(dict.fromkeys(words.split())) for language, words in re.findall(r"(?m)^(\w+):((?:.|\n )*)", _TABLE)
}
