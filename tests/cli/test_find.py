"""`convo find`: what is found, how it is shown, and what is said when nothing is."""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import Convo, Terminal


@pytest.fixture
def talked(ana: Convo) -> Convo:
    """Ana, and Bo who is at Acme: a call with both in October, an idea of his in March."""
    ana.done("new", "Bo Lindqvist", "--organisation", "Acme")
    ana.done("log", "bo", "Walked through the draft together", "--with", "ana", "--at", "2026-10-05 09:00")
    ana.done("log", "bo", "idea: a legal draft by mail", "--at", "2026-03-02 09:00", "--channel", "chat")
    return ana


def found(convo: Convo, *arguments: str) -> list[str]:
    return [each["snippet"] for each in convo.done("find", *arguments, "--json").json]


def test_find_json_has_the_keys_of_the_contract(talked: Convo) -> None:
    """`find` → `[{relationship, relationship_id, kind, id, at, snippet}]`."""
    said = talked.done("find", "draft", "--json").json
    assert {tuple(each) for each in said} == {("relationship", "relationship_id", "kind", "id", "at", "snippet")}
    assert [(each["relationship"], each["kind"], each["at"]) for each in said] == [
        ("Ana Ruiz", "encounter", "2026-11-12T15:00:00+01:00"),
        ("Bo Lindqvist", "encounter", "2026-10-05T09:00:00+01:00"),
        ("Bo Lindqvist", "heard", "2026-03-02T09:00:00+01:00"),
    ]


def test_a_name_has_no_time(talked: Convo) -> None:
    (said,) = talked.done("find", "operations", "--json").json
    assert (said["kind"], said["at"], said["id"]) == ("relationship", None, said["relationship_id"])


def test_a_hit_is_one_line_with_its_day(talked: Convo) -> None:
    assert talked.done("find", "draft").out.splitlines() == [
        "Ana Ruiz      encounter  Thu 12 Nov  Legal has the draft.",
        "Bo Lindqvist  encounter  Mon 5 Oct   Walked through the draft together",
        "Bo Lindqvist  heard      Mon 2 Mar   a legal draft by mail",
    ]


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (("legal", "draft"), ["Legal has the draft.", "a legal draft by mail"]),
        (("legal draft",), ["Legal has the draft.", "a legal draft by mail"]),
        (('"legal draft"',), ["a legal draft by mail"]),
        (("legal", "-draft"), ["who signs in legal?"]),
        (("legal", '-"legal draft"', "-signs"), ["Legal has the draft."]),
        (("draft", "-hotel", "-mail", "-together"), ["Legal has the draft."]),
        (("#pri",), ["send pricing for 40 seats #pricing"]),
        (("is:open", "legal"), ["who signs in legal?"]),
        (("draft", "--limit", "1"), ["Legal has the draft."]),
        (("draft", "--with", "bo lind"), ["Walked through the draft together", "a legal draft by mail"]),
        (("draft", "--with=ANA"), ["Legal has the draft.", "Walked through the draft together"]),
        (("--with", "acme", "mail"), ["a legal draft by mail"]),
        (("draft", "--since", "2026-10-05"), ["Legal has the draft.", "Walked through the draft together"]),
        (("draft", "--until", "2026-10-05"), ["Walked through the draft together", "a legal draft by mail"]),
        (("draft", "--since", "march", "--until", "march"), ["a legal draft by mail"]),
        (("--since", "2026-11-01", "draft"), ["Legal has the draft."]),
        (("--until", "2026-03-31"), ["a legal draft by mail"]),
        (("--since", "2026-11-01", "--", "legal", "--json", "-signs"), ["Legal has the draft."]),
        (('"legal', "--with", "bo"), ["a legal draft by mail"]),
    ],
)
def test_words_and_filters_narrow_what_is_found(talked: Convo, arguments: tuple[str, ...], texts: list[str]) -> None:
    """`convo find WORDS…`: `--limit --with NAME --since --until`; `-word` is no option."""
    assert [each["snippet"] for each in talked.done("find", "--json", *arguments).json] == texts


def test_an_id_or_a_file_names_someone_too(talked: Convo) -> None:
    """NAME: "id, file name, …"."""
    talked.file("bo-lindqvist").rename(talked.file("other"))
    (identity,) = {each["relationship_id"] for each in talked.done("find", "together", "--json").json}
    for name in (identity, "other", "other.toml", "bo-lindqvist"):
        assert found(talked, "together", "--with", name) == ["Walked through the draft together"]


@pytest.mark.parametrize("name", ["nobody", "!!", ""])
def test_with_nobody_finds_nothing_and_says_so(talked: Convo, name: str) -> None:
    """ "Exit codes: … 1 nothing done (not found …)"."""
    result = talked("find", "draft", "--with", name)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"convo: --with: nobody here is called “{name}”; `convo list` shows everyone\n"


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("when", ["someday", "2026-13-01", "3/4", ""])
def test_a_wrong_date_is_a_usage_error_that_says_how_to_write_one(talked: Convo, option: str, when: str) -> None:
    result = talked("find", "draft", option, when)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert f"{option}: “{when}” is no date; write a day, a month or a year: 2026-03-01" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "convo: find what? Write `convo find WORDS`; `convo find --help` shows how\n"),
        ((" ",), "convo: find what? Write `convo find WORDS`; `convo find --help` shows how\n"),
        (("x", "--limit", "0"), "--limit"),
        (("x", "--limt", "3"), "--limt"),
    ],
)
@pytest.mark.parametrize("terminal", [True, False])
def test_a_search_for_nothing_is_a_usage_error(
    talked: Convo, terminal: bool, arguments: tuple[str, ...], said: str
) -> None:
    result = talked("find", *arguments, terminal=terminal)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("words", [("xyzzy",), ("!!!",), ("draft", "-draft")])
