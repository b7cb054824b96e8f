"""TOML text to model and back: each rule of CONTRACT.md, "The file", by example."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.core.models import Encounter, Heard, Issue, Person, Reach, Relationship
from convo_tui.store import codec
from convo_tui.store.same import same

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZONE)
HEAD = 'format = 1\nid = "20240301-7k3q9m2f"\nname = "Ana"\nkind = "person"\n'


def read(text: str) -> codec.Document:
    return codec.read(text.encode(), ZONE)


def refusal(text: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(codec.Malformed) as caught:
        codec.read(text if isinstance(text, bytes) else text.encode(), ZONE)
    return caught.value.line, caught.value.reason


def changed(text: str, **fields: Any) -> str:
    """The text after these fields of the relationship were changed."""
    document = read(text)
    return codec.splice(document, document.relationship.model_copy(update=fields))


def entry_changed(file: str, kind: str, number: int, **fields: Any) -> str:
    entries = list(getattr(read(file).relationship, kind))
    entries[number] = entries[number].model_copy(update=fields)
    return changed(file, **{kind: tuple(entries)})


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


def test_times_without_an_offset_are_local_time() -> None:
    """ "local offset, whole minutes; without offset it is local time"."""
    document = read(f'{HEAD}[[encounters]]\nid = "a"\nat = 2026-11-22T10:30:00\n')
    assert document.relationship.encounters[0].at.isoformat() == "2026-11-22T10:30:00+01:00"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "the file is empty"),
        (" \n\t\r\n", None, "the file is empty"),
        ("\ufeff", None, "the file is empty"),
        (b"a = 1\nb = '\xff'\n", 2, "not UTF-8 text"),
        (f"{HEAD}role = '\0'", 5, "a NUL byte"),
        (f"{HEAD}role = 'x", 5, "not valid TOML: invalid literal string, expected `'`"),
        (f"{HEAD}name = 'x'", 5, "not valid TOML: duplicate key"),
        ("# nothing but this\n", 1, "format: is missing"),
        (HEAD.replace("1", "'1'", 1), 1, 'format: "1" is not a whole number'),
        (HEAD.replace('"Ana"', '" "'), 3, "name: must not be empty"),
        (f"{HEAD}\n[[issues]]\ntext = 'a'\nowner = 'you'", 8, 'owner: "you" is not one of me, them, us'),
        (f"{HEAD}heard = [\n{{ text = 'a' }},\n{{ text = 'b', met = 1 }}]", 7, "met: 1 is not a date"),
        (f'{HEAD}\n[[issues]]\nstate = "open"', 6, "text: is missing"),
        (f'{HEAD}\n[[issues]]\nid = "a"\nstate = "open"', 6, "text: is missing"),
        (f"{HEAD}next_on = 'soon'", 5, 'next_on: "soon" is not a date'),
        (f"{HEAD}[[encounters]]\nat = 'soon'", 6, 'at: "soon" is not a date and time'),
        (f"{HEAD}[[encounters]]\nat = 2026-01-01\nspark = 9", 7, "spark: 9 is more than 5"),
        (f"{HEAD}[[encounters]]\nat = 2026-01-01\nspark = 0", 7, "spark: 0 is less than 1"),
        (f"{HEAD}cadence = '3 weeks'", 5, 'cadence: "3 weeks" is not an interval such as 10d, 3w, 2m or 1y'),
        (f"{HEAD}[[people]]\nid = 'a b'\nname = 'Bo'", 6, 'id: "a b" is not an id'),
        (f"{HEAD}tags = [\n'a',\n1]", 7, "tags: 1 is not a text"),
        (f"{HEAD}tags = 'a'", 5, 'tags: "a" is not a list'),
        (f"{HEAD}people = [1]", 5, "people: 1 is not a table"),
        (f"{HEAD}archived = 3", 5, "archived: 3 is not true or false"),
        (f"{HEAD}role = {{ a = 1 }}", 5, "role: a table is not a text"),
        (f"{HEAD}kind.x = 1", 5, "not valid TOML: cannot extend value of type string with a dotted key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text: str | bytes, line: int | None, reason: str) -> None:
    """ "A file that does not parse or validate is shown as such, with file, line and reason"."""
    assert refusal(text) == (line, reason)


def test_a_long_value_is_shown_in_one_short_line() -> None:
    line, reason = refusal(HEAD + 'cadence = "' + "x\\n" * 1000 + '"')
    assert line == 5
    assert len(reason) < 150
    assert "\n" not in reason


def test_two_entries_with_one_id_are_refused_at_the_second() -> None:
    text = f'{HEAD}[[issues]]\nid = "a"\ntext = "b"\n[[heard]]\ntext = "c"\nid = "a"\n'
    assert refusal(text) == (10, "id: a is already the id of another entry")


CONFLICT = f"""{HEAD}
<<<<<<< HEAD
role = "one"
=======
role = "two"
>>>>>>> theirs
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CONFLICT, 6),
        (CONFLICT.replace("\n", "\r\n"), 6),
        (CONFLICT.replace("<<<<<<< HEAD\n", ""), 9),
        (f'{HEAD}\n=======\nrole = "two"\n', 6),
        (f'{HEAD}story = """\n<<<<<<< HEAD\n"""\nkind = "person"', 6),
    ],
)
def test_conflict_markers_are_named_as_such(text: str, line: int) -> None:
    assert refusal(text) == (line, UNRESOLVED)


