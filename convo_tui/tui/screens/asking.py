"""What the screens that ask something have in common."""

from __future__ import annotations

from textual.screen import ModalScreen, ScreenResultType


class Asking(ModalScreen[ScreenResultType]):
    """A screen over the others that closes with an answer."""

    def answer(self, result: ScreenResultType | None = None) -> None:
        """Close with an answer, the first only: of someone quick, the next key still comes here."""
        if self.is_current:
            self.dismiss(result)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer: whoever comes back later has nothing left to show it in."""
        return self.is_attached and self in self.app.screen_stack
