"""What believable journals are made of: names of many countries, and words of which most are rare."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

INVENTED_WORDS = 36_000


def split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


class Culture(NamedTuple):
    """How people of one part of the world are called: a given name, then the two parts of a family name."""

    given: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    between: str = " "


CULTURES = (
    Culture(
        split("Ana Lucía José Íñigo Marta Álvaro Carmen Begoña Pablo Inés Rubén Sofía Jaime Nuria Andrés Pilar Óscar"),
        split("Fernández González Martínez Ramírez Álvarez Gutiérrez Domínguez Jiménez Velázquez Sánchez Núñez Peláez"),
        ("", " Ruiz", " Prieto", " Ibáñez", " Soler", " Mora", " de la Vega", " Peña", " Roldán", " Cano", " Llorente"),
    ),
    Culture(
        split("Jürgen Anna Lukas Käthe Björn Sabine Matthias Greta Stefan Hannelore Jörg Ulrike Moritz Heike Tobias"),
        split("Stein Ober Nieder Grün Schön Licht Birken Eich Hoch Brück Wald Kreuz Rosen Holz Kirch Mühl Alt Linden"),
        split("mann meier bach berg bauer hofer müller rath thal wald gruber feld"),
    ),
    Culture(
        split("Søren Astrid Lars Åsa Bo Ingrid Håkon Sigrid Mikkel Freja Øystein Maja Jukka Aino Þóra Gunnar Liv Nils"),
        split("Lind Berg Sjö Hag Ny Ek Alm Sand Sten Hög Öst Väst Dal Björk Gran Löv Ås"),
        split("ström dahl lund gaard qvist holm vik berg mark gren blad stad"),
    ),
    Culture(
        split("Tomasz Agnieszka Łukasz Małgorzata Paweł Zofia Grzegorz Jadwiga Jan Katarzyna Michał Hanna Ewa"),
        split("Kowal Wiśniew Dąbrow Lewandow Piotrow Grabow Pawłow Malinow Sosnow Jabłonow Zakrzew Majew Ostrow"),
        split("ski ska ski-Wójcik ska-Wójcik ski-Lis ska-Lis ski-Zając ska-Zając ska-Król ski-Gołąb"),
    ),
    Culture(
        split("Ayşe Mehmet Çağla İbrahim Gülşen Emre Özge Kerem Şirin Ozan Elif Barış Defne Ümit Zeynep Tolga"),
        split("Kara Öz Yıl Demir Çelik Ak Gül Şahin Taş Koç Er Altın Bay Yavuz"),
        split("oğlu türk maz dağ can soy kaya er taş gil"),
    ),
    Culture(
        split("João Inês Gonçalo Conceição Rui Fátima Tiago Beatriz Luís Mafalda Simão Leonor Vasco Joana Nuno"),
        split("Silva Oliveira Pereira Ferreira Magalhães Almeida Guimarães Carvalho Moura Baptista Teixeira Conceição"),
        ("", " Ramos", " Antunes", " Leitão", " da Costa", " dos Santos", " Brandão", " Nogueira", " Pinto", " e Sá"),
    ),
    Culture(
        split("Zoé Élodie François Hélène Benoît Margaux Rémi Anaïs Thibault Océane Gaël Noémie Jean-Luc Loïc"),
        split("Beau Char Mont Du Bel Cham Ro Gué Ville Lan Clair Mer Cour Fon"),
        split("champ pentier réal blanc val neuve martin mont rin pagne tier cour lier sac ville"),
    ),
    Culture(
        split("Emily James Olivia Harry Charlotte George Amelia Oliver Grace Arthur Ruth Edwin Mabel Hugh Nell Simon"),
        split("Ash Whit Hart Ald Thorn Brad Stan Oak Wood Rad Har Black Win Mar Nor Ell Hay"),
        split("ton ford well ley worth wick man field combe son er"),
    ),
    Culture(
        split("Niamh Ciarán Aoife Seán Róisín Oisín Siobhán Pádraig Caoimhe Eoin Gráinne Tadhg Maeve Declan Sinéad"),
        split("O'Brien O'Sullivan McCarthy O'Neill Fitzgerald O'Connor Gallagher Mulligan O'Driscoll Kavanagh"),
        ("", " Walsh", " Byrne", "-Nolan", "-Doyle", "-Keane", "-Quinn", "-Hayes", "-Dunne"),
    ),
    Culture(
        split("Ananya Rohan Priya Arjun Lakshmi Vikram Meera Sanjay Kavya Rahul Divya Aditya Nandini Suresh Ishita"),
        split("Krishna Rama Siva Venkata Raja Gopala Subra Sundara Hari Jaya Chandra Vijaya"),
        split("murthy swamy chandran raman krishnan rajan prasad sekhar mani nathan"),
    ),
    Culture(
        split("Layla Omar Fatima Youssef Noor Khalid Amina Tariq Salma Hassan Yasmin Ibrahim Rania Imran Zaynab Bilal"),
        ("al-", "Abd al-", "Ben ", "El ", "Abu ", "ibn "),
        split("Rashid Masri Haddad Karim Said Qureshi Khoury Mansour Siddiqui Najjar Fassi Rahman Amrani Bakri Sayegh"),
    ),
)
FAR_EAST = (
    Culture(tuple("山高木森田中石松"), tuple("田橋村本下島川野"), split("太郎 花子 愛子 健一 美咲 翔 由美 大輔"), ""),
    Culture(tuple("王李张刘陈杨赵周"), tuple("小晓文志国美建玉"), tuple("明华芳伟丽军强静"), ""),
)

SECTORS = split(
    "Logistics Robotics Health Foods Energy Software Textiles Optics Housing Transport Analytics Ceramics Insurance"
    " Publishing Solar Timber Dental Mobility Instruments Brewing Records Water Shipping Studios Labs Consulting"
)
FORMS = (*split("GmbH AG Ltd S.A. SL AB A/S Oy SARL Lda A.Ş. Inc Council Cooperative"), "Sp. z o.o.", "Pvt Ltd")
ROLES = lines_of(
    """Head of Operations
    Managing Director
    Buyer
    Product Manager
    Head of IT
    Finance Director
    Project Lead
    Office Manager
    Team Lead Support
    Designer
    Chief of Staff
    Developer
    Works Council
    Sales Manager
    Partner
    Researcher
    Data Protection Officer"""
)
TAGS = split(
    "client prospect emea nordics dach iberia partner supplier press alumni friend investor public-sector reference"
    " pilot renewal colleague community apac conference"
)
TOPICS = split(
    "pricing migration hiring roadmap onboarding security budget renewal training support contract pilot reporting"
    " integration privacy reorganisation launch quality delivery accessibility mobile data-export board invoices"
    " backup pension relocation translation sustainability audit api dashboard licences holidays school marathon"
    " warehouse forecast inventory press merger succession research trade-fair hardware network growth churn"
)

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────

# Roughly by how often they are said: the position is the rank of Zipf's law.
COMMON = tuple(
    dict.fromkeys(
        split(
            """
