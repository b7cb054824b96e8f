"""`convo log`: an encounter from words, standard input or the editor."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from convo_tui.core.meaning import Line, Opens, Reading
from convo_tui.core.receipt import phrases
from tests.cli.conftest import Convo


def encounters(convo: Convo, name: str = "ana-ruiz") -> list[dict[str, Any]]:
    return tomllib.loads(convo.file(name).read_text()).get("encounters", [])


def issues(convo: Convo, name: str = "ana-ruiz") -> dict[str, dict[str, Any]]:
    table = tomllib.loads(convo.file(name).read_text()).get("issues", [])
    return {issue["text"]: issue for issue in table}


def test_the_words_of_the_command_are_the_note(convo: Convo) -> None:
    """`convo log NAME [TEXT…]`: "an encounter from TEXT"."""
    convo.done("new", "Ana")
    result = convo.done("log", "ana", "she", "liked", "the", "pilot")
    (encounter,) = encounters(convo, "ana")
    assert encounter["note"] == "she liked the pilot"
    assert encounter["at"].isoformat() == "2026-11-22T10:30:00+01:00"
    assert "call with Ana · today 10:30" in result.out


def test_marked_lines_become_records_and_the_receipt_says_so(ana: Convo) -> None:
    """ "prints the receipt"; "a marked line becomes the record and leaves the note"."""
    result = ana.done(
        "log", "ana", "Good talk\n~ pricing\n= who signs : she does\n! book the kickoff @us\nneed: calm\n~ xyz"
    )
    for said in (
        "carried   send pricing for 40 seats #pricing",
        "settled   who signs in legal? · she does",
        "opened    book the kickoff · us",
        "heard     need: calm",
        "as typed  ~ xyz · it does not match an open issue",
    ):
        assert said in result.out
    assert encounters(ana)[-1]["note"] == "Good talk\n~ xyz"
    assert issues(ana)["who signs in legal?"]["state"] == "settled"


def test_json_gives_the_ids_of_all_that_was_done(ana: Convo) -> None:
    """`log` → `{relationship, relationship_id, encounter, opened, carried, settled, heard, unmatched}`."""
    said = ana.done("log", "ana", "~ pricing\n= signs\n= afraid\n! one\nneed: calm\n~ xyz", "--json").json
    known = issues(ana)
    heard = tomllib.loads(ana.file("ana-ruiz").read_text())["heard"]
    assert list(said) == [
        "relationship", "relationship_id", "encounter", "opened", "carried", "settled", "heard", "unmatched",
    ]  # fmt: skip
    assert said["relationship"] == "Ana Ruiz"
    assert said["encounter"] == encounters(ana)[-1]["id"]
    assert said["opened"] == [known["one"]["id"]]
    assert said["carried"] == [known["send pricing for 40 seats #pricing"]["id"]]
    assert said["settled"] == [known["who signs in legal?"]["id"], heard[0]["id"]]
    assert said["heard"] == [heard[1]["id"]]
    assert said["unmatched"] == ["~ xyz"]


@pytest.mark.parametrize("arguments", [("-",), ()])
def test_standard_input_is_read_for_a_dash_and_without_a_terminal(convo: Convo, arguments: tuple[str, ...]) -> None:
    """ "`-`, or no TEXT and no terminal, reads standard input"."""
    convo.done("new", "Ana")
    convo.done("log", "ana", *arguments, stdin="\ufefffrom a pipe\r\n! and an issue\r\n")
    assert encounters(convo, "ana")[0]["note"] == "from a pipe"
    assert list(issues(convo, "ana")) == ["and an issue"]


@pytest.mark.parametrize("stdin", [b"", b" \n\t\n", b"\xff\xfe not utf-8"])
def test_blank_or_unreadable_input_saves_nothing(convo: Convo, stdin: bytes) -> None:
    """ "(blank: exit 1)"."""
    convo.done("new", "Ana")
    result = convo("log", "ana", stdin=stdin)
    assert (result.code, result.err.count("\n"), result.out) == (1, 1, "")
    assert encounters(convo, "ana") == []


def test_a_blank_text_saves_nothing(convo: Convo) -> None:
    convo.done("new", "Ana")
    assert convo("log", "ana", " ").err == "convo: nothing was written, nothing is saved\n"


def test_a_bullet_is_text_and_no_option(convo: Convo) -> None:
    """ "`- ! text`; `- [ ] text` is `! text`"."""
    convo.done("new", "Ana")
    convo.done("log", "ana", "- [ ] call legal\n- ! and sales", "--at", "yesterday")
    assert list(issues(convo, "ana")) == ["call legal", "and sales"]


def test_every_field_can_be_given(convo: Convo) -> None:
    """`--channel --at WHEN --with NAME… --minutes --spark --nature`."""
    for name in ("Ana", "Bo Lindqvist"):
        convo.done("new", name)
    convo.done(
        "log", "ana", "short", "--channel", "meeting", "--at", "yesterday 3pm", "--with", "lindqvist",
        "--minutes", "25", "--spark", "4", "--nature", "transaction",
    )  # fmt: skip
    (encounter,) = encounters(convo, "ana")
    bo = tomllib.loads(convo.file("bo-lindqvist").read_text())["id"]
    assert encounter["at"].isoformat() == "2026-11-21T15:00:00+01:00"
    wanted = {"channel": "meeting", "with": [bo], "minutes": 25, "spark": 4, "nature": "transaction"}
    assert {key: encounter[key] for key in wanted} == wanted


def test_a_field_typed_in_the_note_wins_over_the_option(convo: Convo) -> None:
    convo.done("new", "Ana")
    convo.done("log", "ana", "short\nspark: 5", "--spark", "2")
    assert encounters(convo, "ana")[0]["spark"] == 5


def test_an_unknown_or_unclear_companion_saves_nothing(convo: Convo) -> None:
    for name in ("Ana", "Bo Lindqvist", "Bo Berg"):
        convo.done("new", name)
    unknown = convo("log", "ana", "text", "--with", "Zoe")
    unclear = convo("log", "ana", "text", "--with", "bo")
    assert (unknown.code, unclear.code) == (1, 1)
    assert "Zoe" in unknown.err
    assert "Bo Lindqvist" in unclear.err
    assert "Bo Berg" in unclear.err
    assert encounters(convo, "ana") == []


def test_someone_with_a_file_of_their_own_is_one_companion_not_two(convo: Convo) -> None:
    convo.done("new", "Acme", "--kind", "organisation")
    bo = convo.done("new", "Bo Berg", "--json").json["id"]
    with convo.file("acme").open("a") as file:
        file.write(f'\n[[people]]\nid = "20260101-aaaaaaaa"\nname = "Bo Berg"\nrelationship = "{bo}"\n')
    convo.done("log", "acme", "text\nwith: Bo", "--with", "bo")
    assert encounters(convo, "acme")[0]["with"] == ["20260101-aaaaaaaa"]
    assert convo.done("brief", "bo", "--json").json["last_encounter"]["note"] == "text"


def test_carry_all_carries_what_can_be_carried_and_leaves_no_mark_in_the_note(ana: Convo) -> None:
    """`--carry-all` is `~ *`: "all open ones"."""
    result = ana.done("log", "ana", "All of it\n```\nan open fence\n= signs", "--carry-all", "--json").json
    assert sorted(result["carried"]) == sorted(issue["id"] for issue in issues(ana).values())
    assert "~" not in encounters(ana)[-1]["note"]


def test_carry_all_leaves_what_the_note_settles(ana: Convo) -> None:
    result = ana.done("log", "ana", "= signs", "--carry-all", "--json").json
    known = issues(ana)
    assert result["settled"] == [known["who signs in legal?"]["id"]]
    assert result["carried"] == [known["send pricing for 40 seats #pricing"]["id"]]


def test_carry_all_with_nothing_to_carry_is_no_trouble(convo: Convo) -> None:
    convo.done("new", "Ana")
    assert convo.done("log", "ana", "hello", "--carry-all", "--json").json["unmatched"] == []


def test_last_adds_to_the_newest_encounter_and_fires_nothing_twice(ana: Convo) -> None:
    """`--last` (add to the newest); "nothing fires twice"."""
    ana.done("log", "ana", "~ xyz\nGood talk", "--spark", "3", "--at", "yesterday")
    before = encounters(ana)
    convo_id = ana.done("log", "ana", "--last", "And more\n! book it\n~ pricing", "--minutes", "40", "--json").json[
        "encounter"
    ]
    after = encounters(ana)
    assert len(after) == len(before)
    assert after[-1] == {**before[-1], "note": "~ xyz\nGood talk\n\nAnd more", "minutes": 40}
    assert convo_id == after[-1]["id"]
    assert issues(ana)["book it"]["opened_in"] == convo_id
    assert issues(ana)["send pricing for 40 seats #pricing"]["carried"] == [convo_id]


@pytest.fixture
def joint(ana: Convo) -> Convo:
    """Ana's newest encounter stands in the file of Bo: she took part."""
    ana.done("new", "Bo")
    ana.done("log", "bo", "the three of us", "--with", "ana", "--at", "yesterday")
    return ana


