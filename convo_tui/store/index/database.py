"""The file of the index: its tables, its version, and what takes its place when it cannot be used.

SQLite sees much of what damages a file, not all of it. So whoever closes the index last puts a seal beside it, with
the size, time and inode that it has then; one whose seal does not fit was touched by something else, and is made anew.
"""

from __future__ import annotations

VERSION = 1
"""Of the tables below; an index of an older version is made anew, one of a newer version is left alone."""

_OURS = 0x436F6E76
_BUSY = 5.0
"""Seconds to wait for another process that writes."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- One row for each file: how it looked when it was read, and what a list needs of it. From `key` on stands what
-- follows from all files together.
CREATE TABLE files (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE,
    size INTEGER, mtime_ns INTEGER, inode INTEGER, hash BLOB, settled INTEGER, is_local INTEGER,
    id TEXT, name TEXT, kind TEXT, organisation TEXT, role TEXT, tags TEXT, archived INTEGER, cadence TEXT,
    next_on TEXT, snoozed_until TEXT, issues TEXT, problem TEXT, line INTEGER, readable INTEGER, said TEXT,
    called TEXT, own_contact TEXT, own_sparks TEXT,
    key TEXT, clash TEXT, last_contact TEXT, moment REAL, sparks TEXT, wakes TEXT, rank INTEGER
);
CREATE INDEX files_by_id ON files (id);
CREATE INDEX files_by_key ON files (key);
CREATE INDEX files_by_attention ON files (rank, moment DESC, name, file, wakes);

-- Who can be named. `links` leads to them: by the slug of a name ("name"), by an id they had ("former"), and from the
-- organisation that they state to them ("member": an id or a slug).
CREATE TABLE names (
    number INTEGER, nth INTEGER, id TEXT, name TEXT, aliases TEXT, former TEXT, home TEXT, organisation TEXT,
    relationship TEXT, said TEXT, PRIMARY KEY (number, nth)
) WITHOUT ROWID;
CREATE INDEX names_by_id ON names (id);
CREATE INDEX names_by_home ON names (home) WHERE home != '';
CREATE INDEX names_by_relationship ON names (relationship) WHERE relationship != '';
CREATE TABLE links (
    word TEXT, sort TEXT, number INTEGER, id TEXT, PRIMARY KEY (word, sort, number, id)
) WITHOUT ROWID;
CREATE INDEX links_by_number ON links (number);
CREATE INDEX links_by_id ON links (id);

-- Those who took part in encounters of one file: each set once, with what a list needs of what they had together.
CREATE TABLE companies (company INTEGER PRIMARY KEY, number INTEGER, with_ TEXT, last_contact TEXT, sparks TEXT);
CREATE INDEX companies_by_number ON companies (number);
CREATE TABLE members (member TEXT, company INTEGER, PRIMARY KEY (member, company)) WITHOUT ROWID;
CREATE INDEX members_by_company ON members (company);
CREATE TABLE parties (party TEXT, company INTEGER, PRIMARY KEY (party, company)) WITHOUT ROWID;
CREATE INDEX parties_by_company ON parties (company);

-- Everything that has an id or can be found. `place` says what is wanted first: see `digest.place`.
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY, place INTEGER, number INTEGER, kind TEXT, id TEXT, at TEXT,
    company INTEGER, contact INTEGER, spark INTEGER, marks TEXT, opens_on TEXT, due TEXT, data TEXT, mark INTEGER,
    carried INTEGER, passed INTEGER, circling INTEGER, said TEXT
);
CREATE INDEX entries_by_number ON entries (number, kind);
CREATE TABLE talks (topic TEXT, entry INTEGER, PRIMARY KEY (topic, entry)) WITHOUT ROWID;
CREATE INDEX talks_by_entry ON talks (entry);
CREATE TABLE refs (ref TEXT, number INTEGER, PRIMARY KEY (ref, number)) WITHOUT ROWID;
CREATE INDEX refs_by_number ON refs (number);

-- How many entries say a word, and where: the words are our own (`core.folding`), so nothing is left to split.
CREATE TABLE words (word TEXT PRIMARY KEY, entries INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (said, content='', columnsize=0, tokenize='ascii');
-- Few and large segments: they are merged once, when all is read, and hardly ever after.
INSERT INTO texts (texts, rank) VALUES ('hashsize', 16777216);
INSERT INTO texts (texts, rank) VALUES ('automerge', 0);
INSERT INTO texts (texts, rank) VALUES ('crisismerge', 1000);
"""
