"""What `--json` prints: stable keys, ISO 8601 dates (CONTRACT.md, "Commands"). What there is none of is null."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief, Since
    from convo_tui.core.carry import Standing
    from convo_tui.core.ending import Plan
    from convo_tui.core.hits import Hit
    from convo_tui.core.models import Heard
    from convo_tui.core.pulse import Attention
    from convo_tui.core.summary import Summary
    from convo_tui.core.topics import Topic

Shape: TypeAlias = dict[str, Any]


def summary_shape(summary: Summary, today: date) -> Shape:
    """An element of `list`."""
    return {
        "id": summary.id,
        "name": summary.name,
        "kind": summary.kind,
        "file": summary.file,
        "tags": list(summary.tags),
        "last_encounter": _iso(summary.last_contact),
        "open_issues": summary.open_issues(today),
        "overdue_issues": summary.overdue_issues(today),
    }


def issue_shape(standing: Standing, today: date) -> Shape:
    """An issue; a parked one whose day has come reads as open."""
    issue = standing.issue
    return {
        "id": issue.id,
        "relationship": standing.relationship,
        "relationship_id": standing.relationship_id,
        "text": issue.text,
        "owner": issue.owner,
        "state": "open" if issue.is_open(today) else issue.state,
        "due": _iso(issue.due),
        "opened": _iso(issue.opened or issue.since),
        "age_days": standing.age_days,
        "carried": standing.carried,
        "passed": standing.passed,
    }


def heard_shape(heard: Heard, relationship_id: str, relationship: str) -> Shape:
    """Something heard, from the relationship of this id and name."""
    return {
        "id": heard.id,
        "relationship": relationship,
        "relationship_id": relationship_id,
        "kind": heard.kind,
        "text": heard.text,
        "at": _iso(heard.at or heard.since),
        "heard_in": heard.heard_in or None,
        "met": _iso(heard.met),
    }


def topic_shape(topic: Topic) -> Shape:
    """A topic."""
    return {
        "topic": topic.topic,
        "since": topic.since.isoformat(),
        "encounters": topic.encounters,
        "open": topic.open,
    }


def brief_shape(brief: Brief, today: date) -> Shape:
    """`brief`: of what was heard, all that still holds, the needs first."""
    relationship, last = brief.relationship, brief.last
    others = [each for each in reversed(relationship.heard) if each.is_live and not each.is_need]
    return {
        "relationship": relationship.name,
        "relationship_id": relationship.id,
        "last_encounter": last
        and {"id": last.id, "at": last.at.isoformat(), "channel": last.channel, "note": last.note},
        "issues": [issue_shape(each, today) for each in brief.issues],
        "heard": [heard_shape(each, relationship.id, relationship.name) for each in (*brief.needs, *others)],
        "topics": [topic_shape(each) for each in brief.topics],
        "next": {"on": _iso(relationship.next_on), "about": relationship.next_about}
        if relationship.next_on or relationship.next_about
        else None,
        "since": [_since_shape(each) for each in brief.since],
        "coming": [{"label": each.label, "on": each.on.isoformat()} for each in brief.coming],
        "ask": brief.ask,
    }


def _since_shape(since: Since) -> Shape:
    """What has happened since we last spoke: `what` is due, back or date; `id` and `owner` are those of an issue."""
    issue = since.issue
    return {
        "what": since.what,
        "on": since.on.isoformat(),
        "text": since.text,
        "id": issue.id if issue else None,
        "owner": issue.owner if issue else None,
    }


def log_shape(done: Plan, name: str) -> Shape:
    """`log`; `settled` holds the issues that were settled and the needs that were met."""
    return {
        "relationship": name,
        "relationship_id": done.home,
        "encounter": done.encounter.id,
        "opened": [issue.id for _, issue in done.opened],
        "carried": [issue.id for _, issue in done.carried],
        "settled": [*(each.issue.id for each in done.settled), *(heard.id for _, heard in done.met)],
        "heard": [heard.id for heard in done.heard],
        "unmatched": list(done.unmatched),
    }


def attention_shape(attention: Attention, rank: int) -> Shape:
    """An element of `pulse`; `rank` counts from 1."""
    return {
        "relationship": attention.name,
        "relationship_id": attention.id,
        "rank": rank,
        "reasons": [each.text for each in attention.reasons],
        "days_since": attention.days_since,
        "cadence_days": attention.cadence_days,
    }


def hit_shape(hit: Hit) -> Shape:
    """An element of `find`; `at` is null for what has no time: a name, a story."""
    return {
        "relationship": hit.relationship,
        "relationship_id": hit.relationship_id,
        "kind": hit.kind,
        "id": hit.id,
        "at": _iso(hit.at),
        "snippet": hit.snippet.text,
    }


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