def test_conflict_markers_within_a_text_are_text() -> None:
    story = "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n"
    assert read(f'{HEAD}story = """{story}"""').relationship.story == story


def test_a_heading_underlined_with_seven_signs_is_no_conflict() -> None:
    assert refusal(f'{HEAD}story = """\nPricing\n=======\n"""\nrole = 1')[1] == "role: 1 is not a text"


@pytest.mark.parametrize("error", [RecursionError("deep"), OverflowError("big"), ValueError("odd"), TypeError("what")])
def test_whatever_goes_wrong_inside_is_one_kind_of_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("rtoml.loads", fail)
        assert refusal(HEAD)[1].startswith("not valid TOML")
    monkeypatch.setattr(Relationship, "model_validate", fail)
    assert refusal(HEAD) == (1, f"not a relationship: {error}")


def test_a_value_that_cannot_be_placed_is_named_without_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> int:
        raise codec.syntax.Unclear("odd")

    monkeypatch.setattr(codec.syntax, "line_of", fail)
    assert refusal(f"{HEAD}role = 1") == (None, "role: 1 is not a text")


def test_a_byte_order_mark_and_crlf_are_kept() -> None:
    """ "Saving what was read, unchanged, changes no byte"."""
    text = f"\ufeff{HEAD}role = 'a'\n[[encounters]]\nat = 2026-01-01\n".replace("\n", "\r\n")
    document = read(text)
    assert codec.splice(document, document.relationship) == text
    assert changed(text, role="b", story="one\ntwo").encode() == (
        text.replace("'a'\r\n", '"b"\r\nstory = """\r\none\r\ntwo"""\r\n')
        .replace("[[encounters]]\r\n", f'[[encounters]]\r\nid = "{document.relationship.encounters[0].id}"\r\n')
        .encode()
    )


# ── entries without an id ────────────────────────────────────────────────────────────────────────────────

WITHOUT_IDS = f"""{HEAD}
[[people]]
name = "Bo"

[[issues]]
text = "call back"
opened = 2026-11-01

[[issues]]
id = ""
text = "call back"
opened = 2026-11-01

[[encounters]]  # by hand
at = 2026-11-22T10:30:00+01:00
"""


def test_an_entry_without_an_id_gets_the_same_one_at_every_reading() -> None:
    """ "a hand-written entry without an id gets one at the next save by us"."""
    one, other = read(WITHOUT_IDS).relationship, read(f"# moved\n{WITHOUT_IDS}").relationship
    ids = [entry.id for kind in ("people", "issues", "encounters") for entry in getattr(one, kind)]
    assert [identity[:9] for identity in ids] == ["20240301-", "20261101-", "20261101-", "20261122-"]
    assert len(set(ids)) == 4
    assert same(one, other)


def test_ids_are_not_written_when_nothing_changed() -> None:
    """ "Saving what was read, unchanged, changes no byte"."""
    document = read(WITHOUT_IDS)
    assert codec.splice(document, document.relationship) == WITHOUT_IDS


def test_ids_are_written_with_the_next_change() -> None:
    """ "a hand-written entry without an id gets one at the next save by us"."""
    document = read(WITHOUT_IDS)
    text = changed(WITHOUT_IDS, role="boss")
    bo, (one, other), call = (getattr(document.relationship, kind) for kind in ("people", "issues", "encounters"))
    assert text == (
        WITHOUT_IDS.replace('"person"\n', '"person"\nrole = "boss"\n')
        .replace("[[people]]\n", f'[[people]]\nid = "{bo[0].id}"\n')
        .replace("[[issues]]\ntext", f'[[issues]]\nid = "{one.id}"\ntext')
        .replace('id = ""', f'id = "{other.id}"')
        .replace("# by hand\n", f'# by hand\nid = "{call[0].id}"\n')
    )
    assert read(text).provisional == frozenset()


