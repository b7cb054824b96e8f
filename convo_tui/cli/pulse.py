"""The command that looks after conversations: pulse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from convo_tui.cli.failures import complain
from convo_tui.cli.output import bold, dim, emit_json, json_option, say
from convo_tui.cli.relationships import tell_damages
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import attention_shape

if TYPE_CHECKING:
    from convo_tui.core.pulse import Attention


@click.command()
@click.option("--all", "in_full", is_flag=True, help="Everyone, with every reason.")
@click.option("--rules", is_flag=True, help="What counts as a reason, and the settings for it.")
@json_option
@click.pass_obj
def pulse(session: Session, in_full: bool, rules: bool, as_json: bool) -> None:
    """Show who needs attention, and why.

    The most urgent first, at most seven, each with the reason that weighs most. `[pulse]` in the settings says from
    when on something is a reason; --rules explains.
    """
    if rules:
        _explain(session.settings.pulse)
        return
    found = session.pulse()
    tell_damages(session.lookup)
    if as_json:
        emit_json([attention_shape(each, rank) for rank, each in enumerate(found, 1)])
    elif found:
        _show(found, in_full)
    elif session.lookup.count:
        say("nobody needs attention today; enjoy the conversations that come")
    else:
        complain("nobody is here yet; `convo new NAME` adds someone")


def _explain(stated: Mapping[str, float]) -> None:
    """Say what each rule means, and what the thresholds are now."""
    from convo_tui.core.pulse import explained
    from convo_tui.core.pulse_rules import Thresholds

    for rule, meaning in explained.items():
        say(bold(rule), " · ", meaning)
    say()
    say("[pulse]")
    thresholds = Thresholds.of(stated)
    for each in fields(thresholds):
        say(f"{each.name} = {getattr(thresholds, each.name):g}")


def _show(found: list[Attention], in_full: bool) -> None:
    from convo_tui.core.pulse import AT_ONCE

    for each in found if in_full else found[:AT_ONCE]:
        first, *others = each.reasons
        say(bold(each.name), " · ", first.text)
        for reason in others if in_full else ():
            say(dim(f"  also: {reason.text}"))
    if not in_full and (folded := _folded(found[:AT_ONCE], len(found) - AT_ONCE)):
        say(dim(f"{folded}; `convo pulse --all` shows everything"))


def _folded(shown: list[Attention], people: int) -> str:
    """Return in words what is not shown: so many people, and further reasons; nothing where that is nothing."""
    reasons = sum(len(each.reasons) - 1 for each in shown)
    told = [f"{people} more may like to hear from you"] if people > 0 else []
    if reasons:
        told.append("1 more reason" if reasons == 1 else f"{reasons} more reasons")
    return " and ".join(told)