def test_nothing_found_says_what_to_try(talked: Convo, words: tuple[str, ...]) -> None:
    result = talked("find", *words)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"convo: nothing here answers to “{' '.join(words)}”; try fewer words, or less of one\n"
    assert talked("find", *words, "--json").json == []


def shown(convo: Convo, columns: int, *arguments: str) -> list[str]:
    """The lines on a terminal of this width."""
    screen = Terminal()
    with convo.monkeypatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm")
        patch.setattr(sys, "stdout", screen)
        convo.done("find", *arguments)
    return screen.getvalue().splitlines()


def test_a_terminal_shows_the_words_bold(talked: Convo) -> None:
    assert "a \x1b[1mlegal\x1b[0m \x1b[1mdraft\x1b[0m by mail" in shown(talked, 80, "legal", "draf")[1]
    talked.monkeypatch.setenv("NO_COLOR", "1")
    assert shown(talked, 80, "legal", "draf")[1].endswith("a legal draft by mail")


@pytest.mark.parametrize("columns", [10, 30, 40, 60, 80])
def test_a_line_fits_into_any_terminal_and_shows_the_words(convo: Convo, columns: int) -> None:
    convo.monkeypatch.setenv("NO_COLOR", "1")
    convo.done("new", "N" * 60)
    convo.done("log", "N" * 60, "words before it " * 20 + "the needle " + "words after it " * 20)
    convo.done("log", "N" * 60, "前の言葉" * 60 + " needle " + "後の言葉" * 60)
    lines = shown(convo, columns, "needle")
    assert len(lines) == 2
    assert all(0 < len(line) <= columns for line in lines)
    if columns >= 60:
        assert all("needle" in line for line in lines)


def test_a_pipe_gets_whole_names_and_a_snippet(convo: Convo) -> None:
    convo.done("new", "N" * 60)
    convo.done("log", "N" * 60, "words before it " * 20 + "the needle " + "words after it " * 20)
    (line,) = convo.done("find", "needle").out.splitlines()
    assert line.startswith("N" * 60)
    assert 140 < len(line.partition("today")[2]) <= 165


def test_nothing_hostile_in_a_note_reaches_the_screen(convo: Convo) -> None:
    """GATES.md 15."""
    convo.done("new", "Ana")
    convo.done("log", "ana", "a needle \x1b]52;c;aGk=\x07 \u202e and on")
    for arguments in (("needle",), ("needle", "--json")):
        out = convo.done("find", *arguments).out
        assert all(each.isprintable() or each == "\n" for each in out)
    (line,) = shown(convo, 80, "needle")
    assert "\x1b]" not in line
    assert "\u202e" not in line


def test_what_is_damaged_or_gone_disturbs_no_search(talked: Convo) -> None:
    """ "every other file goes on working"."""
    assert found(talked, "together")
    talked.file("broken").write_text("x = ")
    talked.file("ana-ruiz").unlink()
    assert found(talked, "draft") == ["Walked through the draft together", "a legal draft by mail"]


# ── the same words in a list ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("-bo",), ["Ana Ruiz"]),
        (("-is:open",), ["Bo Lindqvist"]),
        (("is:overdue",), ["Ana Ruiz"]),
        (("#pricing",), ["Ana Ruiz"]),
        (("with:ana", "--sort", "name"), ["Ana Ruiz", "Bo Lindqvist"]),
        (("since:2026-11-01",), ["Ana Ruiz"]),
        (("until:2026-10-31",), ["Bo Lindqvist"]),
        (("is:archived",), ["Cleo"]),
        (("is:archived", "bo"), []),
        (("--archived", "--sort", "name"), ["Ana Ruiz", "Bo Lindqvist", "Cleo"]),
        (("--archived", "-is:archived", "--sort", "name"), ["Ana Ruiz", "Bo Lindqvist"]),
        (("--tag", "client", "ana"), ["Ana Ruiz"]),
        (("--tag", "clien"), []),
        (('"ana', "--sort", "name"), ["Ana Ruiz"]),
        (("--", "-ana"), ["Bo Lindqvist"]),
    ],
)
def test_a_list_takes_the_words_of_a_search(talked: Convo, arguments: tuple[str, ...], names: list[str]) -> None:
    """`convo list [FILTER…]`: `--sort --tag --archived`; archived ones only when they are asked for."""
    talked.done("new", "Cleo")
    talked.file("cleo").write_text(talked.file("cleo").read_text() + "archived = true\n")
    assert [each["name"] for each in talked.done("list", "--json", *arguments).json] == names