def test_an_entry_repeated_by_hand_after_its_id_was_saved_gets_another() -> None:
    saved = changed(WITHOUT_IDS, role="boss")
    again = f'{saved}\n[[issues]]\ntext = "call back"\nopened = 2026-11-01\n'
    assert len({issue.id for issue in read(again).relationship.issues}) == 3


# ── a new file ───────────────────────────────────────────────────────────────────────────────────────────


WRITTEN = r'''format = 1
id = "20240301-7k3q9m2f"
name = "Acme \"A\" GmbH"
kind = "organisation"
tags = ["client", "emea"]
next_on = 2026-12-10
story = """
Together."""
"my key" = inf

[[reach]]
kind = "other"
value = "office@acme.example"

[[people]]
id = "p"
name = "Ana"
influence = "unknown"
stance = "unknown"

[[encounters]]
id = "e"
at = 2026-11-22T10:30:05+01:00
channel = "call"
with = ["p"]
nature = "conversation"
note = """
a\\b ""\"c""\"
	end<two spaces>
"""

[table]
b = [1, { c = true }]
d = ""
'''


def test_a_new_file_has_the_keys_in_the_order_of_the_contract() -> None:
    """ "one key a line, a blank line between blocks, multi-line strings as triple quotes, keys in the order below";
    "`None` and empty values are left out; enumerations are always written".
    """
    relationship = Relationship(
        format=1, id="20240301-7k3q9m2f", name='Acme "A" GmbH', kind="organisation", tags=("client", "emea"),
        next_on=date(2026, 12, 10), story="Together.",
        reach=(Reach(value="office@acme.example"),),
        people=(Person(id="p", name="Ana"),),
        encounters=(Encounter(id="e", at=NOW + timedelta(seconds=5), with_=("p",), note='a\\b """c"""\n\tend  \n'),),
        **{"my key": float("inf"), "table": {"b": [1, {"c": True}], "d": ""}},
    )  # fmt: skip
    assert codec.write(relationship) == WRITTEN.replace("<two spaces>", "  ")


EXAMPLE = '''\
format = 1
id = "20240301-7k3q9m2f"
name = "Acme GmbH"
kind = "organisation"
aliases = ["Acme"]
tags = ["client", "emea"]
cadence = "3w"
next_on = 2026-12-10
next_about = "the board's answer"
snoozed_until = 2026-12-01
story = """
What the two of us are doing together, in the user's words."""

[[reach]]
kind = "email"
label = "work"
value = "office@acme.example"

[[dates]]
label = "renewal"
on = 2027-03-01

[[people]]
id = "20240301-0d4v8x1c"
name = "Ana Ruiz"
role = "Head of Operations"
influence = "decides"
stance = "advocate"
reach = ["ana@acme.example", "+34 600 000 000"]
relationship = "20250110-h5j6k7m8"
left = 2026-05-01

[[issues]]
id = "20261101-q2w3e4r5"
text = "send pricing for 40 seats #pricing"
owner = "me"
state = "open"
opened = 2026-11-01T10:20:00+01:00
opened_in = "20261101-aaaa1111"
due = 2026-11-27
every = "1m"
parked_until = 2026-12-15
carried = ["20261108-bbbb2222", "20261115-cccc3333"]
closed = 2026-11-22T11:00:00+01:00
closed_in = "20261122-dddd4444"
outcome = "agreed on 38 seats"

[[heard]]
id = "20261108-z9y8x7w6"
kind = "unsaid"
text = "afraid the migration makes her look bad"
heard_in = "20261108-bbbb2222"
at = 2026-11-08T10:00:00+01:00
met = 2026-11-15
dropped = 2026-11-15

[[encounters]]
id = "20261122-dddd4444"
at = 2026-11-22T10:30:00+01:00
channel = "call"
with = ["20240301-0d4v8x1c"]
mentions = ["20250110-h5j6k7m8"]
nature = "conversation"
spark = 4
minutes = 25
note = """
Markdown text as typed."""
'''


