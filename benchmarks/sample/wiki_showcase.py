"""One English article that uses every common construct of wikitext, among them templates whose text belongs to the sentence."""

from benchmarks.sample.prose import Prose

TITLE = "Bay of Saltmarsh"
BODY = """\
{{{{short description|Shallow bay with a bell}}}}
{{{{Infobox body of water
| name = Bay of Saltmarsh
| depth = {{{{convert|31|m|ft}}}}
| coordinates = {{{{coord|54|12|N|3|1|W}}}}
}}}}
__NOTOC__
The '''Bay of Saltmarsh''' is a ''shallow'' inlet. The old charts call it {{{{lang|la|mare clausum}}}}, the closed sea.\
<ref name="chart">{{{{cite map|title=Chart of the bay|year=1788}}}}</ref> {intro}

{{{{Quote|Whoever has heard the bell under the water sleeps badly on land.|Pilot's song}}}}

== Measurements ==
{first} The tide follows
<math>h(t) = \\sum_i A_i \\cos(\\omega_i t - \\phi_i)</math>, where each term is one constituent.<ref>Not cited.</ref>

{{| class="wikitable sortable" style="text-align:right"
|+ Soundings by year
|-
! Year !! Depth (m) !! Surveyor
|-
| 1788 || 29.5 || rowspan="2" | the harbour board
|-
| 1903 || 30.25
|}}

=== In winter ===
{second}<!-- a remark that nobody should read -->

* The first bell was cast in the year of the great frost.
* The second bell, [[Bell (lost)|now lost]], hung {{{{nowrap|under the pier}}}}.
*# It rang by itself in 1911.
; Pilot : a person who knows where the bay is not.

<gallery>
File:Bay at dawn.jpg|A gallery caption
</gallery>
<nowiki>Two apostrophes '' stay as they are here</nowiki>, H<sub>2</sub>O and 10<sup>3</sup> metres.

== See also ==
* [[Fog signal]]
* [https://tides.saltmarsh.invalid Tide tables of the bay]

== References ==
<references>
</references>
{{{{Navbox|name=Bays|title=Bays of the coast|list1=[[Bay of Gulls]] · [[Bay of Mist]]}}}}
{{{{Authority control}}}}
[[Category:Bays]]
[[de:Salzmarschbucht]]
"""
SURVIVES = (
    "The old charts call it mare clausum, the closed sea",
    "Whoever has heard the bell under the water sleeps badly on land",
    "The first bell was cast in the year of the great frost",
)
VANISHES = (
    "short description",
    "a remark that nobody should read",
    "__NOTOC__",
    "wikitable",
    "rowspan",
    "Authority control",
    "Salzmarschbucht",
)


def article(prose: Prose) -> str:
    return BODY.format(intro=prose.paragraph(3), first=prose.paragraph(4), second=prose.paragraph(4))
