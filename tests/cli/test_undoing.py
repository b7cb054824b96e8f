"""The commands that take back, do again, and make two relationships one: undo, redo, join."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Convo


def folder(convo: Convo) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in convo.journal.glob("*.toml")}


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("log", "ana", "Rang.", "! call the notary"), "call with Ana Ruiz"),
        (("carry", "pricing", "--in", "later"), ""),
        (("settle", "pricing"), "settled: send pricing for 40 seats #pricing"),
        (("park", "pricing", "--until", "2026-12-01"), "parked: send pricing for 40 seats #pricing"),
        (("drop", "pricing"), "dropped: send pricing for 40 seats #pricing"),
        (("met", "afraid"), "met: afraid of it"),
        (("new", "Zoë"), "new Zoë"),
        (("delete", "ana"), "delete Ana Ruiz"),
        (("import", "vcard", "-"), "import of standard input"),
    ],
)
def test_every_command_that_changes_something_is_taken_back_and_done_again(
    ana: Convo, arguments: tuple[str, ...], what: str
) -> None:
    """CONTRACT.md: `convo undo` takes the last change back, as an inverse edit by id."""
    if "later" in arguments:
        arguments = (*arguments[:-1], ana.done("log", "ana", "Later.", "--json").json["encounter"])
        what = "carried: send pricing for 40 seats #pricing"
    before = folder(ana)
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cy Twombly\r\nTEL:+34 600\r\nEND:VCARD\r\n"
    ana.done(*arguments, stdin=card)
    after = folder(ana)
    assert after != before
    undone = ana.done("undo", "--json").json
    assert undone["undone"] == what
    assert undone["at"] == "2026-11-22T10:30:00+01:00"
    assert folder(ana) == before
    assert ana.done("redo", "--json").json["redone"] == what
    assert folder(ana) == after


def test_undo_says_what_it_took_back_and_how_to_have_it_again(ana: Convo) -> None:
    """Issue 5: `convo undo` says what it took back."""
    ana.done("drop", "pricing")
    said = ana.done("undo").out
    assert said.startswith("taken back: dropped: send pricing for 40 seats #pricing (")
    assert "`convo redo`" in said


def test_with_nothing_to_take_back_nothing_is_done(convo: Convo) -> None:
    for command in ("undo", "redo"):
        result = convo(command)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("convo: there is nothing to ")


def test_what_cannot_be_taken_back_says_why(ana: Convo) -> None:
    ana.done("log", "ana", "Rang.")
    file = ana.file("ana-ruiz")
    file.write_text(file.read_text("utf-8").replace("Rang.", "Rang, and wrote."), "utf-8")
    result = ana("undo")
    assert result.code == 1
    assert "call with Ana Ruiz" in result.err
    assert "has changed since" in result.err
    assert "Rang, and wrote." in file.read_text("utf-8")


def test_a_hard_link_that_keeps_the_old_text_is_told(ana: Convo) -> None:
    other = ana.home / "elsewhere.toml"
    other.hardlink_to(ana.file("ana-ruiz"))
    told = ana.done("drop", "pricing").err
    assert told.count("\n") == 1
    assert "ana-ruiz.toml: had another name (a hard link)" in told
    assert 'state = "dropped"' not in other.read_text("utf-8")
    assert ana.done("undo").err == ""


def test_without_a_record_of_what_was_done_it_says_so_once(ana: Convo) -> None:
    (undo,) = ana.state.glob("*/undo.sqlite")
    undo.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    result = ana("undo")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "nothing was taken back: " in result.err
    assert "is damaged" in result.err


# ── join ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def twice(ana: Convo) -> Convo:
    """Ana is here twice, and took part in a meeting with Bo under her second name."""
    ana.done("new", "Anna Ruiz", "--email", "anna@acme.example")
    ana.done("log", "anna", "About sailing.\n! send the photos", "--at", "2026-11-15 09:00")
    ana.done("new", "Bo Lindqvist")
    ana.done("log", "bo", "With her.", "--with", "anna", "--at", "2026-11-18 09:00")
    return ana


def test_two_become_one_and_both_names_find_it(twice: Convo) -> None:
    """CONTRACT.md: `convo join KEEP OTHER`: two relationships become one; `former`: resolved everywhere."""
    bo = twice.file("bo-lindqvist").read_bytes()
    gone = twice.done("list", "anna", "--json").json[0]["id"]
    joined = twice.done("join", "ana ruiz", "anna", "--json").json
    assert (joined["relationship"], joined["joined"]) == ("Ana Ruiz", gone)
    assert not twice.file("anna-ruiz").exists()
    assert f'former = ["{gone}"]' in twice.file("ana-ruiz").read_text("utf-8")
    for name in ("Anna Ruiz", "Ana Ruiz", gone):
        brief = twice.done("brief", name, "--json").json
        assert brief["relationship"] == "Ana Ruiz"
        assert brief["last_encounter"]["note"] == "With her.", "the one in another file is hers too"
        assert {each["text"].split()[1] for each in brief["issues"]} == {"pricing", "signs", "the"}
    assert twice.file("bo-lindqvist").read_bytes() == bo, "no other file has to change"
    assert twice.done("check").out.endswith("no problems\n")


def test_the_card_of_someone_joined_is_known_by_the_name_that_is_an_alias_now(twice: Convo) -> None:
    """README: people you know; twice changes nothing."""
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}\r\nFN:{1}\r\nEMAIL:{1}@x.example\r\nEND:VCARD\r\n"
    cards = card.format("u1", "Carla") + card.format("u2", "Carlotta")
    twice.done("import", "vcard", "-", stdin=cards)
    twice.done("join", "carla", "carlotta")
    before = folder(twice)
    assert twice.done("import", "vcard", "-", stdin=cards).out == "0 new, 0 changed, 2 unchanged, 0 broken\n"
    assert folder(twice) == before


def test_one_undo_makes_them_two_again(twice: Convo) -> None:
    before = folder(twice)
    twice.done("join", "ana ruiz", "anna")
    assert twice.done("undo", "--json").json["undone"] == "join Anna Ruiz to Ana Ruiz"
    assert folder(twice) == before
    twice.done("redo")
    assert "anna-ruiz.toml" not in folder(twice)


@pytest.mark.parametrize(
    ("keep", "other", "reason"),
    [
        ("ana ruiz", "ana ruiz", "one relationship already"),
        ("ana ruiz", "acme", "only two of a kind"),
        ("ana ruiz", "nobody", "nobody here is called"),
        ("ana ruiz", "twin", "same id"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_nothing_changed(
    twice: Convo, keep: str, other: str, reason: str
) -> None:
    twice.done("new", "Acme", "--kind", "organisation")
    twice.done("new", "Twin")
    (twice.journal / "other-twin.toml").write_bytes(twice.file("twin").read_bytes())
    before = folder(twice)
    result = twice("join", keep, other)
    assert (result.code, folder(twice)) == (1, before)
    assert reason in result.err