def test_the_example_of_the_contract_is_written_as_it_stands_there() -> None:
    assert codec.write(read(EXAMPLE).relationship) == EXAMPLE


def test_an_offset_with_seconds_keeps_its_wall_time() -> None:
    old = timezone(timedelta(minutes=53, seconds=28))
    encounter = Encounter(id="e", at=datetime(1890, 1, 1, 12, 0, tzinfo=old))
    text = codec.write(Relationship(format=1, id="x", name="Ana", kind="person", encounters=(encounter,)))
    assert "at = 1890-01-01T12:00:00+00:53\n" in text


# ── a changed file ───────────────────────────────────────────────────────────────────────────────────────

FILE = f"""# about Ana

{HEAD}role = 'buyer' # or so
# who they are
tags = [  # two
    "client",
    # one more
    "emea", # for now
]
odd = 1_000

# how
[[reach]]
kind = "email"
value = "a@b.example"

# talk
[[issues]]  # first
id = "one"
text = "pricing"  # again
state = "open"
# between

[issues.extra]
key = 0x1F

# --- loose ---

[[issues]]
id = "two"
text = "legal"

[strange."table"]
x = 1

[[encounters]]
id = "e1"
at = 2026-11-20T10:30:00+01:00
"""


def test_a_changed_value_leaves_the_comment_beside_it() -> None:
    """ "comments (also those at the end of a changed line) … stay byte for byte"."""
    assert changed(FILE, role="seller") == FILE.replace("'buyer' # or so", '"seller" # or so')
    assert entry_changed(FILE, "issues", 0, text="x\ny") == FILE.replace('"pricing"  # again', '"""\nx\ny"""  # again')


def test_a_new_key_stands_in_the_order_of_the_contract() -> None:
    """ "keys in the order below"."""
    assert changed(FILE, organisation="Acme") == FILE.replace("role =", 'organisation = "Acme"\nrole =')
    assert changed(FILE, cadence="3w", story="We.") == FILE.replace(
        "]\nodd", ']\ncadence = "3w"\nstory = """\nWe."""\nodd'
    )
    due = entry_changed(FILE, "issues", 0, due=date(2026, 12, 1))
    assert due == FILE.replace('state = "open"\n', 'state = "open"\ndue = 2026-12-01\n')


def test_a_removed_key_takes_its_lines_and_leaves_the_comments_on_lines_of_their_own() -> None:
    text = changed(FILE, tags=())
    assert text == FILE[: FILE.index("tags")] + FILE[FILE.index("odd") :]
    assert "# who they are" in text


def test_elements_of_an_array_are_edited_inside_it() -> None:
    """ "hand formatting of everything else stay byte for byte"."""
    assert changed(FILE, tags=("client", "emea", "new")) == FILE.replace("# for now\n", '# for now\n    "new",\n')
    assert changed(FILE, tags=("client",)) == FILE.replace('    "emea", # for now\n', "")
    assert changed(FILE, tags=("new", "emea")) == FILE.replace('"client"', '"new"')
    assert changed(FILE, tags=("emea",)) == FILE.replace('    "client",\n', "")


@pytest.mark.parametrize(
    ("before", "tags", "after"),
    [
        ("['a']", "ab", """['a', "b"]"""),
        ("[ 'a' ]", "ab", """[ 'a', "b" ]"""),
        ("['a',]", "ab", """['a', "b",]"""),
        ("['a', 'b', 'c']", "bc", "['b', 'c']"),
        ("['a', 'b', 'c']", "ab", "['a', 'b']"),
        ("['a', 'b', 'c']", "ac", "['a', 'c']"),
        ("['b','c']", "abc", """["a", 'b','c']"""),
        ("[]", "a", '["a"]'),
        ("[ ]", "a", '[ "a" ]'),
        ("[\n  # none yet\n]", "a", '[\n  "a"\n  # none yet\n]'),
        ("[\n  'a' # one\n]", "ab", "[\n  'a', # one\n  \"b\"\n]"),
        ("[ # all\n  'a', 'b', # two\n  'c' ]", "ac", "[ # all\n  'a',\n  'c' ]"),
        ("[\n  'a',\n  # last\n  'b'\n]", "a", "[\n  'a'\n  # last\n]"),
        ("[ # all\n  'a',\n  'b']", "b", "[ # all\n  'b']"),
        ("['a', # one\n 'b']", "a", "['a' # one\n ]"),
        ("['a', # one\n 'b', 'c']", "ac", "['a', # one\n 'c']"),
    ],
)
def test_an_array_keeps_its_layout(before: str, tags: str, after: str) -> None:
    """ "hand formatting of everything else stay byte for byte"."""
    assert changed(f"{HEAD}tags = {before}\n", tags=tuple(tags)) == f"{HEAD}tags = {after}\n"


