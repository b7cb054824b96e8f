"""The one table of keys, and what a user may make of it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.binding import BindingsMap
from textual.keys import Keys, _character_to_key

from convo_tui.tui import keys

IDS = [key.id for key in keys.KEYS]


def test_ids_are_unique_and_written_with_hyphens() -> None:
    """CONTRACT.md, Settings: `[keys]` binding-id = "key, key" (ids with hyphens)."""
    assert len(set(IDS)) == len(IDS)
    assert [i for i in IDS if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", i)] == []


def test_no_two_keys_clash_where_both_are_active() -> None:
    assert keys.clashes(keys.KEYS) == []


def test_every_key_is_one_that_textual_knows() -> None:
    named = {key.value for key in Keys}
    for key in keys.KEYS:
        for name in key.keys:
            character = keys.display(name)
            assert name in named or (len(character) == 1 and _character_to_key(character) == name), name


def test_names_of_punctuation_are_those_of_textual() -> None:
    for character in map(chr, range(0x21, 0x7F)):
        assert keys.accepted({"carry-all": character}) in ({"carry-all": _character_to_key(character)}, {}), character
        if not character.isalnum():
            assert keys.display(_character_to_key(character)) == character


def test_bare_d_does_nothing() -> None:
    """SCREENS.md: bare `d` does nothing (people's fingers disagree on it)."""
    assert [key.id for key in keys.KEYS if "d" in key.keys] == []


def test_every_key_has_a_word_and_a_sentence() -> None:
    for key in keys.KEYS:
        assert key.label
        assert len(key.label) <= 18
        assert re.fullmatch(r"[A-Z].*\.", key.help), key.id


def test_what_works_while_typing_can_be_reached_while_typing() -> None:
    typed = [
        key.id
        for key in keys.KEYS
        if key.where in ("everywhere", "editor") and not any(re.match(r"ctrl\+|f\d|escape", name) for name in key.keys)
    ]
    assert typed == []


def test_bindings_carry_the_table_into_textual() -> None:
    built = {binding.id: binding for binding in keys.bindings("everywhere", "issue")}
    assert set(built) == {key.id for key in keys.KEYS if key.where in ("everywhere", "issue")}
    settle, agenda = built["settle-issue"], built["switch-agenda"]
    assert (settle.key, settle.action, settle.description, settle.show) == ("s", "settle_issue", "Settle", True)
    assert (agenda.key, agenda.priority, settle.priority) == ("ctrl+o,f5", True, False)
    assert settle.tooltip == "Settles the issue, or marks the need as met."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ctrl+s", "ctrl+s"),
        ("question_mark", "?"),
        ("slash", "/"),
        ("escape", "esc"),
        ("enter", "enter"),
        ("C", "C"),
        ("f5", "f5"),
        ("shift+tab", "shift+tab"),
        ("ctrl+slash", "ctrl+/"),
    ],
)
def test_keys_are_shown_as_people_write_them(name: str, shown: str) -> None:
    assert keys.display(name) == shown


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ctrl+k", "ctrl+k"),
        (" F10 , ctrl+alt+k ", "f10,alt+ctrl+k"),
        ("Shift+q", "Q"),
        (";", "semicolon"),
        ("semicolon", "semicolon"),
        ("ctrl+/", "ctrl+slash"),
        ("PageUp, pageup", None),
        ("ß", "ß"),
    ],
)
def test_what_people_write_becomes_the_name_of_the_key(written: str, name: str | None) -> None:
    assert keys.accepted({"settle-issue": written}) == ({"settle-issue": name} if name else {})


@pytest.mark.parametrize(
    ("keymap", "part"),
    [
        ({"make-coffee": "k"}, "no such command"),
        ({"settle-issue": "hyper-x"}, '"hyper-x" is not a key'),
        ({"settle-issue": ""}, '"" is not a key'),
        ({"settle-issue": "ctrl+"}, '"ctrl+" is not a key'),
        ({"settle-issue": "ctrl+ctrl+x"}, "is not a key"),
        ({"settle-issue": "z, f99"}, '"f99" is not a key'),
        ({"settle-issue": "\x1b[31m\nz"}, "is not a key"),
        ({"settle-issue": "x"}, "x already belongs to drop-issue"),
        ({"settle-issue": "1"}, "1 already belongs to set-spark-1"),
        ({"settle-issue": "ctrl+i"}, "tab already belongs to next-pane"),
        ({"end-encounter": "Z"}, "the editor takes this as text"),
        ({"leave-editor": "ctrl+s"}, "ctrl+s already belongs to end-encounter"),
    ],
)
def test_an_entry_that_cannot_work_is_named_in_one_line_and_left_out(keymap: dict[str, str], part: str) -> None:
    (message,) = keys.check(keymap)
    assert part in message
    assert message.startswith(f"[keys] {next(iter(keymap))} = ")
    assert "\n" not in message
    assert "\x1b" not in message
    assert keys.accepted(keymap) == {}


def test_two_commands_may_swap_their_keys() -> None:
    swapped = {"settle-issue": "x", "drop-issue": "s"}
    assert keys.check(swapped) == []
    assert keys.accepted(swapped) == swapped


def test_of_two_entries_with_one_key_the_first_is_kept() -> None:
    assert keys.accepted({"settle-issue": "w", "drop-issue": "w"}) == {"settle-issue": "w"}


def test_an_entry_left_out_brings_its_default_back_and_what_took_that_goes_too() -> None:
    keymap = {"carry-issue": "f1", "settle-issue": "c"}
    assert keys.accepted(keymap) == {}
    assert [message.split(" = ")[0] for message in keys.check(keymap)] == ["[keys] carry-issue", "[keys] settle-issue"]


@given(
    st.dictionaries(st.sampled_from([*IDS, "nothing"]), st.text(max_size=8) | st.sampled_from(["x", "s", "c", "f9"]))
)
@settings(max_examples=100, deadline=None)
def test_what_is_accepted_never_clashes_and_every_other_entry_is_named(keymap: dict[str, str]) -> None:
    accepted = keys.accepted(keymap)
    assert keys.clashes(keys.effective(keymap)) == []
    assert len(keys.check(keymap)) == len(keymap) - len(accepted)


def test_an_accepted_keymap_drops_no_binding_in_textual() -> None:
    """Textual silently drops a default that a keymap clashes with (ARCHITECTURE.md, "Keymaps")."""
    keymap = keys.accepted({"settle-issue": "x", "drop-issue": "s", "carry-all": "f9, +", "set-due": "x"})
    bound = BindingsMap(keys.bindings("outside the editor", "issue", "encounter"))
    result = bound.apply_keymap(App._normalize_keymap(keymap))
    assert {binding.id for _, binding in bound} == {
        key.id for key in keys.KEYS if key.where in ("outside the editor", "issue", "encounter")
    }
    assert result.clashed_bindings == set()
    assert [binding.id for binding in bound.get_bindings_for_key("x")] == ["settle-issue"]


def test_the_table_needs_no_textual() -> None:
    code = "import sys, convo_tui.tui.keys as k; k.check({'settle-issue': 'x'}); print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