def test_last_adds_to_the_newest_wherever_it_lives(joint: Convo) -> None:
    """`--last` (add to the newest); "an encounter lives in one file", everyone who took part shows it."""
    before = joint.file("ana-ruiz").read_bytes()
    (talk,) = encounters(joint, "bo")
    said = joint.done("log", "ana", "--last", "And more\n! of bo")
    assert encounters(joint, "bo") == [{**talk, "note": "the three of us\n\nAnd more"}]
    assert issues(joint, "bo")["of bo"]["opened_in"] == talk["id"]
    assert joint.file("ana-ruiz").read_bytes() == before
    assert said.out.startswith("call with Bo · Sat 21 Nov 12:00")
    assert joint.done("log", "ana", "--last", "!", "--json").json["relationship"] == "Bo"


def test_last_changes_nothing_when_the_newest_lives_in_a_file_that_is_read_only(joint: Convo) -> None:
    text = joint.file("bo").read_text().replace("format = 1", "format = 2")
    joint.file("bo").write_text(text)
    before = joint.file("ana-ruiz").read_bytes()
    result = joint("log", "ana", "--last", "more")
    assert (result.code, str(joint.file("bo")) in result.err) == (1, True)
    assert joint.file("ana-ruiz").read_bytes() == before


def test_an_issue_opened_in_the_file_of_another_says_whose(joint: Convo) -> None:
    """ "an issue line that begins with the `@name` of a relationship taking part is opened in that one's file"."""
    out = joint.done("log", "ana", "! @Bo ask him due:fri\n! ask her", "--with", "bo").out
    assert "opened  ask him · me · Fri 27 Nov · with Bo\n" in out
    assert "opened  ask her · me\n" in out
    assert "ask him" in issues(joint, "bo")