def test_entries_written_inline_are_edited_inline() -> None:
    text = (
        f"{HEAD}people = []\nissues = [\n"
        '  { id = "a", text = "b", odd.x = 1 }, # one\n  # alone\n  { text = "c", id = "d", state = "open" },\n]\n'
    )
    issues = read(text).relationship.issues
    block = '[[people]]\nid = "p"\nname = "Bo"\ninfluence = "unknown"\nstance = "unknown"\n'
    assert changed(text, people=(Person(id="p", name="Bo"),)) == text.replace("people = []\n", "") + f"\n{block}"
    assert entry_changed(text, "issues", 0, outcome="a\nb") == text.replace('"b", odd', '"b", outcome = "a\\nb", odd')
    assert entry_changed(text, "issues", 1, state="settled") == text.replace('"open"', '"settled"')
    assert changed(text, issues=issues[1:]) == text.replace(text[text.index('  { id = "a"') : text.index("  # a")], "")
    assert changed(text, issues=(*issues, Issue(id="n", text="new"))) == text.replace(
        '"open" },\n', '"open" },\n  { id = "n", text = "new", owner = "me", state = "open" },\n'
    )
    assert changed(text, issues=issues[::-1]).index('id = "d"') < changed(text, issues=issues[::-1]).index('id = "a"')
    assert changed(text, issues=()) == text[: text.index("issues")]


def test_a_new_entry_stands_after_the_last_of_its_kind() -> None:
    issues = read(FILE).relationship.issues
    text = changed(FILE, issues=(*issues, Issue(id="new", text="new")))
    new = '[[issues]]\nid = "new"\ntext = "new"\nowner = "me"\nstate = "open"\n\n'
    assert text == FILE.replace("[strange", f"{new}[strange")


def test_the_first_entry_of_its_kind_stands_after_the_closest_kind_before_it() -> None:
    heard = Heard(id="h", text="new")
    new = '[[heard]]\nid = "h"\nkind = "need"\ntext = "new"\n\n'
    assert changed(FILE, heard=(heard,)) == FILE.replace("[strange", f"{new}[strange")
    person = Person(id="p", name="Bo")
    new = '[[people]]\nid = "p"\nname = "Bo"\ninfluence = "unknown"\nstance = "unknown"\n\n'
    assert changed(FILE, people=(person,)) == FILE.replace("# talk", f"{new}# talk")
    assert changed(HEAD, people=(person,), heard=(heard,)) == (
        f'{HEAD}\n{new}[[heard]]\nid = "h"\nkind = "need"\ntext = "new"\n'
    )


def test_an_earlier_encounter_stands_before_a_later_one() -> None:
    """ "encounters oldest first"."""
    (encounter,) = read(FILE).relationship.encounters
    earlier = Encounter(id="e0", at=NOW - timedelta(days=9))
    text = changed(FILE, encounters=(earlier, encounter))
    new = '[[encounters]]\nid = "e0"\nat = 2026-11-13T10:30:00+01:00\nchannel = "call"\nnature = "conversation"\n\n'
    assert text == FILE.replace("[[encounters]]", f"{new}[[encounters]]")


def test_a_deleted_entry_takes_its_sub_tables_and_the_comments_attached_to_it() -> None:
    """ "Sub-tables written by hand (`[issues.x]`) stay with their entry"."""
    issues = read(FILE).relationship.issues
    text = changed(FILE, issues=issues[1:])
    assert text == FILE[: FILE.index("# talk")] + FILE[FILE.index("# --- loose") :]


def test_a_deleted_last_entry_leaves_no_blank_lines_at_the_end() -> None:
    assert changed(FILE, encounters=()) == FILE[: FILE.index("\n[[encounters]]")]


def test_entries_in_another_order_are_moved_with_all_that_is_theirs() -> None:
    issues = read(FILE).relationship.issues
    text = changed(FILE, issues=issues[::-1])
    first = FILE[FILE.index("# talk") : FILE.index("# --- loose")]
    assert first.rstrip() in text
    assert text.index('id = "two"') < text.index(first)
    assert sorted(text.split("\n")) == sorted(FILE.split("\n"))


