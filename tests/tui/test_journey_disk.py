"""The disk is full while someone writes, ends, and takes back: it is said in one line, and nothing is lost."""

from __future__ import annotations

import errno
import os
import stat
import threading

import pytest
from journey import ANA, Home

from convo_tui.store.drafts import Drafts


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No file takes another byte while it is set."""
    full, write = threading.Event(), os.write

    def refusing(descriptor: int, data: bytes) -> int:
        if full.is_set() and stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", refusing)
    return full


def kept(home: Home) -> list[str]:
    return [each.text for each in Drafts(home.places.drafts).all()]


async def test_a_draft_that_cannot_be_kept_is_told_once_and_kept_as_soon_as_there_is_room(
    ana: Home, full_disk: threading.Event
) -> None:
    """GATES.md 3: draft kept, message names file and cause."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("before")
        await convo.until(lambda: kept(ana) == ["before"], "the draft")
        full_disk.set()
        for more in (" one", " two", " three"):
            await convo.write(more)
            await convo.until(lambda: any("no space left" in each for each in convo.said), "the message")
        assert convo.note == "before one two three"
        assert kept(ana) == ["before"]
        full_disk.clear()
        await convo.write(" after")
        await convo.until(lambda: kept(ana) == ["before one two three after"], "the draft")
        told = [each for each in convo.said if "no space left" in each]
        assert len(told) == 1
        assert ".jsonl: cannot save: no space left on the device; free some and save again" in told[0]


async def test_an_end_that_finds_the_disk_full_leaves_the_draft_and_works_when_there_is_room(
    ana: Home, full_disk: threading.Event
) -> None:
    """GATES.md 3: old bytes intact, draft kept, message names file and cause."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("worth keeping\n! an issue")
        await convo.until(lambda: kept(ana) == [convo.note], "the draft")
        full_disk.set()
        await convo.press("ctrl+s")
        assert "ana.toml: cannot save: no space left on the device; free some and save again" in convo.said[-1]
        assert (convo.mode, convo.note) == ("writing", "worth keeping\n! an issue")
        assert ana.path("ana").read_text() == ANA
        assert kept(ana) == [convo.note]
        full_disk.clear()
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["an issue"]
    assert kept(ana) == []


async def test_an_undo_that_finds_the_disk_full_takes_nothing_back_until_there_is_room(
    ana: Home, full_disk: threading.Event
) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("said")
        await convo.press("ctrl+s")
        saved = ana.path("ana").read_text()
        full_disk.set()
        await convo.press("u")
        assert any("cannot save: no space left" in each for each in convo.said)
        assert ana.path("ana").read_text() == saved
        full_disk.clear()
        await convo.press("u")
        assert (convo.mode, convo.note) == ("writing", "said")
    assert ana.path("ana").read_text() == ANA
