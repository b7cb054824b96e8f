"""What a relationship was: its versions, asked of git off the screen's thread, and brought back as a new change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from textual import work

from convo_tui.core.errors import ConvoError
from convo_tui.sanitize import single
from convo_tui.tui.rows.history import Stood
from convo_tui.tui.screens.finding import Finding
from convo_tui.tui.screens.history import Archive, Asked, History

if TYPE_CHECKING:
    from convo_tui.core.models import Relationship
    from convo_tui.store.git.repository import Past, Repository, Told

T = TypeVar("T")


class Recalling(Finding):
    """Shows the history of the relationship selected, and brings back what is asked for there."""

    @work(group="history", exclusive=True)
    async def action_show_history(self) -> None:
        """Show the versions of the relationship selected, also of one that is damaged now."""
        summary = self.summary(self.listing.selected)
        if summary is None or self.has_class("-curtain"):  # it would show what the curtain hides
            return
        await self.catch_up()
        name = single(summary.name)
        pasts = await self._ask_git(lambda repository: repository.history(summary.file))
        if pasts is None or not self.app.is_running:
            return
        if not any(each.version for each in pasts):
            self.say(f"{name} is in no version yet; S makes one.")
            return
        archive = Archive(self._meanings, self._as_it_stood, lambda asked: self._restore(summary.key, asked))
        shown = self.shown
        names = shown.view.names if shown is not None and shown.view.summary.key == summary.key else {}
        await self.app.push_screen(History(name, pasts, archive, names, self.today))

    async def _ask_git(self, task: Callable[[Repository], T]) -> T | None:
        """Return what `task` returns; what goes wrong is said in one line, and None returned."""
        from convo_tui.store.git.repository import NoGit

        try:
            return await self.desk.versions(task)
        except NoGit:
            self.say("No versions are kept yet; S begins.")
        except ConvoError as error:
            self.say(str(error), "error")
        return None

    async def _meanings(self, pasts: Sequence[Past]) -> Sequence[Told] | None:
        return await self._ask_git(lambda repository: repository.meanings(pasts))

    async def _as_it_stood(self, past: Past, compared: Past | None) -> Stood | None:
        today = self.today
        return await self._ask_git(lambda repository: _stood(repository, past, compared, today))

    async def _restore(self, key: str, asked: Asked) -> bool:
        """Bring something back; what cannot be is told, and False returned."""
        from convo_tui.core.restoring import restored
        from convo_tui.core.sides import called

        then = await self._ask_git(lambda repository: _asked(repository, asked))
        if then is None:
            return False
        what = called(then, asked.identity) if asked.identity else then.name
        when = _when(asked.past, self.today)
        said = f"{what} as {'it was before' if asked.before else 'of'} {when}"
        done = await self.attempt(
            lambda journal: journal.change(key, f"restore {said}", lambda now: restored(now, then, asked.identity))
        )
        if done is None:
            return False
        self.say(f"Restored {said} · u takes it back")
        await self.reload()
        return True


def _asked(repository: Repository, asked: Asked) -> Relationship | None:
    return repository.as_it_was_before(asked.past) if asked.before else repository.as_it_was(asked.past)


def _stood(repository: Repository, past: Past, compared: Past | None, today: date) -> Stood:
    """Return a version as it is looked at; damage is part of it. Raises GitFailed."""
    from convo_tui.core.brief import brief

    day = past.at.date() if past.at is not None else today
    when, since = _when(past, today), _when(compared, today) if compared is not None else ""
    told = repository.meanings([past])[0]
    found, meaning = told.found, told.meaning
    try:
        if compared is not None:
            found, meaning = repository.difference(compared, past), "nothing but comments or formatting"
        then = repository.as_it_was(past)
    except ConvoError as problem:
        return Stood(when, since, found, meaning, day, problem=str(problem))
    timeline = tuple(sorted(then.encounters, key=lambda each: each.at))
    return Stood(when, since, found, meaning, day, brief(then, timeline, day), timeline, is_now=past.at is None)


def _when(past: Past, today: date) -> str:
    from convo_tui.core.dates import dated

    return f"{dated(past.at.date(), today)} {past.at:%H:%M}" if past.at is not None else past.short
