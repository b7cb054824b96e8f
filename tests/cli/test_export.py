"""`convo export FORMAT [-o FILE]`."""

from __future__ import annotations

import os
import stat

import pytest

from tests.cli.conftest import Convo


def test_the_story_is_printed_or_put_into_a_file(ana: Convo) -> None:
    """`convo export story NAME` as Markdown one would like to read."""
    said = ana.done("export", "story", "ana").out
    assert said.startswith(
        "# Ana Ruiz\n\n*Head of Operations*\n\n## November 2026\n\n### Thursday 12 · call · 25 min\n"
    )
    assert "Opened: send pricing for 40 seats #pricing (due Fri 13 Nov); who signs in legal?" in said
    path = ana.home / "story.md"
    assert ana.done("export", "story", "ana", "-o", str(path)).out == f"{path} is written\n"
    assert path.read_text() == said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(ana.home).count("story.md") == 1
    assert not [each for each in os.listdir(ana.home) if each.endswith(".tmp")]


def test_a_file_that_exists_is_replaced_only_when_that_is_said(ana: Convo) -> None:
    path = ana.home / "story.md"
    path.write_text("mine")
    refused = ana("export", "story", "ana", "-o", str(path))
    assert (refused.code, refused.out, path.read_text()) == (1, "", "mine")
    assert refused.err == f"convo: {path}: it exists already and is left as it is; --force replaces it\n"
    ana.done("export", "story", "ana", "-o", str(path), "--force")
    assert path.read_text().startswith("# Ana Ruiz")


def test_where_nothing_can_be_written_it_says_so(ana: Convo) -> None:
    refused = ana("export", "story", "ana", "-o", str(ana.home / "no" / "story.md"))
    assert refused.code == 1
    assert "it cannot be written: No such file or directory; name another file with -o" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("poem", "ana"), 2, "'poem' is not 'story'"),
        (("story",), 2, "NAME"),
        (("story", "nobody"), 1, "nobody here is called"),
        (("story", "broken"), 3, "broken.toml"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_line(
    ana: Convo, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ana.file("broken").write_text("not toml")
    result = ana("export", *arguments)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert result.err.count("\n") == 1


def test_what_a_terminal_would_obey_is_not_printed(ana: Convo) -> None:
    file = ana.file("ana-ruiz")
    file.write_text(file.read_text().replace("Legal has", "Legal \\u001b]52;c;x\\u0007 has"))
    assert "\x1b" not in ana.done("export", "story", "ana").out
