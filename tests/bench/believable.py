"""Believable journals of any size for the benchmarks: `python -m tests.bench.believable FOLDER --relationships 10000`.

The same seed gives the same bytes on any number of processes. A relationship refers to earlier ones only, but for an
organisation, whose people may have a later relationship of their own; so it stays the same in a larger journal.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from convo_tui.core.ids import new_id
from convo_tui.core.match import slug
from tests.bench import believable_words as words

NOW = datetime(2026, 11, 22, 10, 37, tzinfo=timezone(timedelta(hours=1)))
OLDEST_IN_DAYS = 8 * 365
NEWEST_IN_DAYS = 200
"""Long enough for tens of thousands of encounters, of which no two begin in one minute."""

ORGANISATIONS, CJK, NEVER_SPOKEN = 0.12, 0.02, 0.08
_SINGLE_PROCESS = 100
"""Up to this many relationships are written before other processes would have started."""


# ── who is in the journal ────────────────────────────────────────────────────────────────────────────────


class Other(NamedTuple):
    """A relationship, or a person in an organisation, as others refer to them."""

    id: str
    name: str


@dataclass(slots=True)
class Member:
    """What must be known of a relationship before any file can be written.

    `since` is the ordinal of the day on which it began; `knows` are relationships before it; `staff` are the people
    of an organisation who have a relationship of their own.
    """

    number: int
    id: str
    name: str
    file: str
    is_organisation: bool
    since: int
    far_east: bool
    employer: str = ""
    knows: tuple[Other, ...] = ()
    staff: list[Other] = field(default_factory=list)


def _person_name(rng: Random, far_east: bool = False) -> str:
    culture = rng.choice(words.FAR_EAST if far_east else words.CULTURES)
    given, head, tail = rng.choice(culture.given), rng.choice(culture.heads), rng.choice(culture.tails)
    if culture.between and rng.random() < 0.4:
        given += f" {rng.choice('ABCDEFGHJKLMNPRSTVWZ')}."
    return f"{given}{culture.between}{head}{tail}"


def _organisation_name(rng: Random) -> str:
    culture = rng.choice(words.CULTURES)
    family = rng.choice(culture.heads) + rng.choice(culture.tails)
    return f"{family} {rng.choice(words.SECTORS)} {rng.choice(words.FORMS)}"


def members(count: int, seed: int, now: datetime) -> list[Member]:
    """Return who is in the journal; the first ones are the same whatever the `count`, but for their staff."""
    found: list[Member] = []
    organisations: list[Member] = []
    taken: set[str] = set()
    today = now.date().toordinal()
    for number in range(count):
        rng = Random(f"{seed} member {number}")
        is_organisation, far_east = rng.random() < ORGANISATIONS, rng.random() < CJK
        far_east = far_east and not is_organisation
        name = _organisation_name(rng) if is_organisation else _person_name(rng, far_east)
        since = today - rng.randint(NEWEST_IN_DAYS, OLDEST_IN_DAYS)
        identity = new_id(date.fromordinal(since), rng.getrandbits)
        stem = slug(name)
        if stem in taken:
            stem = f"{stem}-{identity[-8:]}"
        taken.add(stem)
        member = Member(number, identity, name, f"{stem}.toml", is_organisation, since, far_east)
        member.knows = tuple(Other(each.id, each.name) for each in rng.choices(found, k=4)) if found else ()
        if not is_organisation and organisations and rng.random() < 0.6:
            employer = rng.choice(organisations)
            member.employer = employer.name
            if len(employer.staff) < 2 and rng.random() < 0.4:
                employer.staff.append(Other(identity, name))
        if is_organisation:
            organisations.append(member)
        found.append(member)
    return found


# ── one file ─────────────────────────────────────────────────────────────────────────────────────────────


class Meeting(NamedTuple):
    """An encounter as issues and heard entries refer to it; `day` is an ordinal, `at` as in the file."""

    id: str
    day: int
    at: str


@lru_cache(maxsize=OLDEST_IN_DAYS)
def _day_and_offset(ordinal: int) -> tuple[str, str]:
    day = date.fromordinal(ordinal)
    return day.isoformat(), "+02:00" if 4 <= day.month <= 10 else "+01:00"


def _day(ordinal: int) -> str:
    return _day_and_offset(ordinal)[0]


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


class File:
    """Writes one relationship, block by block, in the order of CONTRACT.md, "The file"."""

    def __init__(self, member: Member, encounters: int, seed: int, now: datetime) -> None:
        self.member, self.rng, self.today = member, Random(f"{seed} file {member.number}"), now.date().toordinal()
        rng = self.rng
        self.is_spoken_with = rng.random() >= NEVER_SPOKEN
        many = rng.uniform(0.4, 1.6) * encounters / (1 - NEVER_SPOKEN)
        self.meetings = self._meetings(max(1, round(many))) if self.is_spoken_with and encounters else []
        self.people: list[Other] = []

    def text(self) -> str:
        """Return the whole file; each block ends with a newline, and a blank line stands between them."""
        blocks = [self._head(), *self._reach(), *self._dates(), *self._people()]
        if self.meetings:
            blocks += [self._issue() for _ in range(self.rng.randint(1, 6))]
            blocks += [self._heard() for _ in range(self.rng.randint(0, 6))]
        blocks += [self._encounter(meeting) for meeting in self.meetings]
        return "\n".join(blocks)

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _id(self, day: int) -> str:
        return new_id(date.fromordinal(day), self.rng.getrandbits)

    def _meetings(self, count: int) -> list[Meeting]:
        """Days and times, oldest first, no two in one minute; more of late, but for a silence at the end."""
        rng, lifetime = self.rng, self.today - self.member.since
        silence = 1 + lifetime / 2 * rng.random() ** 5
        times: set[tuple[int, int]] = set()
        while len(times) < count:
            day = self.today - int(silence + (lifetime - silence) * rng.random() ** 1.7)
            times.add((day - max(0, (day - 1) % 7 - 4), 8 * 60 + 5 * int(rng.random() * 120) + len(times) % 5))
        return [self._meeting(day, minute) for day, minute in sorted(times)]

    def _meeting(self, day: int, minute: int) -> Meeting:
        written, offset = _day_and_offset(day)
        return Meeting(self._id(day), day, f"{written}T{minute // 60:02}:{minute % 60:02}:00{offset}")

    def _head(self) -> str:
        rng, member = self.rng, self.member
        lines = ["format = 1", f'id = "{member.id}"', f'name = "{member.name}"']
        lines.append(f'kind = "{"organisation" if member.is_organisation else "person"}"')
        if member.employer:
            lines.append(f'organisation = "{member.employer}"')
        if not member.is_organisation and self._chance(0.7):
            lines.append(f'role = "{rng.choice(words.ROLES)}"')
        if member.is_organisation and self._chance(0.3):
            lines.append(f'aliases = ["{" ".join(member.name.split()[:2])}"]')
        if self._chance(0.7):
            lines.append(f"tags = {_list(rng.sample(words.TAGS, rng.randint(1, 3)))}")
        if self.meetings:
            lines += self._intentions()
        return "\n".join(lines) + "\n"

    def _intentions(self) -> Iterator[str]:
        rng = self.rng
        if self._chance(0.33):
            yield f'cadence = "{rng.choice(words.CADENCES)}"'
        if self._chance(0.15):
            yield f"next_on = {_day(self.today + rng.randint(-5, 60))}"
            yield f'next_about = "{rng.choice(words.ISSUE_OBJECTS)}"'
        if self._chance(0.03):
            yield "archived = true"
        elif self._chance(0.03):
            yield f"snoozed_until = {_day(self.today + rng.randint(1, 60))}"
        if self._chance(0.25):
            yield f'story = """\n{" ".join(words.sentence(rng) for _ in range(rng.randint(1, 4)))}"""'

    def _reach(self) -> Iterator[str]:
        host = self.member.file.removesuffix(".toml")
        if self._chance(0.8):
            yield f'[[reach]]\nkind = "email"\nlabel = "work"\nvalue = "hello@{host}.example"\n'
        if self._chance(0.5):
            yield f'[[reach]]\nkind = "phone"\nvalue = "{self._phone()}"\n'
        if self.member.is_organisation:
            yield f'[[reach]]\nkind = "web"\nvalue = "https://{host}.example"\n'

    def _phone(self) -> str:
        country = self.rng.choice((44, 46, 48, 49, 33, 34, 351, 353, 81, 86, 90, 91))
        return f"+{country} {self.rng.randint(100, 999)} {self.rng.randint(100_000, 999_999)}"

    def _dates(self) -> Iterator[str]:
        rng = self.rng
        if self._chance(0.2):
            label = "renewal" if self.member.is_organisation else "birthday"
            yield f'[[dates]]\nlabel = "{label}"\non = "--{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"\n'

    def _people(self) -> Iterator[str]:
        rng, member = self.rng, self.member
        for place in range(rng.randint(2, 8) if member.is_organisation else 0):
            name = _person_name(rng)  # also when it is not used: what follows stays the same
            own = member.staff[place] if place < len(member.staff) else None
            person = Other(self._id(member.since), own.name if own else name)
            self.people.append(person)
            lines = ["[[people]]", f'id = "{person.id}"', f'name = "{person.name}"']
            lines.append(f'role = "{rng.choice(words.ROLES)}"')
            lines.append(f'influence = "{rng.choice(words.INFLUENCES)}"')
            lines.append(f'stance = "{rng.choice(words.STANCES)}"')
            if self._chance(0.6):
                lines.append(f'reach = ["{slug(person.name)}@{slug(member.name)}.example"]')
            if own:
                lines.append(f'relationship = "{own.id}"')
            if self._chance(0.06):
                lines.append(f"left = {_day(rng.randint(member.since, self.today))}")
            yield "\n".join(lines) + "\n"

    def _issue(self) -> str:
        """An issue opened in one of the encounters, carried into later ones, closed in one later still."""
        rng, meetings = self.rng, self.meetings
        state = rng.choice(words.STATES)
        is_live = state in ("open", "parked")
        # What is still open was mostly opened lately; what is closed needs an encounter in which that happened.
        back = int(rng.random() ** (3 if is_live else 1) * len(meetings)) + 1
        if not is_live and back == 1:
            state, is_live = "open", True
        opened = meetings[-back]
        later = meetings[len(meetings) - back + 1 :]
        closed = None if is_live else later[int(rng.random() * min(len(later), 12))]
        carried = self._carried(later[: later.index(closed)] if closed else later[-12:])
        lines = [f'[[issues]]\nid = "{self._id(opened.day)}"\ntext = "{self._issue_text()}"']
        lines.append(f'owner = "{rng.choice(words.OWNERS)}"\nstate = "{state}"')
        lines.append(f'opened = {opened.at}\nopened_in = "{opened.id}"')
        if self._chance(0.6):
            near = closed.day + 7 if closed else self.today
            lines.append(f"due = {_day(max(opened.day, near + rng.randint(-30, 60)))}")
        if self._chance(0.05):
            lines.append(f'every = "{rng.choice(words.CADENCES)}"')
        if state == "parked" and self._chance(0.8):
            lines.append(f"parked_until = {_day(self.today + rng.randint(-20, 90))}")
        if carried:
            lines.append(f"carried = {_list(meeting.id for meeting in carried)}")
        if closed:
            lines.append(f'closed = {closed.at}\nclosed_in = "{closed.id}"')
        if state == "settled":
            lines.append(f'outcome = "{rng.choice(words.OUTCOMES)}"')
        return "\n".join(lines) + "\n"

    def _carried(self, among: Sequence[Meeting]) -> list[Meeting]:
        """Some are avoided, some come up now and then, some circle."""
        share = self.rng.choice((0.0, 0.3, 0.3, 0.6, 1.0))
        return [meeting for meeting in among if self._chance(share)]

    def _issue_text(self) -> str:
        text = f"{self.rng.choice(words.ISSUE_VERBS)} {self.rng.choice(words.ISSUE_OBJECTS)}"
        if self._chance(0.3):
            text += f" and {words.some(self.rng, 2)}"
        return f"{text} #{words.topic(self.rng)}" if self._chance(0.6) else text

    def _heard(self) -> str:
        rng, meeting = self.rng, self.rng.choice(self.meetings)
        kind = rng.choice(tuple(words.HEARD))
        text = f"{rng.choice(words.HEARD[kind])} {words.some(rng, rng.randint(2, 5))}"
        lines = [f'[[heard]]\nid = "{self._id(meeting.day)}"\nkind = "{kind}"\ntext = "{text}"']
        lines.append(f'heard_in = "{meeting.id}"\nat = {meeting.at}')
        fate = rng.random()
        if fate < 0.4:
            ended = rng.randint(meeting.day, min(self.today, meeting.day + 200))
            lines.append(f"{'met' if fate < 0.3 else 'dropped'} = {_day(ended)}")
        return "\n".join(lines) + "\n"

    def _encounter(self, meeting: Meeting) -> str:
        rng, member, chance = self.rng, self.member, self.rng.random
        lines = f'[[encounters]]\nid = "{meeting.id}"\nat = {meeting.at}\nchannel = "{rng.choice(words.CHANNELS)}"\n'
        present = rng.sample(self.people, min(len(self.people), 1 + int(chance() * 3))) if self.people else []
        with_ = [each.id for each in present] if chance() < 0.8 else []
        if member.knows and chance() < 0.03:
            with_.append(rng.choice(member.knows).id)
        if with_:
            lines += f"with = {_list(with_)}\n"
        spoken_of = self._spoken_of()
        if spoken_of:
            lines += f'mentions = ["{spoken_of[0]}"]\n'
        lines += f'nature = "{"conversation" if chance() < 0.75 else "transaction"}"\n'
        if chance() < 0.5:
            lines += f"spark = {1 + int(chance() ** 0.7 * 5)}\n"
        if chance() < 0.5:
            lines += f"minutes = {5 + 5 * int(chance() ** 2 * 17)}\n"
        note = words.note(rng, spoken_of[1] if spoken_of else "", member.far_east and chance() < 0.5)
        return f'{lines}note = """\n{note}"""\n'

    def _spoken_of(self) -> tuple[str, str] | None:
        """Someone to mention now and then: the id and the name."""
        if self.rng.random() > 0.06:
            return None
        known = (*self.people, *self.member.knows)
        return self.rng.choice(known) if known else None


# ── the folder ───────────────────────────────────────────────────────────────────────────────────────────


def _write(folder: Path, encounters: int, seed: int, now: datetime, member: Member) -> int:
    return (folder / member.file).write_bytes(File(member, encounters, seed, now).text().encode())


def write_journal(
    folder: Path,
    relationships: int,
    encounters: int,
    seed: int = 1,
    now: datetime = NOW,
    processes: int | None = None,
) -> int:
    """Write a journal of so many relationships, with so many encounters each in the mean; return its size in bytes.

    Everything lies before the day of `now`, but for what is planned. `processes` is the number of cores unless said.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    words.vocabulary()  # before the processes part: they all share it
    write = partial(_write, folder, encounters, seed, now)
    cast = members(relationships, seed, now)
    processes = processes or (1 if relationships <= _SINGLE_PROCESS else os.cpu_count() or 1)
    if processes == 1:
        return sum(map(write, cast))
    with get_context().Pool(processes) as pool:
        return sum(pool.imap_unordered(write, cast, chunksize=50))


def main() -> None:
    """Write the journal that the command line asks for, and print how large it is and how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.believable", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--relationships", type=int, default=10_000)
    parser.add_argument("--encounters", type=int, default=50, help="of each relationship, in the mean")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.perf_counter()
    size = write_journal(wanted.folder, wanted.relationships, wanted.encounters, wanted.seed)
    seconds = time.perf_counter() - began
    print(f"{wanted.relationships} files, {size / 1e6:.1f} MB in {seconds:.1f} s: {size / 1e6 / seconds:.1f} MB/s")


if __name__ == "__main__":
    main()