the to and of a we in that is it for they with on but not this she he will have are be was as at from has by so
what when our their who about would if her his no more can all there after until been next first now some which
how team week had do year time still new one also two them out plan than only over us because before work think
need want people last month project could up question price offer call meeting again see then just other good
should where day budget much decision send contract customer help too any three back into board much while start
ask agree talk come make know say get take give show wait find keep tell feel look change move try use call bring
open close early late often never always soon already maybe almost together quite rather enough since without
between during against under through around within behind along across toward upon despite except per
number list page letter mail phone office house room desk door city country street train plane car road trip
summer winter spring autumn morning evening afternoon tonight today tomorrow yesterday Monday Tuesday Wednesday
Thursday Friday weekend holiday quarter deadline delay hour minute moment date calendar season
colleague manager director engineer designer lawyer accountant assistant partner supplier competitor investor
neighbour friend daughter son brother sister mother father family child husband wife doctor teacher student
company business department branch factory warehouse shop market industry sector region head council committee
money cost fee invoice payment discount margin revenue profit loss salary tax bank loan grant fund cash account
product service feature version release update tool system server network software hardware machine screen
keyboard printer cable sensor engine battery device account password access login data file folder table chart
report draft document slide summary proposal template form note comment review answer reply message feedback
training workshop course lesson session demo pilot trial test experiment study survey interview research result
risk issue problem mistake error bug outage failure complaint worry doubt fear pressure stress trouble conflict
idea hope wish dream goal vision value trust respect interest curiosity patience courage pride joy surprise
strategy direction priority scope target milestone roadmap process rule policy standard quality security privacy
law agreement clause signature approval permission licence audit insurance guarantee term condition notice
migration integration interface import export backup archive search filter report dashboard layout font colour
support hotline ticket queue shift rota handover onboarding hiring candidate application position role career
promotion notice pension contract union reorganisation merger succession founder owner shareholder chair
history story past future beginning end middle turn step stage phase part piece half third whole rest detail
reason cause effect consequence example case exception difference comparison alternative choice option
difficult easy simple complex clear vague open honest careful quick slow long short big small large tiny heavy
light strong weak young old happy sad angry calm nervous tired busy quiet loud warm cold hot fresh dry wet clean
dirty safe dangerous cheap expensive free full empty ready late early common rare special usual strange familiar
local global public private internal external official personal direct regular annual monthly weekly daily
important urgent useful helpful possible impossible likely certain sure wrong right true false better best worse
worst higher lower faster slower nearer further bigger smaller older younger cheaper simpler clearer
promise prepare prefer present press print produce propose protect prove provide publish push put raise reach
read realise receive recommend reduce refuse remember remind remove repair repeat replace return run save
search sell separate serve settle share sign sit sleep solve sort speak spend split stand stay stop study suggest
suit teach test thank travel turn type understand visit vote walk warn wash watch win wonder worry write
accept achieve add admit adopt advise allow announce apologise appear apply appoint argue arrange arrive assume
attend avoid become begin believe belong borrow break build buy calculate cancel care carry celebrate check
choose claim collect combine compare complain complete confirm connect consider contain continue control convince
copy count cover create cut deal decide deliver depend describe deserve design develop disagree discover discuss
divide draw drive drop earn eat employ encourage enjoy ensure establish estimate exchange expand expect explain
explore express extend fail fall fight fill finish fit fix follow forget forgive gather grow guess handle happen
hear hesitate hide hold hurry imagine improve include increase inform insist install introduce invent invite
involve join judge jump knock laugh launch lead learn leave lend let lie lift like listen live lose love manage
mark matter mean measure meet mention miss mix negotiate notice offer order organise own pack paint park pass pay
perform pick play point postpone coffee lunch dinner tea bread apple garden tree river mountain lake sea beach
island bridge tower castle museum theatre concert music song film book novel newspaper photo picture painting
football tennis marathon bicycle boat horse dog cat bird school university exam degree language English German
Spanish Polish Turkish Portuguese French Swedish Danish Japanese Hindi Arabic word sentence paragraph
weather rain snow wind storm sun cloud sky temperature heating window wall roof floor kitchen stairs lift key lock
hospital clinic medicine nurse surgery illness recovery knee shoulder sleep health fitness diet wedding birthday
anniversary funeral baby retirement farewell reunion neighbourhood village harbour airport station platform ticket
luggage hotel reservation restaurant menu recipe breakfast evening guest host gift card flower
logistics delivery freight container pallet truck route customs stock inventory shelf barcode package parcel
steel wood glass paper cotton plastic copper concrete paint fabric leather oil gas water electricity solar
hectare litre kilo metre percent dozen hundred thousand million estimate forecast trend average total balance
""",
        )
    )
)
OPENINGS = lines_of(
    """We are talking about
    Went through
    She asked about
    He came back to
    They still wait for
    Long talk about
    Nobody decides on
    It turned out that
    What they really want is
    I promised to look into
    Both of us think that
    The board wants to see
    Between the lines:
    By Friday we need
    They compared us on
    Good laugh about
    Not sure they heard
    Sent the draft of
    Agreed on
    Open for now:
    Next time we start with
    His team struggles with
    Her view of
    A quick word on
    They were proud of
    Quarterly look at"""
)
FAR_EAST_WORDS = (
    "来週また話しましょう。",
    "価格についてもう一度考えます。",
    "我们下周再谈。",
    "合同还在审批。",
    "とても助かりました。",
)
ISSUE_VERBS = lines_of(
    """send
    prepare
    go through
    clarify
    check with legal:
    agree on
    compare notes on
    come back to
    find a date for
    get an answer on
    introduce them to
    draft
    review
    decide about
    show them"""
)
ISSUE_OBJECTS = lines_of(
    """the offer for 40 seats
    the revised contract
    the second warehouse
    the figures of the last quarter
    the plan for the pilot
    a colleague who did this before
    the list of open invoices
    the training for the new team
    the terms of the renewal
    who decides in the end
    the notice period
    the draft of the press text
    the data export
    the visit in spring
    the budget for next year
    the handover to support
    the three references they asked for
    how the migration goes on
    the review of the dashboard"""
)
OUTCOMES = lines_of(
    """agreed
    done, they are content
    sent and confirmed
    we do it in two steps
    they decided against it
    agreed on 38 seats
    solved by itself
    the board said yes"""
)
HEARD = {
    "need": ("one person to call when it breaks", "numbers that the board believes", "less mail, more calls about"),
    "want": ("to be first with", "a quieter year with", "to show this at the trade fair, with"),
    "expectation": ("an answer within a day on", "that we know their history with", "a visit twice a year about"),
    "unsaid": ("afraid that it makes her look bad:", "may be leaving because of", "does not trust the new head of"),
    "idea": ("a print view of", "remind them a week before", "put both lists side by side for"),
    "rival": ("the cheap one from the north, for", "their cousin's firm offers", "the old supplier is back with"),
    "about": ("runs a marathon in spring, loves", "the daughter has an exam in", "moves house near the"),
}
CHANNELS = split("call " * 8 + "meeting " * 5 + "email " * 4 + "chat " * 2 + "note")
STATES = split("open open open parked settled settled settled settled dropped")
OWNERS = split("me me me me them them them us us")
INFLUENCES = split("decides influences influences uses uses partner unknown")
STANCES = split("advocate neutral neutral critic unknown")
CADENCES = split("10d 2w 3w 3w 1m 1m 6w 2m 3m 6m 1y")


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the words by rank, and their weights by Zipf's law, summed up as `Random.choices` takes them."""
    words = (*COMMON, *_invented(INVENTED_WORDS))
    return words, tuple(accumulate((rank + 8) ** -1.2 for rank in range(len(words))))


