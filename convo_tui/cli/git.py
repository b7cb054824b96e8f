"""`convo git`: the versions of the folder, through the user's own git."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from convo_tui.cli.failures import IN_CONFLICT, complain
from convo_tui.cli.output import bold, dim, emit_json, joined, json_option, say
from convo_tui.cli.session import Session
from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.core.errors import Refused

if TYPE_CHECKING:
    from convo_tui.cli.shapes import Shape
    from convo_tui.core.contradiction import Contradiction, Decision
    from convo_tui.store.git.repository import Plan, Repository, State, Version

_trust = click.option("--trust", is_flag=True, help="Let the commands run that this repository brings along.")
_dry = click.option("--dry-run", "dry", is_flag=True, help="Only show what would be done.")


@click.group(invoke_without_command=True)
@click.pass_context
def git(context: click.Context) -> None:
    """Keep versions of the journal, and bring two machines together.

    Your own git does it: its author, signing, hooks and remotes. Nothing is committed unless you say so.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@git.command()
@_dry
@json_option
@click.pass_obj
def init(session: Session, dry: bool, as_json: bool) -> None:
    """Begin to keep versions; in a clone, set up the merge by meaning.

    Only what is missing is added. No version is made: `convo git commit` does that.
    """
    repository = session.repository
    added = repository.missing() if dry else repository.set_up()
    if as_json:
        emit_json({"missing" if dry else "added": added})
        return
    for each in added:
        say("would add " if dry else "added ", each)
    if not added:
        say("everything is set up already")
    elif not dry:
        say(dim("`convo git commit` makes the first version" if repository.version() else "nothing is to be committed"))


