"""The tables of `OUT/gradebook.db`, documented in docs/gradebook.md, and the way there from every older version.

A migration is never changed once released: a new version is one more entry.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from grader.errors import UsageError
from grader.text import text

_FIRST: Final = """
CREATE TABLE program (          -- what was handed in, once for each content
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL       -- zlib of the msgpack of the files
);
CREATE TABLE attempt (          -- one content that one student handed in
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL,
    assignment TEXT NOT NULL,
    submission TEXT NOT NULL,   -- digest of the content
    place INTEGER NOT NULL,     -- among all attempts, in the order in which they were handed in, the last time where one was again
    submitted TEXT,             -- ISO 8601, UTC; NULL where nobody knows
    key TEXT NOT NULL,          -- of assignment, seed, grader, options: the same key, the same report; empty after a fault
    score REAL,                 -- NULL: our fault
    max_score REAL NOT NULL,
    report BLOB NOT NULL,       -- JSON, as in docs/report.schema.json, without the mark
    UNIQUE (student, assignment, submission)
);
CREATE INDEX newest ON attempt (place);
CREATE TABLE outcome (          -- one check of one attempt
    attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    points REAL,
    max_points REAL NOT NULL,
    mistake TEXT,               -- the known mistake that was recognised
    PRIMARY KEY (attempt, name)
) WITHOUT ROWID;
CREATE TABLE current (          -- what counts now
    student TEXT NOT NULL,
    assignment TEXT NOT NULL,
    attempt INTEGER NOT NULL REFERENCES attempt,
    mark BLOB NOT NULL,         -- JSON: value, attempt, attempts, late_days, penalty, adjustment
    PRIMARY KEY (student, assignment)
) WITHOUT ROWID;
CREATE TABLE adjustment (       -- points that a teacher added or took away; none is ever deleted
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL,
    assignment TEXT NOT NULL,
    points REAL NOT NULL,
    reason TEXT NOT NULL,
    made TEXT NOT NULL
);
CREATE TABLE history (          -- every value that a mark has had
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL,
    assignment TEXT NOT NULL,
    at TEXT NOT NULL,
    value REAL,
    why TEXT NOT NULL           -- handed_in, regraded, adjusted, policy
);
CREATE TABLE proposal (         -- what a regrade found, until it is applied
    attempt INTEGER PRIMARY KEY REFERENCES attempt ON DELETE CASCADE,
    key TEXT NOT NULL,
    report BLOB NOT NULL
);
"""


def _to_1(db: sqlite3.Connection) -> None:
    for statement in _FIRST.split(";\n"):
        db.execute(statement)


MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_to_1,)


def migrate(db: sqlite3.Connection, path: object) -> None:
    """Bring a gradebook to this version. Raises UsageError for one of a later grader, sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")  # two graders may open a new folder at once
    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise UsageError(text("gradebook_too_new", path=path, version=version, known=len(MIGRATIONS)))
        for step in MIGRATIONS[version:]:
            step(db)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
