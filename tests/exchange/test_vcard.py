"""Address books: "the same card twice changes nothing; a broken card is named and the rest arrives"."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core.errors import Ambiguous
from convo_tui.core.models import Anniversary, Relationship
from convo_tui.exchange.vcard import Book, Broken, Card, Known, merge, read, ways

NEW = "20261122-7k3q9m2f"

ANA = """\
BEGIN:VCARD
VERSION:3.0
UID:card-ana
N:Ruiz;Ana;;Dr.;
FN:Ana Ruiz
ORG:Acme GmbH;Sales
TITLE:Head of Operations
NICKNAME:Anita,Ani
item1.EMAIL;type=INTERNET;type=pref:Ana@acme.example
item1.X-ABLabel:_$!<Assistant>!$_
EMAIL;TYPE=home:ana@home.example
TEL;TYPE=CELL,VOICE:+34 600 000 000
TEL;TYPE=work:0034 600-000-000
URL:https://acme.example/
IMPP;X-SERVICE-TYPE=XMPP:xmpp:ana@chat.example
ADR;TYPE=work:;;Calle Mayor 1\\, 2º;Madrid;;28013;Spain
BDAY:1980-04-15
NOTE:Met in Lisbon.\\nLikes tea\\, not coffee\\; tall.
CATEGORIES:client,emea
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAQABAAD/2wBDAAUDBAQEAwUE
END:VCARD
"""


def card(text: str, encoding: str = "utf-8") -> Card:
    (only,) = read(text.encode(encoding), "a.vcf")
    assert isinstance(only, Card)
    return only


def with_lines(*lines: str) -> Card:
    return card("\n".join(("BEGIN:VCARD", "VERSION:4.0", "FN:Bo", *lines, "END:VCARD")))


def reach_of(found: Card) -> list[tuple[str, str, str]]:
    return [(way.kind, way.label, way.value) for way in found.reach]


def test_a_full_card_is_read() -> None:
    found = card(ANA)
    assert (found.source, found.name, found.kind, found.uid) == ("a.vcf:1", "Ana Ruiz", "person", "card-ana")
    assert (found.organisation, found.role) == ("Acme GmbH", "Head of Operations, Sales")
    assert (found.aliases, found.tags) == (("Anita", "Ani"), ("client", "emea"))
    assert found.note == "Met in Lisbon.\nLikes tea, not coffee; tall."
    assert found.dates == (Anniversary(label="birthday", on=date(1980, 4, 15)),)
    assert reach_of(found) == [
        ("email", "assistant", "Ana@acme.example"),
        ("email", "home", "ana@home.example"),
        ("phone", "cell", "+34 600 000 000"),
        ("web", "", "https://acme.example/"),
        ("chat", "", "xmpp:ana@chat.example"),
        ("address", "work", "Calle Mayor 1, 2º, Madrid, 28013, Spain"),
    ]


def test_line_ends_and_byte_order_marks_make_no_difference() -> None:
    expected = list(read(ANA.encode(), "a.vcf"))
    for data in (
        ANA.replace("\n", "\r\n").encode(),
        ANA.replace("\n", "\r").encode(),
        ANA.encode("utf-8-sig"),
        ANA.encode("utf-16"),
        ANA.replace("BEGIN:VCARD", "begin:vcard").replace("END:VCARD", "end:vCard ").encode(),
    ):
        assert list(read(data, "a.vcf")) == expected


def test_version_2_1_with_quoted_printable_is_read() -> None:
    found = card(
        "BEGIN:VCARD\nVERSION:2.1\n"
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;Jos=C3=A9;;;\n"
        "NOTE;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Caf=E9=0D=0Aand=\n=20more\n"
        "TEL;CELL;PREF:+1 23\nEMAIL;INTERNET:j@x.example\nEND:VCARD\n"
    )
    assert (found.name, found.note) == ("José Muñoz", "Café\nand more")
    assert reach_of(found) == [("email", "", "j@x.example"), ("phone", "cell", "+1 23")]


def test_a_soft_line_break_does_not_swallow_the_end() -> None:
    found = card("BEGIN:VCARD\nFN;ENCODING=quoted-printable:Bo=\nEND:VCARD\n")
    assert found.name == "Bo"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("FN:José".encode("latin-1"), "José"),
        ("FN;CHARSET=Windows-1251:Анна".encode("cp1251"), "Анна"),
        ("FN;CHARSET=ISO-2022-JP:山田".encode("iso2022_jp"), "山田"),
        ("FN;CHARSET=unicode_escape:\\ud800é".encode(), "ud800é"),
        ("FN;CHARSET=nonsense:é".encode(), "é"),
        ("FN;ENCODING=:é".encode(), "é"),
        (b"FN:J\xc3\n \xa9", "Jé"),
        (b"FN:A\x00n\x1b[31ma", "A n [31ma"),
    ],
)
def test_any_charset_becomes_text(data: bytes, name: str) -> None:
    (found,) = read(b"BEGIN:VCARD\n" + data + b"\nEND:VCARD", "a.vcf")
    assert isinstance(found, Card)
    assert found.name == name


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("BDAY:19800415", date(1980, 4, 15)),
        ("BDAY;VALUE=date-time:1980-04-15T23:30:00Z", date(1980, 4, 15)),
        ("BDAY:--04-15", "--04-15"),
        ("BDAY:--0229", "--02-29"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "--04-15"),
    ],
)
def test_birthdays_come_in_many_forms(line: str, on: date | str) -> None:
    assert with_lines(line).dates == (Anniversary(label="birthday", on=on),)


@pytest.mark.parametrize("value", ["circa 1800", "--02-31", "1980-13-01", "1980"])
def test_a_birthday_that_is_no_date_is_kept_in_words(value: str) -> None:
    found = with_lines(f"BDAY;VALUE=text:{value}", "NOTE:Tall.")
    assert (found.dates, found.note) == ((), f"Tall.\n\nbirthday: {value}")


def test_other_dates_have_their_label() -> None:
    found = with_lines("ANNIVERSARY:20100601", "i.X-ABDATE:2020-02-03", "i.X-ABLabel:Renewal")
    assert [(day.label, day.on) for day in found.dates] == [
        ("anniversary", date(2010, 6, 1)),
        ("renewal", date(2020, 2, 3)),
    ]


def test_uris_lose_their_scheme() -> None:
    found = with_lines('TEL;VALUE=uri;TYPE="work,cell":tel:+1-201;ext=5', "EMAIL:mailto:a@b.example", "X-SKYPE:bo.l")
    assert reach_of(found) == [
        ("email", "", "a@b.example"),
        ("phone", "work cell", "+1-201 ext. 5"),
        ("chat", "skype", "bo.l"),
    ]


@pytest.mark.parametrize(
    ("lines", "name", "kind"),
    [
        (["N:Lindqvist;Bo;;;"], "Bo Lindqvist", "person"),
        (["FN:", "N:;;;;", "ORG:Acme;Sales"], "Acme", "organisation"),
        (["FN:Acme", "N:;;;;", "ORG:Acme"], "Acme", "organisation"),
        (["FN:Acme", "ORG:Acme Inc", "KIND:org"], "Acme", "organisation"),
        (["FN:Bo", "N:;Bo;;;", "ORG:Acme", "X-ABShowAs:COMPANY"], "Bo", "organisation"),
        (["EMAIL:bo@x.example"], "bo@x.example", "person"),
    ],
)
def test_a_card_without_a_formatted_name_has_another(lines: list[str], name: str, kind: str) -> None:
    found = card("\n".join(["BEGIN:VCARD", *lines, "END:VCARD"]))
    assert (found.name, found.kind) == (name, kind)
    assert not (kind == "organisation" and found.organisation)


def test_a_broken_card_is_named_and_the_rest_arrives() -> None:
    bo = "BEGIN:VCARD\nFN:Bo\nEND:VCARD\n"
    data = f"{bo}BEGIN:VCARD\nFN:Lost\n{bo}BEGIN:VCARD\nTEL:1\nEND:VCARD\n{bo}BEGIN:VCARD\nFN:Cut"
    found = list(read(data.encode(), "a.vcf"))
    assert [one.name for one in found if isinstance(one, Card)] == ["Bo", "Bo", "Bo"]
    assert [str(one) for one in found if isinstance(one, Broken)] == [
        "a.vcf:4: this card has no END:VCARD; it was left out",
        "a.vcf:9: this card names nobody; it was left out",
        "a.vcf:15: this card has no END:VCARD; it was left out",
    ]


def test_a_bad_line_is_named_and_the_rest_of_its_card_arrives() -> None:
    bo, broken = read(b"BEGIN:VCARD\nFN:Bo\nNOTE:one\ntwo\nthree\nTEL:1\nEND:VCARD", "a.vcf")
    assert isinstance(bo, Card)
    assert reach_of(bo) == [("phone", "", "1")]
    assert str(broken) == "a.vcf:4: 2 lines from here are no property; the rest of Bo was read"


def test_a_photograph_that_is_not_folded_is_no_bad_line() -> None:
    assert with_lines("PHOTO;BASE64:/9j/4AAQ", "SkZJRgAB", "QABAAD==", "TEL:1").reach


def test_the_card_of_an_assistant_is_not_taken_for_another() -> None:
    nested = "BEGIN:VCARD\nFN:Bo\nAGENT:\nBEGIN:VCARD\nFN:Assistant\nEND:VCARD\nTEL:1\nEND:VCARD\n"
    assert [one.name for one in read(nested.encode(), "a.vcf") if isinstance(one, Card)] == ["Bo"]
    unclosed = "BEGIN:VCARD\nFN:Bo\nAGENT:\nBEGIN:VCARD\nFN:Assistant\nBEGIN:VCARD\nFN:Chiara\nEND:VCARD\n"
    assert [one.name for one in read(unclosed.encode(), "a.vcf") if isinstance(one, Card)] == ["Chiara"]


def test_a_list_of_people_is_left_out() -> None:
    (found,) = read(b"BEGIN:VCARD\nFN:Friends\nX-ADDRESSBOOKSERVER-KIND:group\nEND:VCARD", "a.vcf")
    assert isinstance(found, Broken)
    assert "a list of people" in found.reason


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00\xff", b"END:VCARD"])
def test_a_file_without_cards_says_so(data: bytes) -> None:
    assert list(read(data, "a.vcf")) == [Broken("a.vcf", 1, "there is no vCard in this file")]


@pytest.mark.parametrize(
    "line",
    [
        "TEL;TYPE=" + "a," * 200_000,
        "TEL" + ";A" * 200_000 + ":1",
        "A" * 400_000,
        'TEL;A="' * 60_000,
        "ORG:" + "a;" * 200_000,
        "CATEGORIES:" + "\\" * 400_001,
        "NOTE;QUOTED-PRINTABLE:" + "=\n=" * 100_000,
    ],
    ids=["commas", "parameters", "name", "quotes", "parts", "backslashes", "soft"],
)
def test_a_hostile_line_costs_no_time(line: str) -> None:
    begin = time.monotonic()
    assert list(read(f"BEGIN:VCARD\nFN:Bo\n{line}\nEND:VCARD".encode(), "a.vcf"))
    assert time.monotonic() - begin < 5


odd_lines = (
    *(b"AGENT:\n", b"BEGIN:VCARD\n", b"END:VCARD\n", b"KIND:org\n", b"N:;;\n", b"UID:\\\n", b"ORG:;;a\n", b" \n"),
    *(b"TEL;QUOTED-PRINTABLE:=\n", b"FN;CHARSET=utf-7:+2AA-\n", b"BDAY:0000-02-30\n", b'EMAIL;"TYPE:x\n'),
    *(b"EMAIL: \n", b"item1.X-ABLabel:x\n", b"X-ABDATE:--12-31\n", b"FN;ENCODING=b:/w==\n", b"NICKNAME:ana ruiz\n"),
)
fragments = st.sampled_from([*ANA.encode().splitlines(keepends=True), *odd_lines]) | st.binary(max_size=20)
some_cards = st.lists(fragments, max_size=30).map(lambda body: b"BEGIN:VCARD\n" + b"".join(body) + b"\nEND:VCARD\n")


@settings(max_examples=200, deadline=None)
@given(some_cards)
def test_whatever_the_bytes_the_same_card_twice_changes_nothing(data: bytes) -> None:
    for found in read(data, "a.vcf"):
        if isinstance(found, Card):
            made = merge(found, None, new_identity=NEW)
            assert merge(found, made, new_identity="unused") is made
            known = Known(made.id, made.name, ways(made.reach), found.uid)
            assert Book([known]).find(found) == made.id


@pytest.mark.long
@pytest.mark.timeout(600)
@settings(max_examples=20_000, deadline=None)
@given(some_cards)
def test_whatever_twenty_thousand_bytes_the_same_card_twice_changes_nothing(data: bytes) -> None:
    test_whatever_the_bytes_the_same_card_twice_changes_nothing.hypothesis.inner_test(data)


def test_a_new_relationship_has_what_the_card_says() -> None:
    made = merge(card(ANA), None, new_identity=NEW)
    assert isinstance(made, Relationship)
    assert (made.id, made.name, made.organisation) == (NEW, "Ana Ruiz", "Acme GmbH")
    assert made.story.startswith("Met in Lisbon.")
    assert made.to_file()["vcard_uid"] == "card-ana"
    assert not made.encounters


def test_what_is_there_already_is_kept() -> None:
    written = Relationship.model_validate(
        {
            "format": 1,
            "id": NEW,
            "name": "Ana",
            "kind": "person",
            "role": "CEO",
            "story": "Ours.",
            "tags": ["friend"],
            "aliases": ["anita"],
            "reach": [
                {"kind": "email", "label": "mine", "value": "ANA@ACME.EXAMPLE"},
                {"kind": "phone", "value": "+34600000000"},
                {"kind": "web", "value": "http://acme.example"},
            ],
            "dates": [{"label": "Birthday", "on": "--04-16"}],
            "colour": "red",
        }
    )
    merged = merge(card(ANA), written, new_identity="unused")
    assert (merged.id, merged.name, merged.role, merged.story, merged.tags) == (NEW, "Ana", "CEO", "Ours.", ("friend",))
    assert merged.organisation == "Acme GmbH"
    assert merged.aliases == ("anita", "Ana Ruiz", "Ani")
    assert merged.dates == written.dates
    assert [way.value for way in merged.reach[:4]] == [*(way.value for way in written.reach), "ana@home.example"]
    assert [way.kind for way in merged.reach[4:]] == ["chat", "address"]
    assert (merged.to_file()["colour"], merged.to_file()["vcard_uid"]) == ("red", "card-ana")
    assert merge(card(ANA), merged, new_identity="unused") is merged


def john(uid: str = "", mail: str = "", phone: str = "") -> Card:
    return card(f"BEGIN:VCARD\nFN:John Smith\nUID:{uid}\nEMAIL:{mail}\nTEL:{phone}\nEND:VCARD")


def as_known(one: Card, identity: str = "j1") -> Known:
    return Known(identity, one.name, ways(one.reach), one.uid)


def test_two_people_of_one_name_are_two() -> None:
    assert Book([as_known(john(mail="b@x.example"))]).find(john(mail="a@x.example")) is None
    assert Book([as_known(john(phone="2"))]).find(john(phone="1")) is None
    assert Book([as_known(john(uid="u2"))]).find(john(uid="u1")) is None


def test_a_card_that_could_be_any_of_several_is_not_guessed() -> None:
    book = Book([as_known(john(mail="a@x.example"), "j1"), as_known(john(phone="2"), "j2")])
    with pytest.raises(Ambiguous, match="2 relationships are called John Smith") as caught:
        book.find(john())
    assert caught.value.candidates == ("j1", "j2")
    assert book.find(john(mail="c@x.example")) is None


def test_the_book_knows_what_a_card_has_added() -> None:
    book = Book([as_known(john())])
    assert book.find(john(mail="a@x.example")) == "j1"
    book.add(as_known(john(mail="a@x.example")))
    assert book.find(john(mail="b@x.example")) is None


def test_the_same_person_is_found_again() -> None:
    full = john("u1", "a@x.example", "+34 600")
    assert Book([Known("other", "Johnny", uid="u1")]).find(full) == "other"
    assert Book([as_known(john("u2", "A@X.example"))]).find(full) == "j1"
    assert Book([as_known(john(phone="0034 600"))]).find(full) == "j1"
    assert Book([Known("j1", "JOHN SMITH")]).find(full) == "j1"
    assert Book([as_known(full)]).find(john()) == "j1"
    assert Book([Known("b1", "Bo", ways(full.reach))]).find(full) is None
