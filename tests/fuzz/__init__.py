"""A seeded fuzzer over files, the note grammar and the merge: `python -m tests.fuzz`."""
