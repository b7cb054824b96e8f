"""No text reaches a screen or a terminal as markup or unsanitized (ARCHITECTURE.md, "Text on screen": "a test bans raw
strings").

Textual reads a plain string as markup in `Static`, `notify`, a border, a tooltip and the palette.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import convo_tui

ROOT = Path(convo_tui.__file__).parent

WIDGETS = {"Input", "RadioButton", "RadioSet", "Rule", "Static", "TextArea"}
"""The widgets of Textual that may be used: of the others nobody has looked at what they do with a string."""

MARKUP = {"from_markup", "from_text", "render_str", "MarkupError", "Markdown", "RichLog", "Label"}
"""What reads markup; escaping it is not reliable."""

SAFE = {"Content", "Content.styled", "parts.text"}
"""What makes text of a string, whatever it looks like."""

MARKED = {"border_title", "border_subtitle", "tooltip", "title", "sub_title", "placeholder"}
"""Attributes and arguments that show a string."""

EXEMPT = {
    'tui.screens.listing: border_title = f"Relationships · {listed:,}"': "a number",
    'tui.screens.listing: border_subtitle = f"by {self.order}"': "one of three words of ours",
    'tui.screens.problems: border_title = f"Problems · {_counted(problems)}"': "numbers and words of ours",
    "tui.screens.picker: placeholder = self._hint": "an input shows it as text; words of ours",
    "tui.screens.prompts: placeholder = self._hint": "an input shows it as text; words of ours",
    "tui.screens.form: placeholder = hint": "an input shows it as text; words of ours",
    "tui.keys: tooltip = key.help": "shown by no widget that is used; from the table of keys",
    'tui.app: SystemCommand(key.help.rstrip("."), f"key: {pressed}", partial(screen.run_action, key.action))': (
        "the table of keys and names of keys; one like `[ b ]` can vanish, but raises nothing"
    ),
    'cli.output: click.echo("\\n".join((line.rstrip() for line in lines)), color=_is_styled())': "sanitized parts",
    'cli.output: click.echo(json.dumps(value, ensure_ascii=True, indent=2).replace("\\x7f", "\\\\u007f"))': "ASCII",
    'cli.progress: print(f"\\r{seen}", end="", file=sys.stderr, flush=True)': "a number",
    'cli.progress: print(f"\\r{\' \' * len(seen)}\\r", end="", file=sys.stderr, flush=True)': "blanks",
    'cli.completing: click.echo("\\n".join('
    "map(asked.format_completion, asked.get_completions(arguments, incomplete))))": (
        "ids, slugs and topics, which hold letters, digits and hyphens alone; their help is sanitized"
    ),
    "cli.git: click.echo(context.get_help())": "the help of a command",
    "cli.folder: click.echo(os.fsencode(found))": "a path for a program; in a terminal it is said",
    'cli.folder: click.echo(kind(context.find_root().command, {}, "convo", "_CONVO_COMPLETE").source())': (
        "a script of click's"
    ),
}
"""Every other string that is shown, with the reason why it may be."""


def name_of(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def is_text(node: ast.expr) -> bool:
    """Whether it is a string of ours without a bracket, or content, whatever the string."""
    if isinstance(node, ast.Constant):
        return node.value is None or (isinstance(node.value, str) and "[" not in node.value)
    if isinstance(node, ast.IfExp):
        return is_text(node.body) and is_text(node.orelse)
    return isinstance(node, ast.Call) and name_of(node.func) in SAFE


def is_plain(call: ast.Call) -> bool:
    """Whether it is told to take a string as it is."""
    return any(
        each.arg == "markup" and isinstance(each.value, ast.Constant) and each.value.value is False
        for each in call.keywords
    )


def raw_on_screen(tree: ast.AST) -> Iterator[str]:
    """Everything in a module of the full screen that shows a string as it should not, in words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            taken = {each.name for each in node.names}
            if node.module == "textual.widgets":
                yield from sorted(taken - WIDGETS)
            elif node.module in ("rich.markup", "textual.markup", "rich.console", "rich"):
                yield f"from {node.module}"
        if isinstance(node, ast.Attribute | ast.Name) and name_of(node).rpartition(".")[2] in MARKUP:
            yield name_of(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in MARKED and not is_text(node.value):
                    yield f"{target.attr} = {shown(node.value)}"
        elif isinstance(node, ast.Call):
            yield from _raw_call(node)


def _raw_call(call: ast.Call) -> Iterator[str]:
    name = name_of(call.func).rpartition(".")[2]
    if name in ("Static", "notify") and not is_plain(call):
        yield shown(call)
    if name == "SystemCommand" and not all(is_text(each) for each in call.args[:2]):
        yield shown(call)
    for each in call.keywords:
        if each.arg in MARKED and not is_text(each.value):
            yield f"{each.arg} = {shown(each.value)}"


PRINTS = {"print", "click.echo", "click.secho", "click.prompt", "click.confirm", "click.echo_via_pager"}
PRINTS |= {"sys.stdout.write", "sys.stderr.write", "sys.stdout.writelines", "sys.stderr.writelines"}


def raw_in_terminal(tree: ast.AST) -> Iterator[str]:
    """Everything in a module of the command line that prints more than words of ours, unsanitized."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in PRINTS:
            said = node.args[0] if node.args else ast.Constant("")
            if not isinstance(said, ast.Constant) and not all(map(is_clean, _values(said))):
                yield shown(node)


def _values(node: ast.expr) -> list[ast.expr]:
    """What is put into an f-string; of anything else, itself."""
    if isinstance(node, ast.JoinedStr):
        return [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
    return [node]


def is_clean(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and name_of(node.func) in ("sanitize", "single")
    return called or (isinstance(node, ast.Name) and node.id == "number")


def shown(node: ast.AST) -> str:
    """The code of it, with double quotes as we write them."""
    return ast.unparse(ast.parse(ast.unparse(node))).replace("'", '"')


def found() -> set[str]:
    raw = set()
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text("utf-8"))
        for each in raw_on_screen(tree) if module.startswith("tui") else raw_in_terminal(tree):
            raw.add(f"{module}: {each}")
    return raw


def test_no_raw_string_is_shown() -> None:
    exempt = {each.replace("'", '"') for each in EXEMPT}
    assert found() - exempt == set()


def test_no_exemption_has_outlived_what_it_was_made_for() -> None:
    exempt = {each.replace("'", '"') for each in EXEMPT}
    assert exempt - found() == set()


@pytest.mark.parametrize(
    "code",
    [
        "Static(name)",
        "Static('x', markup=True)",
        "self.notify(message)",
        "self.app.notify(message, markup=flag)",
        "box.border_title = name",
        "box.border_title = f'Reach {name}'",
        "box.border_subtitle = '[b]'",
        "self.tooltip = name",
        "app.sub_title = name",
        "LineList(placeholder=name)",
        "SystemCommand(name, 'help', call)",
        "Content.from_markup(name)",
        "Text.from_markup(name)",
        "Content.from_text(name)",
        "from textual.widgets import Button",
        "from rich.markup import escape",
    ],
)
def test_what_shows_a_raw_string_is_found(code: str) -> None:
    assert list(raw_on_screen(ast.parse(code)))


@pytest.mark.parametrize("code", ["print(name)", "click.echo(f'{name} is here')", "sys.stderr.write(name)"])
def test_what_prints_a_raw_string_is_found(code: str) -> None:
    assert list(raw_in_terminal(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "Static(name, markup=False)",
        "self.notify(message, markup=False)",
        "box.border_title = Content(f'Reach {name}')",
        "box.border_title = 'Find'",
        "LineList(placeholder=Content(name))",
    ],
)
def test_what_shows_text_as_text_is_no_raw_string(code: str) -> None:
    assert not list(raw_on_screen(ast.parse(code)))