def test_before_saving_the_receipt_says_whose_as_well() -> None:
    lines = tuple(Line(0, "", Opens(home, "ask", "me")) for home in ("ana", "bo"))
    said = [each.text for each in phrases(Reading(lines), date(2026, 11, 22), {"bo": "Bo"})]
    assert said == ["ask · me", "ask · me · with Bo"]


def test_last_needs_an_encounter_and_takes_no_time(convo: Convo) -> None:
    convo.done("new", "Ana")
    assert convo("log", "ana", "--last", "text").code == 1
    assert convo("log", "ana", "--last", "--at", "yesterday", "text").code == 2


def test_mail_and_chat_of_one_day_are_one_entry(ana: Convo) -> None:
    """Mail and chat logged on one day join that day's entry; "`encounter`" is its id, by local day."""
    first = ana.done("log", "ana", "first", "--channel", "email", "--at", "9:00", "--minutes", "5", "--json").json
    second = ana.done("log", "ana", "second\n! two\n~ pricing", "--channel", "email", "--spark", "4")
    assert "email with Ana Ruiz · today 09:00 · 5 min · added to the entry of that day" in second.out
    for other in (("--channel", "chat"), ("--channel", "email", "--at", "yesterday"), ()):
        ana.done("log", "ana", "another", *other)
    entry = next(each for each in encounters(ana) if each["id"] == first["encounter"])
    assert (entry["note"], entry["minutes"], entry["spark"]) == ("first\n\nsecond", 5, 4)
    assert [issues(ana)[text].get("opened_in") for text in ("two",)] == [entry["id"]]
    assert issues(ana)["send pricing for 40 seats #pricing"]["carried"] == [entry["id"]]
    assert len(encounters(ana)) == 5
    third = ana.done("log", "ana", "third", "--channel", "email", "--at", "8:00", "--json").json
    assert third["encounter"] == entry["id"]
    assert len(encounters(ana)) == 5


def test_last_adds_to_a_mail_of_another_day(ana: Convo) -> None:
    ana.done("log", "ana", "first", "--channel", "email", "--at", "yesterday")
    said = ana.done("log", "ana", "--last", "second")
    assert encounters(ana)[-1]["note"] == "first\n\nsecond"
    assert "added to the entry" not in said.out


def test_nothing_left_open_is_said_softly(ana: Convo) -> None:
    """ "An encounter that ends with nothing open is pointed out at once"; a note to oneself is none."""
    soft = "nothing is left open with Ana Ruiz: what would you like to come back to?"
    assert soft not in ana.done("log", "ana", "= pricing", "--at", "yesterday").out
    assert soft in ana.done("log", "ana", "= signs").out
    assert soft not in ana.done("log", "ana", "a thought", "--channel", "note").out


@pytest.mark.parametrize("when", ["tomorrow", "nonsense", "3/4"])
def test_a_time_that_is_none_is_refused(convo: Convo, when: str) -> None:
    """ "Dates: encounter times [look] back"; "`3/4` is refused unless `date_order` is set"."""
    convo.done("new", "Ana")
    result = convo("log", "ana", "text", "--at", when)
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert encounters(convo, "ana") == []


