"""A link is opened by a program of the system, as one word of its arguments, or not at all."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui import opening
from convo_tui.core.errors import Refused
from convo_tui.core.reaching import link
from convo_tui.opening import open_link

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has an opener of its own")


class Desktop:
    """A system with programs that write down how they were called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, monkeypatch
        folder.mkdir()
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME", "SSH_CONNECTION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(opening.sys, "platform", "linux")

    def add(self, name: str, then: str = "") -> None:
        """Install a program that writes its arguments, and what it is connected to, into a file."""
        path = self.folder / name
        path.write_text(
            f"#!{sys.executable}\nimport json, os, sys, time\n"
            f"said = [sys.argv[1:], [os.isatty(each) for each in (0, 1, 2)], os.getsid(0) == os.getpid()]\n"
            f"open({str(self.folder / 'called')!r}, 'w').write(json.dumps([{name!r}, *said]))\n{then}\n"
        )
        path.chmod(0o700)

    @property
    def called(self) -> list[object]:
        return json.loads((self.folder / "called").read_text())


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    made = Desktop(tmp_path / "bin", monkeypatch)
    made.patch.setenv("DISPLAY", ":0")
    return made


@pytest.mark.parametrize("name", ["xdg-open", "wslview"])
def test_the_opener_gets_the_link_as_one_argument_in_a_session_of_its_own(desktop: Desktop, name: str) -> None:
    desktop.patch.setenv("WSL_DISTRO_NAME", "Ubuntu")
    desktop.add(name)
    open_link("https://acme.example/a;touch$(x)&b='c'")
    assert desktop.called == [name, ["https://acme.example/a;touch$(x)&b='c'"], [False] * 3, True]


def test_gio_serves_where_there_is_no_xdg_open(desktop: Desktop) -> None:
    desktop.add("gio")
    open_link("tel:+34600000000")
    assert desktop.called[:2] == ["gio", ["open", "tel:+34600000000"]]


def test_a_mac_has_open(desktop: Desktop) -> None:
    desktop.patch.setattr(opening.sys, "platform", "darwin")
    desktop.add("open")
    open_link("mailto:ana@acme.example")
    assert desktop.called[:2] == ["open", ["mailto:ana@acme.example"]]


@pytest.mark.parametrize(
    ("browser", "arguments"),
    [
        ("fox", ["https://x.example"]),
        ("gone:fox --new-window", ["--new-window", "https://x.example"]),
        ("fox --url=%s -q &", ["--url=https://x.example", "-q"]),
        ("'open quote:%s:sh -c 'fox %s':fox", ["https://x.example"]),
    ],
)
def test_the_browser_that_is_set_opens_the_web_without_a_shell(
    desktop: Desktop, browser: str, arguments: list[str]
) -> None:
    desktop.patch.delenv("DISPLAY")
    desktop.patch.setenv("BROWSER", browser)
    desktop.add("fox")
    desktop.add("sh")
    open_link("https://x.example")
    assert desktop.called[:2] == ["fox", arguments]
    with pytest.raises(Refused, match="copy it instead: tel:112"):
        open_link("tel:112")


def test_without_a_desktop_it_says_so_with_the_address_to_copy(desktop: Desktop) -> None:
    desktop.add("xdg-open")
    desktop.patch.delenv("DISPLAY")
    with pytest.raises(Refused, match="nothing here can open a link; copy it instead: mailto:"):
        open_link("mailto:ana@acme.example")
    assert not (desktop.folder / "called").exists()


def test_an_opener_that_fails_is_told(desktop: Desktop) -> None:
    desktop.add("xdg-open", "sys.exit(3)")
    with pytest.raises(Refused, match=r"xdg-open could not open it \(code 3\); copy the link instead"):
        open_link("https://x.example")


def test_an_opener_that_does_not_start_is_told(desktop: Desktop) -> None:
    broken = desktop.folder / "xdg-open"
    broken.write_text("#!/nowhere/at/all\n")
    broken.chmod(0o700)
    with pytest.raises(Refused, match="xdg-open did not start: No such file"):
        open_link("https://x.example")


def test_an_opener_that_takes_its_time_is_not_waited_for(desktop: Desktop) -> None:
    desktop.patch.setattr(opening, "_PATIENCE", 0.1)
    desktop.add("xdg-open", "time.sleep(5)")
    began = time.monotonic()
    open_link("https://x.example")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "-rf",
        "--help",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://x.example",
        "/etc/passwd",
        "https:x.example",
        "https://",
        "https://-x.example",
        "https://user@x.example",
        "https://bank.example:pass@x.example",
        "https://x.example:port",
        "https://[x",
        "https://x.example/\x1b]0;x\x07",
        "https://x.example/\n--help",
        "https://x.example/a b",
        "https://x.example/\u202e",
        "https://ex\u0430mple.com",
        "https://x.example/`id`",
        "https://x.example/\\",
        "https://x.example/" + "x" * 3_000,
        "mailto:",
        "mailto:ana",
        "mailto:ana@x.example?bcc=eve@x.example",
        "mailto:ana@x.example,eve@x.example",
        "mailto:ana@x.example#x",
        "mailto://host/ana@x.example",
        "tel:*%2306%23",
        "tel:112?x",
        "tel:",
        " https://x.example",
    ],
)
def test_no_other_link_is_opened(desktop: Desktop, url: str) -> None:
    desktop.add("xdg-open")
    with pytest.raises(Refused, match="this link is not opened: ") as refusal:
        open_link(url)
    assert len(str(refusal.value)) < 250
    assert not (desktop.folder / "called").exists()


@given(st.sampled_from(["email", "phone", "web"]), st.text(st.characters(max_codepoint=0x2FF), max_size=40))
def test_what_the_ways_to_reach_someone_link_to_is_opened(kind: str, said: str) -> None:
    for value in (said, f"a{said}@x.example", f"+34 600{said}", f"x.example/{said}"):
        made = link(kind, value)  # type: ignore[arg-type]
        assert made is None or opening._suspicious(made) == "", made
