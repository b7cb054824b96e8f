"""The ways to reach someone: what a file says becomes a link of one kind, or none."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.models import ReachKind, Relationship
from convo_tui.core.reaching import Way, link, ways


def acme(**fields: object) -> Relationship:
    return Relationship.model_validate(
        {"format": 1, "id": "20240301-7k3q9m2f", "name": "Acme", "kind": "organisation", **fields}
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("email", " ana@acme.example ", "mailto:ana@acme.example"),
        ("email", "mailto:ana@acme.example", "mailto:ana@acme.example"),
        ("email", "Ana Ruiz <ana+x@acme.example>", "mailto:ana+x@acme.example"),
        ("email", "gorby%kremvax@example.com", "mailto:gorby%25kremvax@example.com"),  # RFC 6068, section 6.1
        ("email", "unlikely?address@example.com", "mailto:unlikely%3Faddress@example.com"),  # the same
        ("email", "Mike&family@example.org", "mailto:Mike%26family@example.org"),  # the same
        ("phone", "+34 600 000 000", "tel:+34600000000"),
        ("phone", "+34\u00a0600\u00a0000\u00a0000", "tel:+34600000000"),
        ("phone", "+49 (0) 30 / 12-34", "tel:+49301234"),
        ("phone", "(030) 12.34", "tel:0301234"),
        ("phone", "+34 600 000 000 ext. 12", "tel:+34600000000"),
        ("web", "acme.example", "https://acme.example"),
        ("web", "acme.example:8080/a b?q=ö#x", "https://acme.example:8080/a%20b?q=%C3%B6#x"),
        ("web", "HTTP://Acme.example/50%25", "http://acme.example/50%25"),
        ("web", "https://müller.example", "https://xn--mller-kva.example"),
    ],
)
def test_what_is_understood_makes_a_link(kind: ReachKind, value: str, expected: str) -> None:
    assert link(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "ana"),
        ("email", "a@b@c"),
        ("email", "ana@acme.example?subject=hi"),
        ("email", "ana@acme.example&bcc=eve@evil.example"),
        ("email", "ana@acme.example\r\nBcc: eve@evil.example"),
        ("email", "ana@acme.example, eve@evil.example"),
        ("email", "ana@acme\u202e.example"),
        ("phone", "*#06#"),
        ("phone", "+34 600 000 000;phone-context=evil"),
        ("phone", "1-800-FLOWERS"),
        ("phone", "12"),
        ("phone", "1" * 30),
        ("web", "javascript:alert(1)"),
        ("web", "file:///etc/passwd"),
        ("web", "data:text/html,x"),
        ("web", "https://bank.example@evil.example/"),
        ("web", "https://user:password@evil.example/"),
        ("web", "https://evil.example\\@bank.example/"),
        ("web", "https://-evil.example"),
        ("web", "https://evil\x1b.example"),
        ("web", "https:///nowhere"),
        ("web", "https://x.example:99999"),
        ("web", "https://[broken"),
        ("web", "--help"),
        ("web", "https://x.example/" + "x" * 3_000),
        ("chat", "https://chat.example/ana"),
        ("address", "Calle Mayor 1"),
        ("other", "ana@acme.example"),
    ],
)
def test_what_is_doubtful_is_only_there_to_be_copied(kind: ReachKind, value: str) -> None:
    assert link(kind, value) is None


@given(st.sampled_from(["email", "phone", "web"]), st.text(max_size=60), st.text(max_size=30))
def test_a_link_is_of_its_own_kind_whatever_the_file_says(kind: ReachKind, said: str, more: str) -> None:
    for value in (
        said,
        f"ana{said}@acme.example{more}",
        f"+34 600{said}",
        f"https://acme.example{said}",
        f"x.de/{said}",
    ):
        made = link(kind, value)
        if made is None:
            continue
        parts = urlsplit(made)
        assert re.fullmatch("[!-~]+", made), "ASCII without spaces or controls"
        assert {"email": "mailto", "phone": "tel"}.get(kind, "http") in parts.scheme
        assert "@" not in parts.netloc
        if kind == "email":
            assert parts.query == parts.fragment == ""
            assert made.count("@") == 1
            assert "," not in made
        if kind == "phone":
            assert re.fullmatch(r"tel:\+?\d+", made)


def test_the_own_ways_come_first_then_those_of_the_people_with_their_names() -> None:
    found = ways(
        acme(
            reach=[
                {"kind": "email", "label": "work", "value": "office@acme.example"},
                {"kind": "chat", "value": "@acme"},
            ],
            people=[
                {
                    "id": "p1",
                    "name": "Ana",
                    "reach": ["ana@acme.example", "+34 600 000 000", "acme.example/ana", "@ana"],
                },
                {"id": "p2", "name": "Bo", "reach": ["bo@acme.example"], "left": "2026-05-01"},
            ],
        )
    )
    assert found == [
        Way("email · work", "office@acme.example", "mailto:office@acme.example"),
        Way("chat", "@acme", None),
        Way("email", "ana@acme.example", "mailto:ana@acme.example", "Ana"),
        Way("phone", "+34 600 000 000", "tel:+34600000000", "Ana"),
        Way("web", "acme.example/ana", "https://acme.example/ana", "Ana"),
        Way("other", "@ana", None, "Ana"),
    ]
    assert ways(acme()) == []