def test_date_order_of_the_settings_is_used(convo: Convo) -> None:
    (convo.home / "config" / "convo").mkdir(parents=True)
    (convo.home / "config" / "convo" / "config.toml").write_text('date_order = "DMY"\n')
    convo.done("new", "Ana")
    convo.done("log", "ana", "text", "--at", "3/4")
    assert encounters(convo, "ana")[0]["at"].isoformat().startswith("2026-04-03")


def test_the_editor_shows_the_numbered_agenda_below_the_scissors(ana: Convo) -> None:
    """ "no TEXT and a terminal opens `$EDITOR`, the numbered agenda below a scissors line"."""
    seen = ana.home / "seen"
    ana.editor(
        f"old = path.read_text()\npathlib.Path({str(seen)!r}).write_text(old)\npath.write_text('Typed\\n=2' + old)"
    )
    ana.done("log", "ana", terminal=True)
    template = seen.read_text()
    assert template.startswith("\n# ------------------------ >8 ------------------------\n")
    assert "\n# 1. send pricing for 40 seats #pricing · me · Fri 13 Nov\n" in template
    assert "\n# 2. who signs in legal? · them\n" in template
    assert encounters(ana)[-1]["note"] == "Typed"
    assert issues(ana)["who signs in legal?"]["state"] == "settled"
    assert not list(ana.state.glob("*/kept/*"))


def test_numbers_stay_what_the_editor_showed(ana: Convo) -> None:
    """ "the number in the agenda (fixed during an encounter)"."""
    file = str(ana.file("ana-ruiz"))
    settled = 'owner = "me"\nstate = "settled"'
    ana.editor(
        f"file = pathlib.Path({file!r})\n"
        f'file.write_text(file.read_text().replace(\'owner = "me"\\nstate = "open"\', {settled!r}))\n'
        "path.write_text('Typed\\n= 2')"
    )
    ana.done("log", "ana", terminal=True)
    assert issues(ana)["who signs in legal?"]["state"] == "settled"


def test_an_editor_left_empty_saves_nothing_and_leaves_nothing(ana: Convo) -> None:
    ana.editor("pass")
    assert ana("log", "ana", terminal=True).code == 1
    assert len(encounters(ana)) == 1
    assert not list(ana.state.glob("*/kept/*"))


def test_a_failing_editor_keeps_the_text_and_says_where(ana: Convo) -> None:
    ana.editor("path.write_text('precious'); sys.exit(3)")
    result = ana("log", "ana", terminal=True)
    (kept,) = ana.state.glob("*/kept/*/note.md")
    assert result.code == 1
    assert str(kept) in result.err
    assert kept.read_text() == "precious"


def test_an_editor_that_is_not_there_is_named(ana: Convo) -> None:
    ana.monkeypatch.setenv("EDITOR", "no-such-editor --wait")
    result = ana("log", "ana", terminal=True)
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "no-such-editor" in result.err


def test_the_editor_is_that_of_the_settings_then_visual_then_editor(ana: Convo) -> None:
    ana.editor("path.write_text('from EDITOR')")
    ana.done("log", "ana", terminal=True)
    ana.monkeypatch.setenv("VISUAL", "no-such-visual")
    assert "no-such-visual" in ana("log", "ana", terminal=True).err
    (ana.home / "config" / "convo").mkdir(parents=True)
    (ana.home / "config" / "convo" / "config.toml").write_text('editor = "no-such-setting"\n')
    assert "no-such-setting" in ana("log", "ana", terminal=True).err


@pytest.mark.parametrize("typed", [True, False])
def test_a_note_that_cannot_be_saved_is_kept(ana: Convo, typed: bool) -> None:
    ruin = f"pathlib.Path({str(ana.file('ana-ruiz'))!r}).write_text('broken')\n"
    ana.editor(ruin + "path.write_text('precious')")
    if not typed:
        ana.journal.chmod(0o500)
    ana.monkeypatch.setattr("convo_tui.store.files.save", refusing) if not typed else None
    result = ana("log", "ana", terminal=typed, stdin="precious")
    ana.journal.chmod(0o700)
    (kept,) = ana.state.glob("*/kept/*/note.md")
    assert result.code == (3 if typed else 4)
    assert f"what you wrote is kept in {kept}" in result.err
    assert kept.read_text() == "precious"


def refusing(path: Any, *_: object) -> None:
    from convo_tui.store.errors import Conflict

    raise Conflict(path, "another program changed it since it was read")