def _invented(count: int) -> list[str]:
    """Words that can be said and mean nothing; the short ones come first, as they do in a language."""
    rng = Random("vocabulary")
    onsets = split("b bl br c ch d dr f fl g gr h j k kl l m n p pl pr qu r s sch sh sl st t tr v w z")
    vowels = split("a e i o u " * 8 + "ai ea ou ä ö ü é í ø ã ı")
    codas = split("l m n r s t nd rk st ck ng")
    found = dict.fromkeys(COMMON)
    while len(found) < count + len(COMMON):
        syllables = 2 + (rng.random() < 0.5)
        word = "".join(rng.choice(onsets) + rng.choice(vowels) for _ in range(syllables))
        found[word + rng.choice(codas) if rng.random() < 0.6 else word] = None
    return sorted(list(found)[len(COMMON) :], key=lambda word: len(word) // 3)


def some(rng: Random, count: int) -> str:
    """Return so many words as often as a language has them."""
    ranked, weights = vocabulary()
    return " ".join(rng.choices(ranked, cum_weights=weights, k=count))


def topic(rng: Random) -> str:
    """Return a topic without its `#`; few are talked about much."""
    return TOPICS[int(rng.random() ** 2 * len(TOPICS))]


def sentence(rng: Random) -> str:
    """Return a sentence with its full stop."""
    text = some(rng, 4 + int(rng.random() * 10))
    if rng.random() < 0.4:
        return f"{rng.choice(OPENINGS)} {text}."
    return f"{text[0].upper()}{text[1:]}."


def note(rng: Random, mentioned: str, far_east: bool) -> str:
    """Return 100 to 900 characters, about 400 in the mean; `mentioned` is a name to speak of, or empty."""
    wanted = rng.triangular(100, 760, 230)
    text = sentence(rng)
    if mentioned:
        text += f' @"{mentioned}" was part of it.'
    if far_east:
        text += f"\n\n> {rng.choice(FAR_EAST_WORDS)}\n\n{sentence(rng)}"
    while len(text) < wanted:
        added, form = sentence(rng), rng.random()
        if form < 0.14:
            added = f"{added[:-1]} #{topic(rng)}."
        if form > 0.95 and len(text) + 100 < wanted:
            text += f"\n\n> {added}\n\n{sentence(rng)}"
        elif form > 0.8:
            text += f"\n\n{added}"
        elif form > 0.77:
            text += f"\n- {added}"
        else:
            text += f" {added}"
    return text
