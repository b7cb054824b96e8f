"""The one table of keys: footer, help, README and the bindings are all made from it.

Plain data: Textual is imported only where bindings are built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from convo_tui.sanitize import single

if TYPE_CHECKING:
    from textual.binding import Binding

Where: TypeAlias = Literal["everywhere", "outside the editor", "issue", "encounter", "editor", "list"]


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a key does.

    `keys` are Textual's names, the one to show first. Neighbours with the same `label` share a place in the footer.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    where: Where
    footer: bool = False


def _keys(where: Where, *rows: tuple[str, str, str, str], footer: bool = True) -> list[Key]:
    """Return rows of id, keys, label and help as `Key`s; the action is named like the id."""
    return [
        Key(identity, tuple(names.split()), identity.replace("-", "_"), label, sentence, where, footer)
        for identity, names, label, sentence in rows
    ]


KEYS: tuple[Key, ...] = (
    # The order is the order of the footer: what is wanted most often first.
    *_keys(
        "outside the editor",
        ("new-encounter", "n", "Encounter", "Starts an encounter, or goes on with the one in progress."),
    ),
    *_keys(
        "everywhere",
        ("end-encounter", "ctrl+s", "End", "Ends the encounter, saves it and shows the receipt."),
        ("switch-agenda", "ctrl+o f5", "Issues", "Goes from the note to its agenda and back."),
        ("edit-facts", "f7", "Facts", "Says how, with whom, when and for how long the encounter was."),
        ("edit-note", "f9", "$EDITOR", "Opens the note being typed in $EDITOR."),
        ("encounter-with", "ctrl+n", "With…", "Starts an encounter with anyone, by a few letters; or with several."),
        ("find-everywhere", "f f4", "Find", "Finds words in everything that was ever noted, as you type them."),
        ("show-agenda", "a f2", "Agenda", "Shows the open issues of everyone, first what is due within 7 days."),
        ("show-pulse", "v f3", "Pulse", "Says who needs attention, and why."),
        ("next-encounter", "f6", "Next", "Goes to the next encounter in progress."),
    ),
    *_keys(
        "editor",
        ("leave-editor", "escape", "Leave", "Leaves the editor; the text is kept."),
        ("free-pasted", "ctrl+r", "Free", "Lets the marks count that were pasted and kept from counting."),
    ),
    *_keys(
        "issue",
        ("carry-issue", "c", "Carry", "Carries the issue into the encounter: you talked about it again."),
        ("settle-issue", "s", "Settle", "Settles the issue, or marks the need as met."),
        ("park-issue", "p", "Park", "Puts the issue out of sight, until a day or until reopened."),
        ("drop-issue", "x", "Drop", "Drops the issue: it no longer matters."),
        ("reopen-issue", "r", "Reopen", "Opens a parked, settled or dropped issue again."),
        ("change-owner", "o", "Owner", "Hands the issue on, between me, them and us."),
        ("set-due", "t", "Due", "Sets the day by which the issue is due."),
        ("mark-entry", "space", "Mark", "Marks the issue, or several, for the next key to act on all of them."),
    ),
    *(
        Key(
            f"set-spark-{spark}",
            (str(spark),),
            f"set_spark({spark})",
            "Spark",
            f"Gives the encounter a spark of {spark}, from 1 to 5.",
            "encounter",
            True,
        )
        for spark in range(1, 6)
    ),
    *_keys(
        "encounter",
        ("change-nature", "m", "Nature", "Says whether it was a conversation or a transaction."),
        ("rewrite-encounter", "e", "Edit", "Opens what is selected again: note and facts, or the relationship."),
        ("move-encounter", "M", "Move", "Moves the encounter to another relationship, with what belongs to it."),
    ),
    *_keys(
        "outside the editor",
        ("add-to-last", "A", "Add", "Adds to the last encounter."),
        ("new-issue", "i", "Issue", "Opens an issue with the relationship."),
        ("carry-all", "C", "Carry all", "Carries all open issues into the encounter."),
        ("undo-change", "u", "Undo", "Takes the last change back."),
        ("filter-list", "slash", "Filter", "Narrows the list to what you type."),
        ("sort-list", "b", "By", "Ranks the relationships by attention, by name or by last contact."),
        ("go-to-day", "T", "To day", "Goes to a day of the timeline, or to the last encounter before it."),
        ("reach-them", "at", "Reach", "Lists every way to reach them: to open, or to copy."),
        ("new-relationship", "N", "Relationship", "Adds a relationship."),
    ),
    *_keys(
        "outside the editor",
        (
            "show-topics",
            "number_sign",
            "Topics",
            "Shows what we are talking about, and where it was said.",
        ),
        ("show-heard", "L", "Listening", "Shows needs, ideas and rivals, of this relationship or of everyone."),
        ("show-people", "P", "People", "Shows the people of an organisation: who decides, who supports, who is new."),
        ("show-review", "W", "Review", "Goes through the week: what was promised, and who needs attention."),
        ("tell-story", "Y", "Story", "Shows the relationship as a story, and lets you write its beginning."),
        ("snooze-relationship", "z", "Snooze", "Leaves the relationship alone until a day."),
        ("leave-as-it-is", "Z", "Fine", "Says that all is fine as it is: left alone for as long as its cadence."),
        ("redo-change", "U", "Redo", "Makes the change again that was taken back."),
        ("edit-file", "E", "Edit file", "Opens the file of the relationship in $EDITOR."),
        (
            "join-relationship",
            "J",
            "Join",
            "Makes another relationship part of this one: for someone who is here twice.",
        ),
        ("show-problems", "D", "Problems", "Lists what is wrong in the folder, and opens the file there."),
        ("show-history", "h", "History", "Shows what the relationship was at any time, and brings it back."),
        ("sync-versions", "S", "Sync", "Shows what a sync with the other machine would do; enter does it."),
        ("delete-entry", "delete", "Trash", "Moves what is selected to the trash; one undo brings it back."),
        ("next-pane", "tab", "Next pane", "Goes to the next pane."),
        ("previous-pane", "shift+tab", "Previous pane", "Goes to the previous pane."),
        footer=False,
    ),
    *_keys(
        "everywhere",
        ("go-to-relationship", "ctrl+g", "Go to", "Goes to any relationship by a few letters of its name."),
        ("draw-curtain", "f8", "Curtain", "Hides everything but the note being typed, and shows it again."),
        ("command-palette", "ctrl+p", "Palette", "Finds every command by its name."),
        ("show-help", "question_mark f1", "Help", "Shows the keys as they are set now."),
    ),
    *_keys(
        "everywhere",
        ("quit-convo", "q ctrl+q", "Quit", "Leaves Convo; encounters in progress are kept."),
        footer=False,
    ),
    *_keys(
        "list",
        ("list-down", "down j", "Down", "Goes to the next entry."),
        ("list-up", "up k", "Up", "Goes to the entry before."),
        ("list-first", "home g", "First", "Goes to the first entry."),
        ("list-last", "end G", "Last", "Goes to the last entry."),
        ("list-page-down", "pagedown", "Page down", "Goes down by a page."),
        ("list-page-up", "pageup", "Page up", "Goes up by a page."),
        ("list-open", "enter", "Open", "Opens the entry."),
        footer=False,
    ),
)

HELP = "show-help"
"""The id that the footer never leaves out."""

_MODIFIERS = ("alt", "ctrl", "shift")
_TYPED = frozenset({"backspace", "delete", "enter", "space", "tab"})
_MOVING = frozenset({"down", "end", "home", "left", "pagedown", "pageup", "right", "up"})
_NAMED = _TYPED | _MOVING | {"escape", "insert"} | {f"f{number}" for number in range(1, 25)}
_PUNCTUATION = {
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "*": "asterisk",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less_than_sign",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "@": "at",
    "[": "left_square_bracket",
    "\\": "backslash",
    "]": "right_square_bracket",
    "^": "circumflex_accent",
    "_": "underscore",
    "`": "grave_accent",
    "{": "left_curly_bracket",
    "|": "vertical_line",
    "}": "right_curly_bracket",
    "~": "tilde",
}
_CHARACTERS = {name: character for character, name in _PUNCTUATION.items()}
_SHOWN = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup"}
# What a terminal sends for these cannot be told from the plain key.
_SAME_IN_A_TERMINAL = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}


def bindings(*groups: Where) -> list[Binding]:
    """Return Textual's bindings for the keys of `groups`, in the order of the table.

    What works everywhere goes first to the app, also while the editor has the focus.
    """
    return [_binding(key) for key in KEYS if key.where in groups]


def bindings_of(*identities: str) -> list[Binding]:
    """Return Textual's bindings for the keys with these ids, for a screen that does some of what others do."""
    return [_binding(key) for key in KEYS if key.id in identities]