def test_a_reach_is_added_and_changed_without_touching_the_others() -> None:
    text = f"{HEAD}\n" + "\n".join(f'[[reach]]\nvalue = "{name}" # {name}\n' for name in "abc")
    reach = read(text).relationship.reach
    new = Reach(kind="web", value="n")
    assert changed(text, reach=(reach[0], new, *reach[1:])) == text.replace(
        '[[reach]]\nvalue = "b"', '[[reach]]\nkind = "web"\nvalue = "n"\n\n[[reach]]\nvalue = "b"'
    )
    assert entry_changed(text, "reach", 1, label="work") == text.replace(
        '[[reach]]\nvalue = "b"', '[[reach]]\nlabel = "work"\nvalue = "b"'
    )
    assert changed(text, reach=(reach[0], reach[2])) == text.replace('[[reach]]\nvalue = "b" # b\n\n', "")


def test_unknown_keys_and_tables_can_come_change_and_go() -> None:
    document = read(FILE)
    base = document.relationship.model_dump(by_alias=True)
    more = Relationship.model_validate({**base, "odd": 2, "strange": {"table": {"x": 2}}, "added": [{"y": "a\nb"}]})
    text = codec.splice(document, more)
    assert "odd = 2\n" in text
    assert text.endswith('\n[strange]\ntable = { x = 2 }\n\n[[added]]\ny = """\na\nb"""\n')
    assert '[strange."table"]' not in text


def test_one_moment_in_another_offset_is_a_change() -> None:
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert entry_changed(FILE, "encounters", 0, at=moment) == FILE.replace("T10:30:00+01:00", "T09:30:00+00:00")


def test_a_missing_newline_at_the_end_is_no_obstacle() -> None:
    text = FILE.rstrip("\n")
    encounter = Encounter(id="n", at=NOW)
    new = '\n\n[[encounters]]\nid = "n"\nat = 2026-11-22T10:30:00+01:00\nchannel = "call"\nnature = "conversation"\n'
    assert changed(text, encounters=(*read(text).relationship.encounters, encounter)) == text + new
    assert changed(text, role="x") == text.replace("'buyer'", '"x"')
    assert entry_changed(text, "encounters", 0, minutes=5) == f"{text}\nminutes = 5"


def test_a_one_line_note_stays_on_one_line_and_a_long_one_stays_spread() -> None:
    text = f"{FILE}note = 'short' # c\n"
    assert entry_changed(text, "encounters", 0, note="also short") == text.replace("'short'", '"also short"')
    text = f"{FILE}note = '''\none\ntwo'''\n"
    assert entry_changed(text, "encounters", 0, note="one") == f'{FILE}note = """\none"""\n'


def test_a_change_that_a_file_cannot_hold_is_refused_and_nothing_is_returned() -> None:
    document = read(HEAD)
    for name in ("lone \r return", "\ud800", " "):
        with pytest.raises(codec.Unspliceable):
            codec.splice(document, document.relationship.model_copy(update={"name": name}))


@pytest.mark.parametrize(
    ("line", "left"), [("issues = []\n", ""), ("issues = [ # none yet\n] # ever\n", "# none yet\n# ever\n")]
)
def test_an_empty_array_gives_way_to_blocks(line: str, left: str) -> None:
    """The file has a `[[issues]]` for each entry; comments stay."""
    document = read(f'format = 1\nid = "a"\nname = "A"\nkind = "person"\n{line}')
    issue = Issue(id="20261122-aaaaaaaa", text="pricing")
    text = codec.splice(document, document.relationship.model_copy(update={"issues": (issue,)}))
    block = '[[issues]]\nid = "20261122-aaaaaaaa"\ntext = "pricing"\nowner = "me"\nstate = "open"\n'
    assert text == f'format = 1\nid = "a"\nname = "A"\nkind = "person"\n{left}\n{block}'


def test_a_key_that_only_we_call_so_is_an_unknown_one() -> None:
    """Unknown keys … stay byte for byte."""
    text = 'format = 1\nid = "a"\nname = "A"\nkind = "person"\n\n[[encounters]]\nid = "e"\n'
    text += 'at = 2026-11-22T10:30:00+01:00\nchannel = "call"\nwith_ = ["x"]\nnature = "conversation"\n'
    (encounter,) = read(text).relationship.encounters
    assert encounter.with_ == ()
    assert entry_changed(text, "encounters", 0, with_=("y",)) == text.replace("with_", 'with = ["y"]\nwith_')
