"""The line at the bottom: what can be done here and now, by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.screen import ActiveBinding, Screen
from textual.style import Style
from textual.widget import Widget

from convo_tui.tui import keys

_ORDER = {key.id: position for position, key in enumerate(keys.KEYS)}


@dataclass(frozen=True, slots=True)
class Hint:
    """One key of the bar: Textual's name of the key, the word beside it, and whether it can be used now."""

    id: str
    key: str
    label: str
    enabled: bool


def hints(active: Iterable[ActiveBinding]) -> list[Hint]:
    """Return the hints for the active bindings that the table of keys knows, in its order, the first key of each."""
    found: dict[str, Hint] = {}
    for _node, binding, enabled, _tooltip in active:
        if binding.show and binding.id in _ORDER:
            found.setdefault(binding.id, Hint(binding.id, binding.key, binding.description, enabled))
    return sorted(found.values(), key=lambda hint: _ORDER[hint.id])


class KeyBar(Widget):
    """Shows the keys of the screen that work now, and dimmed those that do not; a click presses them."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label", "key-bar--disabled"}
    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        dock: bottom;
        & > .key-bar--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-bar--label { color: $footer-description-foreground; }
        & > .key-bar--disabled { color: $text-disabled; text-style: dim; }
    }
    """

    @dataclass
    class Disabled(Message):
        """A key that cannot be used now was clicked: the screen may say why."""

        key_id: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Create the bar of the screen that it is on."""
        super().__init__(id=id, classes=classes)
        self._hints: list[Hint] = []

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _follow(self, screen: Screen[object]) -> None:
        new = hints(screen.active_bindings.values())
        if new != self._hints:
            self._hints = new
            self.refresh()

    def render(self) -> Content:
        """Return as many whole entries as there is room for, help always at the right."""
        width = self.size.width
        last = Content.assemble(*(self._entry([hint]) for hint in self._hints if hint.id == keys.HELP))
        room = width - last.cell_length
        line = Content()
        for group in _grouped([hint for hint in self._hints if hint.id != keys.HELP]):
            entry = self._entry(group)
            if line.cell_length + entry.cell_length > room:
                break
            line += entry
        return line.pad_right(max(0, room - line.cell_length)) + last

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse, or tell that it is disabled."""
        hint = next((hint for hint in self._hints if hint.id == event.style.meta.get("hint")), None)
        if hint is None:
            return
        event.stop()
        if hint.enabled:
            self.app.simulate_key(hint.key)
        else:
            self.post_message(self.Disabled(hint.id))

    def _entry(self, group: Sequence[Hint]) -> Content:
        parts = [Content(" ")]
        for hint in group:
            parts.append(Content.styled(keys.display(hint.key), self._style("key", hint)))
        parts.append(Content.styled(f" {group[0].label} ", self._style("label", group[0])))
        return Content.assemble(*parts)

    def _style(self, part: str, hint: Hint) -> Style:
        name = f"key-bar--{part}" if hint.enabled else "key-bar--disabled"
        return self.get_visual_style(name) + Style.from_meta({"hint": hint.id})


def _grouped(all_hints: Sequence[Hint]) -> list[list[Hint]]:
    """Put neighbours with one label and state together: `12345 Spark`."""
    groups: list[list[Hint]] = []
    for hint in all_hints:
        if groups and (groups[-1][-1].label, groups[-1][-1].enabled) == (hint.label, hint.enabled):
            groups[-1].append(hint)
        else:
            groups.append([hint])
    return groups
