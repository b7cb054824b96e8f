"""Writes the table of keys in the README from the one table of the program: `make screenshots`. A test compares."""

from __future__ import annotations

from pathlib import Path

from convo_tui.tui import keys

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: made from the table in convo_tui/tui/keys.py; a test compares -->", "<!-- end of keys -->"


def table() -> str:
    """Return the keys as a Markdown table, neighbours that share a label in one row."""
    lines = ["| keys | name | what it does |", "|---|---|---|"]
    where = ""
    for key in keys.KEYS:
        if key.where != where:
            where = key.where
            lines.append(f"| **{where}** | | |")
        shown = " ".join(f"`{keys.display(each)}`" for each in key.keys)
        lines.append(f"| {shown} | {key.id} | {key.help} |")
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """Return the text of the README with the table as it is now."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
