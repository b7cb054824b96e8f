"""The commands that show: brief, list, issues, heard, topics."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Convo


def test_brief_reads_in_a_glance(ana: Convo) -> None:
    """`convo brief NAME`: where we left off."""
    ana.done(
        "log", "ana", "First line\nSecond line\nThird line\nabout: her son's exam\nnext: 2026-12-10 the board's answer"
    )
    out = ana.done("brief", "ana").out
    assert out.startswith(
        "Ana Ruiz · Head of Operations\nnext time   Thu 10 Dec · the board's answer\nask about   her son's exam\n"
        "\nlast        today · call\n            First line\n            Second line …\n\nopen\n"
    )
    assert "me    send pricing for 40 seats #pricing  Fri 13 Nov  10d  overdue" in out
    assert "\nneeds, unmet\n  unsaid  afraid of it" in out
    assert "we are talking about #pricing 1\n" in out


def test_brief_says_what_has_changed_and_what_is_coming_up(ana: Convo) -> None:
    """ "since we last spoke": issues due since, dates coming up such as birthdays and renewals."""
    file = ana.file("ana-ruiz")
    dates = '\n[[dates]]\nlabel = "birthday"\non = "--11-17"\n\n[[dates]]\nlabel = "renewal"\non = 2024-12-01\n'
    file.write_text(file.read_text().replace("\n[[issues]]", f"{dates}\n[[issues]]", 1))
    out = ana.done("brief", "ana").out
    assert "coming up   renewal Tue 1 Dec\n" in out
    assert (
        "since then  birthday was on Tue 17 Nov\n"
        "            came due Fri 13 Nov, mine: send pricing for 40 seats #pricing\n"
    ) in out
    said = ana.done("brief", "ana", "--json").json
    assert said["coming"] == [{"label": "renewal", "on": "2026-12-01"}]
    assert [(each["what"], each["on"], each["owner"]) for each in said["since"]] == [
        ("date", "2026-11-17", None),
        ("due", "2026-11-13", "me"),
    ]
    assert said["since"][1]["id"] == said["issues"][0]["id"]


def test_brief_json_has_the_keys_of_the_contract(ana: Convo) -> None:
    """`brief` → `{relationship, relationship_id, last_encounter, issues, heard, topics, next}`; more may follow."""
    said = ana.done("brief", "ana", "--json").json
    first = ["relationship", "relationship_id", "last_encounter", "issues", "heard", "topics", "next"]
    assert list(said) == [*first, "since", "coming", "ask"]
    assert list(said["last_encounter"]) == ["id", "at", "channel", "note"]
    assert said["last_encounter"]["at"] == "2026-11-12T15:00:00+01:00"
    issue = ["id", "relationship", "relationship_id", "text", "owner", "state", "due", "opened"]
    assert list(said["issues"][0]) == [*issue, "age_days", "carried", "passed"]
    assert list(said["heard"][0]) == ["id", "relationship", "relationship_id", "kind", "text", "at", "heard_in", "met"]
    assert said["topics"] == [{"topic": "pricing", "since": "2026-11-12", "encounters": 1, "open": 1}]
    assert said["next"] is None


def test_brief_of_someone_never_spoken_with(convo: Convo) -> None:
    convo.done("new", "Ana")
    assert "you have not talked yet" in convo.done("brief", "ana").out
    assert convo.done("brief", "ana", "--json").json["last_encounter"] is None


def test_brief_says_what_is_avoided_and_what_is_circling(ana: Convo) -> None:
    """ "passed three times and never carried, it is *avoided*; carried in each of the last three, it is *circling*"."""
    for day in (18, 19, 20):
        ana.done("log", "ana", "~ pricing", "--at", f"2026-11-{day}")
    out = ana.done("brief", "ana").out
    assert "circling: carried every time" in out
    assert "avoided: passed 3 times, never taken up" in out
    assert "↻3" in out


def test_brief_ranks_and_counts_the_rest(ana: Convo) -> None:
    """ "The brief stays one screen: it ranks, it does not dump." (PRODUCT.md)"""
    ana.done("log", "ana", "\n".join(f"! thing {count}" for count in range(30)))
    out = ana.done("brief", "ana").out
    assert "and 23 more: `convo issues" in out
    assert out.count("\n") <= 24


def test_list_json_has_the_keys_of_the_contract(ana: Convo) -> None:
    """`list` → `[{id, name, kind, file, tags, last_encounter, open_issues, overdue_issues}]`."""
    (said,) = ana.done("list", "--json").json
    assert list(said) == ["id", "name", "kind", "file", "tags", "last_encounter", "open_issues", "overdue_issues"]
    assert (said["file"], said["tags"], said["kind"]) == ("ana-ruiz.toml", ["client"], "person")
    assert (said["last_encounter"], said["open_issues"], said["overdue_issues"]) == ("2026-11-12T15:00:00+01:00", 2, 1)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--sort", "name"), ["Ana Ruiz", "Bo", "Cleo"]),
        (("--sort", "last"), ["Bo", "Ana Ruiz", "Cleo"]),
        (("--sort", "pulse"), ["Ana Ruiz", "Bo", "Cleo"]),
        (("--tag", "Client"), ["Ana Ruiz"]),
        (("head", "op"), ["Ana Ruiz"]),
        (("--sort", "name", "--archived"), ["Ana Ruiz", "Bo", "Cleo", "Dora"]),
        (("nobody",), []),
    ],
)
def test_list_sorts_and_filters(ana: Convo, arguments: tuple[str, ...], names: list[str]) -> None:
    """`convo list [FILTER…]`: `--sort name|last|pulse --tag --archived`."""
    for name in ("Cleo", "Bo", "Dora"):
        ana.done("new", name)
    ana.done("log", "bo", "hello")
    ana.file("dora").write_text(ana.file("dora").read_text() + "archived = true\n")
    assert [each["name"] for each in ana.done("list", *arguments, "--json").json] == names
    assert [line.split("  ")[0] for line in ana.done("list", *arguments).out.splitlines()] == names


def test_list_shows_a_damaged_file_and_goes_on(ana: Convo) -> None:
    """ "A file that does not parse or validate is shown as such, with file, line and reason"."""
    ana.file("bo").write_text('format = 1\nname = "Bo"\nkind =\n')
    result = ana.done("list")
    assert "Bo" in result.out
    assert "bo.toml cannot be read" in result.out
    assert f"{ana.file('bo')}:3:" in result.err
    assert [each["name"] for each in ana.done("list", "--json").json] == ["Ana Ruiz"]


def test_an_empty_journal_says_what_to_do(convo: Convo) -> None:
    result = convo.done("list")
    assert (result.out, "convo new NAME" in result.err) == ("", True)
    assert convo.done("list", "--json").json == []


def test_issues_come_by_due_date_then_oldest(ana: Convo) -> None:
    """`convo issues [NAME]`: "open issues, by due date (none last), then oldest"."""
    ana.done("new", "Bo")
    ana.done("log", "bo", "! b-young\n! b-due due:2026-12-01")
    ana.done("log", "bo", "! b-old", "--at", "2026-10-01")
    texts = [issue["text"] for issue in ana.done("issues", "--json").json]
    assert texts == ["send pricing for 40 seats #pricing", "b-due", "b-old", "who signs in legal?", "b-young"]
    assert [issue["relationship"] for issue in ana.done("issues", "bo", "--json").json] == ["Bo"] * 3


def test_issues_are_grouped_as_on_the_agenda(ana: Convo) -> None:
    """`convo issues --by`: the groups of the agenda, their columns one table."""
    ana.done("log", "ana", "! ask for the plan @them\n! book the room due:2026-11-23\n! a longer one to align with")
    out = ana.done("issues", "--by", "due").out
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "Overdue",
        "Tomorrow",
        "Without a day",
    ]
    assert len({line.index("Ana Ruiz") for line in out.splitlines() if "Ana Ruiz" in line}) == 1
    assert ana.done("issues", "--by", "owner").out.startswith("My move\n  me    send pricing")
    assert ana.done("issues", "ana", "--by", "relationship").out.startswith("Ana Ruiz\n  me    send pricing")


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (("--owner", "them"), ["who signs in legal?"]),
        (("--due", "today"), ["send pricing for 40 seats #pricing"]),
        (("--due", "2026-11-12"), []),
        (("--topic", "Pricing"), ["send pricing for 40 seats #pricing"]),
        (("--topic", "#pricing"), ["send pricing for 40 seats #pricing"]),
        (("--state", "settled"), ["gone"]),
        (("--state", "all"), ["send pricing for 40 seats #pricing", "who signs in legal?", "gone"]),
    ],
)
def test_issues_are_filtered(ana: Convo, arguments: tuple[str, ...], texts: list[str]) -> None:
    """`--owner --state --due WHEN --topic`."""
    ana.done("log", "ana", "! gone")
    ana.done("settle", "gone")
    assert [issue["text"] for issue in ana.done("issues", *arguments, "--json").json] == texts


def test_a_parked_issue_whose_day_has_come_reads_as_open(ana: Convo) -> None:
    """`parked_until`: "past it the issue reads as open everywhere; nothing is written"."""
    ana.done("park", "pricing", "--until", "2026-11-25")
    before = ana.file("ana-ruiz").read_bytes()
    assert [each["text"] for each in ana.done("issues", "--json").json] == ["who signs in legal?"]
    later = ana.done("issues", "--json", now="2026-11-25T08:00+01:00").json
    assert [(each["text"], each["state"]) for each in later] == [
        ("send pricing for 40 seats #pricing", "open"),
        ("who signs in legal?", "open"),
    ]
    assert ana.done("issues", "--state", "parked", "--json", now="2026-11-25T08:00+01:00").json == []
    assert ana.file("ana-ruiz").read_bytes() == before


def test_heard_lists_what_still_holds(ana: Convo) -> None:
    """`convo heard [NAME]`: `--kind --unmet`."""
    ana.done("log", "ana", "idea: dark mode\nneed: calm\nrival: Foo")
    ana.done("met", "calm")
    ana.done("drop", "foo")
    assert [each["text"] for each in ana.done("heard", "--json").json] == ["afraid of it", "dark mode", "calm"]
    assert [each["text"] for each in ana.done("heard", "ana", "--unmet", "--json").json] == [
        "afraid of it",
        "dark mode",
    ]
    assert [each["met"] for each in ana.done("heard", "--kind", "need", "--json").json] == ["2026-11-22"]


def test_topics_are_counted_over_everyone_or_one(ana: Convo) -> None:
    """ "we are talking about pricing · 6 encounters since March · 2 open"."""
    ana.done("new", "Bo")
    ana.done("log", "bo", "about #Pricing and #legal")
    assert ana.done("topics").out.splitlines() == [
        "we are talking about #pricing · 2 encounters since November · 1 open",
        "we are talking about #legal · 1 encounter since November",
    ]
    assert [each["topic"] for each in ana.done("topics", "bo", "--json").json] == ["legal", "pricing"]


def test_a_joint_encounter_is_in_the_brief_of_both(ana: Convo) -> None:
    """ "every relationship that took part … shows it in its timeline and counts it as contact"."""
    ana.done("new", "Bo")
    ana.done("log", "bo", "the three of us", "--with", "ana")
    assert ana.done("brief", "ana", "--json").json["last_encounter"]["note"] == "the three of us"