def _binding(key: Key) -> Binding:
    from textual.binding import Binding

    return Binding(
        ",".join(key.keys),
        key.action,
        key.label,
        show=key.footer,
        priority=key.where == "everywhere",
        tooltip=key.help,
        id=key.id,
    )


def check(keymap: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a user's `[keys]`, one line each; empty when all of it can be used.

    Textual itself takes nonsense and silently drops a default that clashes.
    """
    return _judge(keymap)[1]


def accepted(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what of a user's `[keys]` can be used, in Textual's names, for `App.set_keymap`."""
    return {identity: ",".join(names) for identity, names in _judge(keymap)[0].items()}


def effective(keymap: Mapping[str, str]) -> tuple[Key, ...]:
    """Return the table as it is with a user's `[keys]`: for help and the footer."""
    return _table(_judge(keymap)[0])


def display(key: str) -> str:
    """Return a key as people write it: `ctrl+s`, `esc`, `?`."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, _SHOWN.get(base) or _CHARACTERS.get(base, base)])


def character(key: str) -> str | None:
    """Return the character that a key types, None for one that types none: `/` for `slash`."""
    return key if len(key) == 1 else _CHARACTERS.get(key)


def clashes(table: Sequence[Key]) -> list[tuple[Key, Key, str]]:
    """Return each pair of the table that is active together on the same key, with that key."""
    return [
        (one, other, key)
        for position, one in enumerate(table)
        for other in table[position + 1 :]
        if _overlap(one.where, other.where)
        for key in one.keys
        if key in other.keys
    ]


def _overlap(one: Where, other: Where) -> bool:
    """Whether both can be active at once: all can but the editor and what is outside it."""
    return one == other or "everywhere" in (one, other) or "editor" not in (one, other)


def _table(chosen: Mapping[str, tuple[str, ...]]) -> tuple[Key, ...]:
    return tuple(replace(key, keys=chosen[key.id]) if key.id in chosen else key for key in KEYS)


def _judge(keymap: Mapping[str, str]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the usable part of `keymap` as names by id, and a message for each entry left out."""
    chosen: dict[str, tuple[str, ...]] = {}
    messages: list[str] = []
    groups = {key.id: key.where for key in KEYS}
    for identity, text in keymap.items():
        written = [part.strip() for part in str(text).split(",")]
        names = [_name(part) for part in written]
        entry = single(f'[keys] {identity} = "{text}"')
        if identity not in groups:
            messages.append(f"{entry}: there is no such command; the help lists their names")
        elif None in names:
            wrong = single(written[names.index(None)])
            messages.append(f'{entry}: "{wrong}" is not a key; write one like ctrl+s, f5, slash or s')
        else:
            found = tuple(dict.fromkeys(name for name in names if name is not None))
            if groups[identity] in ("everywhere", "editor") and all(map(_is_typed, found)):
                messages.append(f"{entry}: the editor takes this as text; add a key with ctrl or one of f1 to f12")
            else:
                chosen[identity] = found
    messages += _give_way(chosen)
    return chosen, messages


def _give_way(chosen: dict[str, tuple[str, ...]]) -> list[str]:
    """Take entries out of `chosen` until nothing clashes, the later before the earlier; say which and why.

    One that goes brings its default back, which may clash in turn: so again until it is quiet.
    """
    messages = []
    order = list(chosen)
    while found := [clash for clash in clashes(_table(chosen)) if {clash[0].id, clash[1].id} & chosen.keys()]:
        one, other, key = found[0]
        out = max((one, other), key=lambda item: order.index(item.id) if item.id in chosen else -1)
        stays = other if out is one else one
        written = ", ".join(map(display, chosen.pop(out.id)))
        messages.append(
            f'[keys] {out.id} = "{written}": {display(key)} already belongs to {stays.id}; choose another key'
        )
    return messages


def _is_typed(name: str) -> bool:
    """Whether the editor keeps the key for itself."""
    return len(name) == 1 or name in _CHARACTERS or name in _TYPED or name in _MOVING


def _name(written: str) -> str | None:
    """Return Textual's name of a key as people write it, or None when there is no such key."""
    *modifiers, base = written.split("+") if len(written) > 1 else [written]
    modifiers = sorted(modifier.lower() for modifier in modifiers)
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        return None
    if len(base) == 1:
        if not base.isprintable() or base == " ":
            return None
        base = _PUNCTUATION.get(base, base)
        if modifiers == ["shift"] and base.isalpha():
            return base.upper()
        if modifiers:
            base = base.lower()
    elif base.lower() in _NAMED or base.lower() in _CHARACTERS:
        base = base.lower()
    else:
        return None
    name = "+".join([*modifiers, base])
    return _SAME_IN_A_TERMINAL.get(name, name)
