"""Names of months in some ninety languages, as CLDR has them: full, and short forms that do not begin a full one. Croatian stands
apart, its June, July and October being spelled as other months of Czech and Polish.

In: nothing. Out: MONTHS, the number of the month by its name in small letters; CROATIAN, the same of that language.
"""

from __future__ import annotations

_NAMES = (
    "january januar januari janvier enero janeiro gennaio gener ianuarie január januára janvāris jaanuar tammikuu "
    "tammikuuta styczeń stycznia leden ledna ocak sausis sausio январь января януари јануар січень січня ιανουάριος "
    "ιανουαρίου ינואר يناير ژانویه जनवरी januarie ጃንዋሪ ጃን yanvar јанвар студзеня студзень জানুয়ারী ionawr jänner januaro "
    "urtarrila ژانویهٔ eanáir xaneiro જાન્યુઆરી janairu ינו׳ जन॰ հունվարի հնվ հունվար jenụwarị janúar იანვარი қаңтар មករា "
    "ಜನವರಿ ಜನ rêbendan rbn ມັງກອນ јануари ജനുവരി जानेवारी jannar ဇန်နဝါရီ ଜାନୁଆରୀ ਜਨਵਰੀ ਜਨ جنوري schaner ජනවාරි ජන janaayo "
    "jannaayo janar ஜனவரி ஜன జనవరి జన январ ýanwar гыйнвар جنوری januwari janyuwari jannewaris genièr xineru genver "
    "ghennàrgiu জানুৱাৰী janoary hānuere "
    "urtarrilaren rêbendana",
    "february februar februari février febrero fevereiro febbraio febrer februarie február februára februāris veebruar "
    "helmikuu helmikuuta luty lutego únor února şubat vasaris vasario февраль февраля февруари фебруар лютий лютого "
    "φεβρουάριος φεβρουαρίου פברואר فبراير شباط فوریه फ़रवरी ፌብሩዋሪ ፌብ fevral феврал лютага люты ফেব্রুয়ারী pebrero "
    "chwefror februaro otsaila فوریهٔ feabhra febreiro ફેબ્રુઆરી faburairu פבר׳ फ़र॰ փետրվարի փտվ փետրվար febrụwarị febrúar "
    "თებერვალი ақпан កុម្ភៈ ಫೆಬ್ರವರಿ sibat sbt ກຸມພາ ഫെബ്രുവരി फेब्रुवारी frar ဖေဖော်ဝါရီ ဖေ फेब्रुअरी ଫେବୃଆରୀ ਫ਼ਰਵਰੀ "
    "فبروري فېبروري favrer فيبروري පෙබරවාරි febraayo shkurt பிப்ரவரி ఫిబ్రవరి fewral فروری februwari febrewaris gearr "
    "febrièr febreru cʼhwevrer freàrgiu pébruari ফেব্ৰুৱাৰী febroary pēpuere "
    "otsailaren sibata",
    "march märz maret mars marzo março març maart marts martie március marec marca märts maaliskuu maaliskuuta marzec "
    "březen března mart kovas kovo mrt март марта березень березня μάρτιος μαρτίου מרץ مارس آذار मार्च ማርች сакавіка сакавік "
    "মার্চ marso mawrth marto martxoa márta માર્ચ maris մարտի մրտ մարտ maachị მარტი наурыз មីនា ಮಾರ್ಚ್ adar adr mäerz ມີນາ "
    "മാർച്ച് mac marzu မတ် ମାର୍ଚ୍ଚ ਮਾਰਚ مارچ මාර්තු maarso machi மார்ச் మార్చి mashi matshi màrt meurzh martzu মাৰ্চ martsa "
    "māehe "
    "martxoaren adara",
    "april avril abril aprile aprilie április apríl apríla aprīlis aprill huhtikuu huhtikuuta kwiecień kwietnia duben dubna "
    "nisan balandis balandžio апрель апреля април квітень квітня απρίλιος απριλίου אפריל أبريل ابريل إبريل نيسان آوریل "
    "अप्रैल ኤፕሪል aprel апрел красавіка красавік এপ্রিল ebrill aprilo apirila aibreán એપ્રિલ afirilu אפר׳ ապրիլի ապրիլ "
    "epreel აპრილი сәуір មេសា ಏಪ್ರಿಲ್ nîsan nsn abrëll ເມສາ ഏപ്രിൽ एप्रिल ဧပြီ अप्रिल ଅପ୍ରେଲ ਅਪ੍ਰੈਲ اپریل avrigl اپريل "
    "අප්‍රේල් abriil prill aprili ஏப்ரல் ఏప్రిల్ ephreli epreli gibl ebrel abrile এপ্ৰিল aprily āpereira āperira "
    "apirilaren nîsana",
    "may mai mayo maio maggio maig mei maj maja mája máj május maijs toukokuu toukokuuta květen května mayıs gegužė gegužės "
    "май мая мај травень травня μάιος μαΐου מאי مايو أيار مه मई ሜይ মে majo maiatza مهٔ bealtaine મે mayu մայիսի մյս մայիս "
    "mee maí მაისი мамыр ឧសភា ಮೇ gulan gln ພຶດສະພາ മേയ് मे mejju မေ ମଇ ਮਈ مۍ matg مئي මැයි maayo மே మే maý مئی meyi mey "
    "maaie cèit mae maju méi "
    "maiatzaren gulana",
    "june juni juin junio junho giugno juny iunie június jún júna jūnijs juuni junij kesäkuu kesäkuuta czerwiec czerwca "
    "červen června čvn haziran birželis birželio июнь июня юни јун червень червня ιούνιος ιουνίου יוני يونيو يونية حزيران "
    "ژوئن जून junie jun ጁን iyun iyn ијун ијн чэрвеня чэрвень জুন јуни hunyo mehefin ekaina meitheamh xuño જૂન yuni հունիսի "
    "հնս հունիս júní ივნისი маусым មិថុនា ಜೂನ್ hezîran hzr июн ມິຖຸນາ ജൂൺ ġunju ဇွန် जुन ଜୁନ ਜੂਨ جون zercladur ජූනි juun "
    "qershor ஜூன் జూన్ iýun ògmh junh xun xunu mezheven làmpadas jona hune "
    "ekainaren hezîrana",
    "july juli juillet julio julho luglio juliol iulie július júl júla jūlijs juuli julij heinäkuu heinäkuuta lipiec lipca "
    "červenec července čvc temmuz liepa liepos июль июля юли јул липень липня ιούλιος ιουλίου יולי يوليو يولية تموز ژوئیه "
    "जुलाई julie jul ጁላይ iyul iyl ијул ијл ліпеня ліпень জুলাই јули hulyo gorffennaf uztaila ژوئیهٔ iúil xullo જુલાઈ yuli "
    "जुल॰ հուլիսի հլս հուլիս julaị júlí ივლისი шілде កក្កដា ಜುಲೈ tîrmeh trm июл ກໍລະກົດ ജൂലൈ जुलै julai lulju ဇူလိုင် ဇူ "
    "ଜୁଲାଇ ਜੁਲਾਈ جولای fanadur جولاءِ ජූලි luulyo korrik ஜூலை జులై iýul جولائی julayi iuch julhet xnt xunetu gouere trìulas "
    "jolay hūrae "
    "uztailaren tîrmeha",
    "august agustus août agosto agost augustus augusti augusztus augusta augusts avgust elokuu elokuuta sierpień sierpnia "
    "srpen srpna ağustos rugpjūtis rugpjūčio август августа серпень серпня αύγουστος αυγούστου אוגוסט أغسطس اغسطس آب اوت "
    "अगस्त ኦገስት avqust жніўня жнівень আগস্ট আগ аугуст awst aŭgusto abuztua lúnasa ઑગસ્ટ agusta אוג׳ अग॰ օգոստոսի օգս "
    "օգոստոս ọgọọst ágúst აგვისტო тамыз សីហា ಆಗಸ್ಟ್ ಆಗ tebax tbx ສິງຫາ ഓഗസ്റ്റ് ഓഗ ऑगस्ट ऑग ogos awwissu ဩဂုတ် अगस्ट ଅଗଷ୍ଟ "
    "ਅਗਸਤ ਅਗ اګست avust آگسٽ අගෝස්තු ogosto gusht agosti ஆகஸ்ட் ஆக ఆగస్టు ఆగ awgust اگست agasti lùna agostu eost austu "
    "আগষ্ট aogositra ākuhata "
    "abuztuaren tebaxa",
    "september septembre septiembre setembro settembre setembre septembrie szeptember septembra septembris syyskuu "
    "syyskuuta wrzesień września září eylül rugsėjis rugsėjo сентябрь сентября септември септембар вересень вересня "
    "σεπτέμβριος σεπτεμβρίου ספטמבר سبتمبر أيلول سپتامبر सितंबर ሴፕቴምበር sentyabr сентјабр верасня верасень সেপ্টেম্বর "
    "septembar septyembre medi septembro iraila setyembre mfómh સપ્ટેમ્બર satumba ספט׳ सित॰ սեպտեմբերի սեպտեմբեր septemba "
    "სექტემბერი қыркүйек កញ្ញា ಸೆಪ್ಟೆಂಬರ್ îlon îln ກັນຍາ സെപ്റ്റംബർ सप्टेंबर settembru စက်တင်ဘာ सेप्टेम्बर ସେପ୍ଟେମ୍ବର ਸਤੰਬਰ "
    "سېپتمبر سپتمبر settember سيپٽمبر සැප්තැම්බර් sebtembar sebteembar shtator செப்டம்பர் సెప్టెంబర్ сентябр sentýabr ستمبر "
    "sentabr septhemba septimber sult setiembre gwengolo cabudanni séptémber ছেপ্তেম্বৰ septambra hepetema "
    "irailaren îlona meán",
    "october oktober octobre octubre outubro ottobre octombrie október októbra oktobris oktoober lokakuu lokakuuta "
    "październik października říjen října ekim spalis spalio октябрь октября октомври октобар жовтень жовтня οκτώβριος "
    "οκτωβρίου אוקטובר أكتوبر اكتوبر اکتبر अक्टूबर ኦክቶበር oktyabr октјабр кастрычніка кастрычнік অক্টোবর oktobar oktubre "
    "hydref oktobro urria dfómh ઑક્ટોબર oktoba אוק׳ अक्टू॰ հոկտեմբերի հոկտեմբեր ọktoba ოქტომბერი қазан តុលា ಅಕ್ಟೋಬರ್ cotmeh "
    "ຕຸລາ ഒക്ടോബർ ऑक्टोबर ottubru အောက်တိုဘာ अक्टोबर ଅକ୍ଟୋବର ਅਕਤੂਬਰ اکتوبر آڪٽوبر ඔක්තෝබර් oktoobar tetor அக்டோபர் అక్టోబర్ "
    "октябр oktýabr oktabr okthoba okthobha dàmh octòbre ochobre here santugaine অক্টোবৰ oktobra oketopa "
    "urriaren cotmeha deireadh",
    "november novembre noviembre novembro noiembrie novembra novembris marraskuu marraskuuta listopad listopada listopadu "
    "kasım lapkritis lapkričio ноябрь ноября ноември новембар листопад листопада νοέμβριος νοεμβρίου נובמבר نوفمبر نوامبر "
    "नवंबर ኖቬምበር noyabr нојабр лістапада лістапад নভেম্বর novembar nobyembre tachwedd azaroa samhain નવેમ્બર nuwamba נוב׳ "
    "नव॰ նոյեմբերի նոյեմբեր novemba nóvember ნოემბერი қараша វិច្ឆិកា ನವೆಂಬರ್ mijdar mjd ພະຈິກ നവംബർ नोव्हेंबर novembru "
    "နိုဝင်ဘာ नोभेम्बर ନଭେମ୍ବର ਨਵੰਬਰ نومبر නොවැම්බර් noofeembar nëntor நவம்பர் நவ నవంబర్ ноябр noýabr novimber payares du "
    "santandria nopémber নৱেম্বৰ novambra noema "
    "azaroaren mijdara",
    "december dezember décembre diciembre dezembro dicembre desembre decembrie decembra decembris detsember desember "
    "joulukuu joulukuuta grudzień grudnia prosinec prosince aralık gruodis gruodžio декабрь декабря декември децембар "
    "грудень грудня δεκέμβριος δεκεμβρίου דצמבר ديسمبر دسامبر दिसंबर ዲሴምበር dekabr декабр снежня снежань ডিসেম্বর decembar "
    "disyembre rhagfyr decembro abendua nollaig ડિસેમ્બર disamba דצמ׳ दिस॰ դեկտեմբերի դեկտեմբեր disemba დეკემბერი желтоқсан "
    "ធ្នូ ಡಿಸೆಂಬರ್ berfanbar brf ທັນວາ ഡിസംബർ डिसेंबर disember diċembru ဒီဇင်ဘာ ဒီ डिसेम्बर ଡିସେମ୍ବର ਦਸੰਬਰ دسمبر ڊسمبر "
    "දෙසැම්බර් diseembar dhjetor desemba டிசம்பர் డిసెంబర్ desimber dùbh decembre avientu kerzu kzu nadale désémber "
    "ডিচেম্বৰ desambra tīhema "
    "abenduaren berfanbara",
)  # fmt: skip
_THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_CROATIAN = (
    "siječanj siječnja", "veljača veljače", "ožujak ožujka", "travanj travnja", "svibanj svibnja", "lipanj lipnja",
    "srpanj srpnja", "kolovoz kolovoza", "rujan rujna", "listopad listopada", "studeni studenoga studenog", "prosinac prosinca",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
MONTHS |= {name: number for names in (_THAI, _PERSIAN) for number, name in enumerate(names.split(), 1)}
CROATIAN = {name: number for number, names in enumerate(_CROATIAN, 1) for name in names.split()}
