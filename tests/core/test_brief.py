"""Where we left off."""

from __future__ import annotations

from core_builders import TODAY, acme, day, encounter, heard, issue, texts

from convo_tui.core.brief import brief


def test_it_picks_up_where_it_left_off() -> None:
    """*Where we left off*: the last encounter …, every open issue with its age and whose move it is, the needs still
    unmet."""
    timeline = [encounter(9, "#pricing"), encounter(2, "the last")]
    relationship = acme(
        issue("young", 1),
        issue("overdue", due=day(1)),
        issue("theirs", owner="them"),
        issue("parked", state="parked"),
        issue("back", state="parked", parked_until=TODAY),
        issue("done", state="settled"),
        heard=[
            heard("need"),
            heard("unsaid", "unsaid"),
            heard("want", "want"),
            heard("expected", "expectation"),
            heard("met", met=day(1)),
            heard("no longer so", dropped=day(1)),
            heard("an idea", "idea"),
            heard("her marathon", "about"),
            heard("her son's exam", "about"),
        ],
    )
    found = brief(relationship, timeline, TODAY)
    assert found.relationship is relationship
    assert found.last == timeline[1]
    assert texts([each.issue for each in found.issues]) == ["overdue", "theirs", "back", "young"]
    assert {each.relationship for each in found.issues} == {"Acme GmbH"}
    assert texts(found.needs) == ["expected", "want", "unsaid", "need"]
    assert found.about is not None
    assert found.about.text == "her son's exam"
    assert [each.topic for each in found.topics] == ["pricing"]
    assert not found.nothing_open


def test_the_last_encounter_is_contact_rather_than_a_note() -> None:
    """Last contact is the newest encounter that is not a `note`."""
    contact, note = encounter(9), encounter(2, channel="note")
    assert brief(acme(), [contact, note], TODAY).last == contact
    assert brief(acme(), [note], TODAY).last == note


def test_nothing_open_is_said() -> None:
    """An encounter that ends with nothing open is pointed out."""
    found = brief(acme(issue("done", state="dropped")), [], TODAY)
    assert found.nothing_open
    assert (found.last, found.about) == (None, None)
