"""What a shell completes: names, issues, what was heard, topics. The journal is read only when `tab` is pressed.

Only words that no shell takes apart are offered: a file name or slug for a name, an id for an issue.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, redirect_stderr, suppress
from typing import TYPE_CHECKING, TypeAlias

import click

from convo_tui.cli.directory import split_directory
from convo_tui.cli.session import Session
from convo_tui.core.errors import ConvoError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from convo_tui.core.match import Named
    from convo_tui.store.journal import Called

Completer: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def complete(command: click.Command, session: Session, instruction: str) -> int:
    """Answer a shell that asks for completions, and return the exit code; a journal in trouble has none to offer."""
    from click.shell_completion import get_completion_class, shell_complete

    shell, _, what = instruction.partition("_")
    kind = get_completion_class(shell)
    if kind is None or what != "complete":
        return shell_complete(command, {"obj": session}, "convo", "_CONVO_COMPLETE", instruction)
    asked = kind(command, {"obj": session}, "convo", "_CONVO_COMPLETE")
    arguments, incomplete = asked.get_completion_args()
    directory, arguments = split_directory(arguments)
    if directory is not None:  # of the line that is being typed
        session = Session(directory)
        asked.ctx_args = {"obj": session}
    with suppress(ConvoError), redirect_stderr(io.StringIO()), closing(session):
        click.echo("\n".join(map(asked.format_completion, asked.get_completions(arguments, incomplete))))
    return 0


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────


def relationships(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the relationships that may be meant; none when the words of a name stand there already."""
    if param.nargs == -1 and ctx.params.get(param.name or ""):
        return []
    return names_of_relationships(ctx.obj, incomplete)


def names_of_relationships(session: Session, incomplete: str) -> list[CompletionItem]:
    """Return the relationships that may be meant, each by the name of its file."""
    journal = session.journal
    found = [each for each in journal.everyone() if not each.home]
    return _fitting(incomplete, [(_word(each), _label(session, each)) for each in found])


def people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return everyone who may be meant, the people inside organisations too."""
    session: Session = ctx.obj
    everyone = session.journal.everyone()
    called = Counter(each.slugs[0] for each in everyone)
    return _fitting(
        incomplete,
        [(_word(each, unique=called[each.slugs[0]] == 1), _label(session, each)) for each in everyone],
    )


def _word(named: Named, *, unique: bool = False) -> str:
    """A word that names someone: the file, the slug of a name that nobody else has, else the id."""
    stem = named.file.removesuffix(".toml")
    if _PLAIN.fullmatch(stem):
        return stem
    return named.slugs[0] if unique and named.slugs[0] else named.id


def _label(session: Session, named: Named) -> str:
    organisation = session.journal.directory.name(named.organisation) or named.organisation
    return f"{named.name} · {organisation}" if organisation else named.name


# ── what ─────────────────────────────────────────────────────────────────────────────────────────────────


def open_issues(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the open issues, and the parked ones, by id."""
    return _entries(ctx, param, incomplete, lambda each: each.kind == "issue" and _holds(each))


def open_entries(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the open issues, and what was heard and still holds, by id."""
    return _entries(ctx, param, incomplete, _holds)


def closed_entries(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the issues that are not open, and what was met or dropped, by id."""
    return _entries(ctx, param, incomplete, lambda each: each.has("parked") or not _holds(each))


def live_heard(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return what was heard and still holds, by id."""
    return _entries(ctx, param, incomplete, lambda each: each.kind == "heard" and _holds(each))


def topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the topics of the journal."""
    from click.shell_completion import CompletionItem

    session: Session = ctx.obj
    offers = session.journal.completions("topics", incomplete)
    return [CompletionItem(each.value, help="once" if each.count == 1 else f"{each.count} times") for each in offers]


def _holds(entry: Called) -> bool:
    """Whether an issue is open or parked, or what was heard neither met nor dropped."""
    if entry.kind == "issue":
        return entry.has("open") or entry.has("parked")
    return not (entry.has("met") or entry.has("dropped"))


def _entries(
    ctx: click.Context, param: click.Parameter, incomplete: str, usable: Callable[[Called], bool]
) -> list[CompletionItem]:
    session: Session = ctx.obj
    given = ctx.params.get(param.name or "") or ()
    found = [each for each in session.journal.called() if each.id not in given and usable(each)]
    return _fitting(incomplete, [(each.id, f"{each.text} · {each.relationship}") for each in found])


def _fitting(incomplete: str, offered: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    """Return the words, each given with its help, that begin as typed; else the one whose help has such words.

    Several of those could share no beginning, and a shell would take away what was typed.
    """
    from click.shell_completion import CompletionItem

    from convo_tui.core.match import slug
    from convo_tui.sanitize import single

    offered = list(offered)
    wanted = slug(incomplete)
    begun = [each for each in offered if each[0].casefold().startswith((incomplete.casefold(), wanted or "\0"))]
    if not begun:
        begun = [each for each in offered if _says(slug(each[1]), wanted)]
        begun = begun if len(begun) == 1 else []
    return [CompletionItem(word, help=single(about)) for word, about in begun]


def _says(text: str, wanted: str) -> bool:
    words: Sequence[str] = text.split("-")
    return wanted != "" and all(any(word.startswith(each) for word in words) for each in wanted.split("-"))