@git.command()
@json_option
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Show where the versions stand."""
    state = session.repository.state()
    if as_json:
        emit_json(_state_shape(state) if state is not None else None)
    elif state is None:
        session.repository.missing()  # tells when it is git itself that is not there
        say("no versions are kept yet; `convo git init` begins")
    else:
        _show_state(state, session.clock.now())


def _show_state(state: State, now: datetime) -> None:
    from convo_tui.store.git.repository import fetched

    ahead = f"{state.ahead} to push" if state.ahead else None
    behind = f"{state.behind} to merge" if state.behind else None
    asked = fetched(state, now) if state.remote else "no other place is known"
    at = state.branch or f"no branch, at {state.commit[:8]}"
    say(bold(at), dim(f" → {state.upstream}" if state.upstream else ""), " · ", joined(ahead, behind, asked))
    if state.doing:
        say(f"a {state.doing} is going on")
    for file in state.unmerged:
        say("to be merged  ", file)
    for file in state.changed:
        say("changed       ", file)
    if not state.changed and not state.is_unmerged:
        say("everything is in a version")
    if state.driven and not state.is_set_up:
        say("this clone merges by lines only; `convo git init` sets up the merge by meaning")
    if state.error:
        say("last sync: ", state.error)


def _state_shape(state: State) -> Shape:
    return {
        "branch": state.branch,
        "commit": state.commit,
        "upstream": state.upstream,
        "ahead": state.ahead,
        "behind": state.behind,
        "changed": list(state.changed),
        "unmerged": list(state.unmerged),
        "doing": state.doing,
        "set_up": state.is_set_up,
        "fetched": state.fetched.isoformat() if state.fetched else None,
        "synced": state.synced.isoformat() if state.synced else None,
        "error": state.error,
    }


@git.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
@_dry
@_trust
@click.option("--by-itself", is_flag=True, hidden=True)
@json_option
@click.pass_obj
def commit(session: Session, files: Sequence[str], dry: bool, trust: bool, by_itself: bool, as_json: bool) -> None:
    """Make a version of what has changed, or of these files only.

    Its message says what happened: “Ana Ruiz: call, 1 opened, 1 carried”.
    """
    repository = session.repository
    if by_itself:
        repository.commit_by_itself(files)
        return
    if not dry:
        _require_trust(repository, trust)
    version = repository.version(files or None) if dry else repository.commit(files or None)
    if as_json:
        emit_json(_version_shape(version))
        return
    for each in version.left_out if version is not None else ():
        complain(each)
    if version is None or not version.files:
        say("nothing has changed since the last version")
        return
    say("would make a version: " if dry else "made a version: ", bold(version.subject))
    for line in version.body:
        say("  ", line)


def _version_shape(version: Version | None) -> Shape | None:
    if version is None:
        return None
    shape: Shape = {"files": list(version.files), "message": version.subject, "left_out": list(version.left_out)}
    return shape


@git.command()
@_dry
@_trust
@json_option
@click.pass_context
def sync(context: click.Context, dry: bool, trust: bool, as_json: bool) -> None:
    """Bring this machine and the other place together: commit, fetch, merge or rebase, push.

    Merged or rebased as your git is set (pull.rebase). What both sides changed is merged by meaning; where only a
    person can say which stands, nothing is pushed, and the exit code is 4.
    """
    session: Session = context.obj
    repository = session.repository
    if dry:
        _show_plan(repository.plan(), as_json)
        return
    _require_trust(repository, trust)
    done = repository.sync(lambda step: None if as_json else say(step))
    if as_json:
        emit_json({"came": list(done.came), "pushed": done.went, "undecided": list(done.undecided)})
    else:
        for each in done.came:
            say("  came: ", each)
        say("not finished" if done.undecided else done.note or "in step")
    if done.undecided:
        _tell_undecided(done.undecided)
        context.exit(IN_CONFLICT)


def _show_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        steps = [{"what": each.what, "detail": list(each.detail)} for each in plan.steps]
        emit_json({"steps": steps, "hindrance": plan.hindrance, "commands": list(plan.commands)})
        return
    if plan.hindrance:
        say("nothing can be done: ", plan.hindrance)
    for number, step in enumerate(plan.steps, 1):
        say(f"{number}. would ", bold(step.what))
        for line in step.detail:
            say("   ", dim(line))
    if not plan.steps and not plan.hindrance:
        say("there is nothing to do")
    for note in plan.notes:
        say(dim(note))
    for command in plan.commands:
        say("this repository would run ", bold(command))


@git.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
@click.option("--ours", "side", flag_value="ours", help="Where only one can stand: what this machine has.")
@click.option("--theirs", "side", flag_value="theirs", help="Where only one can stand: what the other has.")
@click.pass_context
def resolve(context: click.Context, files: Sequence[str], side: str | None) -> None:
    """Merge by meaning what git could not merge, or files that hold its markers.

    Without files: everything that is unmerged. `convo git sync` goes on from there.
    """
    session: Session = context.obj
    repository = session.repository
    if not files:
        files = _unmerged(session)
        if not files:
            raise Refused("nothing is unmerged, and no file has conflict markers")
    undecided = [file for file in files if not _resolved(repository, file, side)]
    if undecided:
        _tell_undecided(undecided)
        context.exit(IN_CONFLICT)
    state = repository.state()
    if state is not None and state.doing:
        say(dim("`convo git sync` goes on from there"))


def _unmerged(session: Session) -> list[str]:
    """Return the files that git could not merge, and those that hold its markers."""
    state = session.repository.state()
    marked = (each.path.name for each in session.lookup.damages() if each.reason == UNRESOLVED)
    return list(dict.fromkeys((*(state.unmerged if state is not None else ()), *marked)))


def _resolved(repository: Repository, file: str, side: str | None) -> bool:
    from convo_tui.core.contradiction import Contradiction

    try:
        name = repository.resolve(file)
    except Contradiction as contradiction:
        if side is None:
            for place in contradiction.places:
                complain(f"{file}: both sides changed {place.what}")
            return False
        name = repository.resolve(file, _decision(contradiction, side))
    say("merged ", bold(name))
    return True


def _decision(contradiction: Contradiction, side: str) -> Decision:
    from convo_tui.core.contradiction import Decision

    places = contradiction.places
    return Decision(places, frozenset(range(len(places)) if side == "ours" else ()))


def _tell_undecided(files: Sequence[str]) -> None:
    those = ", ".join(files)
    complain(f"{those}: only one side can stand; `convo` asks you which with S, or `convo git resolve --ours|--theirs`")


def _require_trust(repository: Repository, trust: bool) -> None:
    """Raise Refused when the repository would run what the person has not been told of."""
    commands = [] if trust else repository.unknown_commands()
    if commands:
        for each in commands:
            complain(f"this repository would run {each}")
        raise Refused("nothing was done: if these commands are yours, say so with --trust; that is asked once")
