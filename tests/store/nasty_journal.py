"""A small journal of everything that is hard to index: scripts, names, references, damage, two files with one id."""

from __future__ import annotations

from pathlib import Path

_ANA, _ACME, _SOREN, _HAN, _THAI = (f"20260101-{name}0001"[:17] for name in ("anaa", "acme", "sore", "hann", "thai"))
_PERSON = "20260101-pers0001"
_LONG = "x" * 40_000

FILES = {
    "acme.toml": f"""
format = 1
id = "{_ACME}"
name = "Acme GmbH"
kind = "organisation"
aliases = ["Acme", "ACME Straße"]
former = ["20200101-form0001"]
tags = ["client", "e-mea"]
story = \"\"\"
We are making #pricing fair, and it's ½ done.\"\"\"

[[people]]
id = "{_PERSON}"
name = "Ana Ruiz"
role = "Head of O’Operations"
relationship = "{_ANA}"

[[people]]
id = "20260101-pers0002"
name = "山田太郎"

[[issues]]
id = "20261101-issu0001"
text = "send pricing for 40 seats #pricing"
owner = "me"
state = "open"
opened = 2026-11-01T10:20:00+01:00
opened_in = "20261108-enco0001"
due = 2026-11-10

[[issues]]
id = "20261101-issu0002"
text = "parked until a day that has come #Pricing-Plan"
owner = "them"
state = "parked"
parked_until = 2026-11-20
due = 2026-11-21

[[issues]]
id = "20261101-issu0003"
text = "parked until a day to come"
owner = "us"
state = "parked"
parked_until = 2027-11-20

[[issues]]
id = "not-a-day"
text = "settled, nobody knows when"
owner = "me"
state = "settled"
outcome = "agreed on 38 seats"

[[heard]]
id = "20261108-hear0001"
kind = "unsaid"
text = "afraid the migration makes her look bad"
heard_in = "20261108-enco0001"

[[heard]]
id = "20261108-hear0002"
kind = "idea"
text = "dark mode, naïve café"
met = 2026-11-15

[[encounters]]
id = "20261108-enco0001"
at = 2026-11-08T10:00:00+01:00
channel = "call"
with = ["{_PERSON}"]
nature = "conversation"
spark = 4
note = \"\"\"
We spoke about the pricing plan; don't forget the plan's price.
[[encounters]]
id = "20261108-enco0001"
note = "not what was said"
[a line like a header]
```
#fenced is no topic
```\"\"\"

[[encounters]]
id = "20261108-enco0002"
at = 2026-11-08T10:00:30+01:00
channel = "note"
mentions = ["{_SOREN}", "{_ANA}"]
nature = "transaction"
note = "e-mail: foo_bar <b>https://example.com/#pricing</b> (#pilot) '#pilot'"

[[encounters]]
id = "20261108-enco0003"
at = 2026-11-08T23:59:00-12:00
channel = "meeting"
nature = "conversation"
""",
    "ana-ruiz.toml": f"""
format = 1
id = "{_ANA}"
name = "Ana Ruiz"
kind = "person"
organisation = "20200101-form0001"
archived = true

[[encounters]]
id = "20261001-enco0001"
at = 2026-10-01T10:00:00
channel = "email"
with = ["{_SOREN}"]
nature = "conversation"
note = "Cafe\u0301 Zu\u0308rich, ﬁne, STRASSE, İstanbul, ǅ, Ⅷ, 𝕬na, a\u00adb\u200dc"

[[encounters]]
at = 2026-10-02T10:00:00
channel = "call"
note = "an entry without an id"

[[encounters]]
id = "20261003-enco0001"
at = 0001-01-01T00:00:00+23:59
channel = "chat"
note = "!!! ... ???"

[[encounters]]
id = "20261003-enco0002"
at = 9999-12-31T23:59:00-23:59
channel = "chat"
note = '''It ends when all days end #end'''
""",
    "soren.toml": f"""
format = 1
id = "{_SOREN}"
name = "Søren Ærø"
kind = "person"
organisation = "acme"
role = "CTO"
cadence = "3w"

[[encounters]]
id = "20260901-enco0001"
at = 2026-09-01T10:00:00+02:00
channel = "call"
with = ["{_ACME}", "nobody-here"]
note = "שלום עולם, مرحبا بالعالم ‏pricing‎, Привет мир, Ελλάδα ΟΔΟΣ"

[[encounters]]
id = "20260901-enco0002"
at = 2026-09-01T10:00:00+02:00
channel = "call"
note = "👩‍👩‍👧 family 🎉party🎉 1️⃣ one #🎉 #über-Plan"
""",
    "han.toml": f"""
format = 1
id = "{_HAN}"
name = "山田太郎"
kind = "person"

[[encounters]]
id = "20260801-enco0001"
at = 2026-08-01T10:00:00+02:00
channel = "call"
note = "東京タワーで会議 pricing を話した。한국어 가격표 ｶﾞ株式会社"
""",
    "thai.toml": f"""
format = 1
id = "{_THAI}"
name = "สมชาย ใจดี"
kind = "person"

[[encounters]]
id = "20260801-enco0002"
at = 2026-08-01T10:00:00+02:00
channel = "call"
note = "ประชุมเรื่องราคา का की को ភាសាខ្មែរ မြန်မာ"

[[encounters]]
id = "20260801-enco0003"
at = 2026-08-01T10:00:00+02:00
channel = "call"
note = "{_LONG} {_LONG}y"
""",
    # Two files with one id, in the order of their names.
    "twin-a.toml": f"""
format = 1
id = "20260101-twin0001"
name = "Twin"
kind = "person"

[[encounters]]
id = "20260801-twin0001"
at = 2026-08-01T10:00:00+02:00
with = ["{_ANA}"]
note = "the first twin"
""",
    "twin-b.toml": f"""
format = 1
id = "20260101-twin0001"
name = "Twin"
kind = "person"

[[encounters]]
id = "20260801-twin0001"
at = 2026-08-01T10:00:00+02:00
with = ["{_ANA}"]
note = "the second twin"
""",
    "newer.toml": """
format = 2
id = "20260101-newe0001"
name = "A Newer One"
kind = "organisation"
organisation = "A Newer One"
""",
    "damaged.toml": 'format = 1\nname = "Dora Damaged"\nkind = ',
    "empty.toml": "",
}
"""What stands in each file."""


def write_nasty_journal(folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text.lstrip("\n"), "utf-8")
