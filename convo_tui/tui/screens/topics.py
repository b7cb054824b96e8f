"""We are talking about: the topics with one relationship or with everyone, and the thread of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual.binding import Binding, BindingType

from convo_tui.core.topics import Topic, topics
from convo_tui.tui.place import Place
from convo_tui.tui.rows import topics as topics_pane
from convo_tui.tui.screens.over_journal import Host
from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.widgets.line_list import Layout, Row

if TYPE_CHECKING:
    from convo_tui.core.thread import Passage
    from convo_tui.store.journal import Journal, View

Talked: TypeAlias = "tuple[list[Topic], View | None]"
"""The topics, what is open and recent first; and of one relationship all of it."""

_WITH_SOMEBODY = frozenset({"new_encounter", "new_issue", "reach_them"})


class TopicsView(Overview[Talked]):
    """What is open and recent first; beside it where it was said, from which enter goes there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "widen", "With everyone", show=False)]
    DEFAULT_CSS = """
    TopicsView {
        #rows { width: 1fr; }
        #closer { width: 1fr; }
    }
    """

    def __init__(self, host: Host, whom: Place | None) -> None:
        """Create the view; it opens on what is talked about with `whom`, or with everyone."""
        super().__init__(host)
        self._one = whom
        self._whom = whom or topics_pane.EVERYONE
        self._talked: Talked = ([], None)
        self._thread: Mapping[str, Place] = {}

    @property
    def _is_with_everyone(self) -> bool:
        return self._whom == topics_pane.EVERYONE

    def look(self, journal: Journal) -> Talked:
        """Return what we are talking about."""
        if self._is_with_everyone:
            return journal.topics(), None
        view = journal.view(self._whom.key)
        return topics(view.timeline, view.relationship.issues, journal.clock.today()), view

    def take(self, found: Talked) -> Iterable[Place]:
        """Keep what was found."""
        self._talked = found
        return [topics_pane.place_of(each, self._whom) for each in found[0]]

    def rows(self, width: int) -> Sequence[Row]:
        """Return the topics, each a line."""
        return topics_pane.TopicRows(self._talked[0], self._whom, self.host.today, width)

    def heading(self) -> str:
        """Return with whom."""
        return f"We are talking about · with {self._whom.name or 'everyone'}"

    def keys_line(self) -> str:
        """Return the keys."""
        said = ["enter shows where"]
        if self._one is not None:
            said += [f"w with {self._one.name}" if self._is_with_everyone else "w with everyone"]
        if not self._is_with_everyone:
            said += ["n encounter", "i issue"]
        return " · ".join([*said, "esc leaves"])

    def nothing(self) -> str:
        """Return that there is no topic, and how there comes to be one."""
        return f"There is no topic yet with {self._whom.name or 'anyone'}.\n\n#pricing in a note or an issue makes one."

    def opened(self, key: str) -> bool:
        """Go into the thread of a topic."""
        self.action_turn("closer")
        return True

    async def closer(self, place: Place) -> Layout | None:
        """Return the thread of the selected topic."""
        whom, today, view = self._whom, self.host.today, self._talked[1]
        topic = next((each for each in self._talked[0] if each.topic == place.id), None)
        found = await self.host.attempt(lambda journal: _thread(journal, place.id, view))
        if topic is None or found is None:
            return None
        self._thread = {each.row: each for each in topics_pane.thread_places(found, whom)}
        return lambda width: topics_pane.thread_rows(topic, found, whom, today, width)

    def here(self) -> Place | None:
        """Return what a key acts on: in the thread the encounter or issue there, else the topic."""
        return self._thread.get(self._closer.selected or "") if self.focused is self._closer else self.place

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With everyone there is nobody whom an encounter or an issue would be with."""
        if action in _WITH_SOMEBODY and self._is_with_everyone:
            return None
        return super().check_action(action, parameters)

    def action_widen(self) -> None:
        """Change between this relationship and everyone."""
        if self._one is not None:
            self._whom = self._one if self._is_with_everyone else topics_pane.EVERYONE
            self.reread()


def _thread(journal: Journal, topic: str, view: View | None) -> list[Passage]:
    from convo_tui.core.thread import thread, thread_of_hits

    today = journal.clock.today()
    if view is not None:
        return thread(topic, view.timeline, view.relationship.issues, today)
    hits = journal.search(f'"#{topic}" -is:archived', topics_pane.LONGEST_THREAD + 1)
    return thread_of_hits(topic, hits, today)
