-- SPDX-License-Identifier: GPL-2.0
-- From schema 3 to 4: where the kernel and the programs of a point come from, which kernel filled
-- which role, and how often a function of the profile was called.  Of points that are older, nothing
-- is known.
CREATE TABLE config (
	hash            TEXT PRIMARY KEY,
	text            TEXT NOT NULL
);
CREATE TABLE build (
	id              INTEGER PRIMARY KEY,
	hash            TEXT NOT NULL UNIQUE,
	path            TEXT,
	file_hash       TEXT,
	name            TEXT,
	source          TEXT,
	base            TEXT,
	"commit"        TEXT,
	dirty           TEXT,
	series          TEXT,
	series_hash     TEXT,
	fragments       TEXT,
	compiler        TEXT,
	config_hash     TEXT REFERENCES config(hash)
);
CREATE TABLE image (
	id              INTEGER PRIMARY KEY,
	hash            TEXT NOT NULL UNIQUE
);
CREATE TABLE program (
	image           INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
	place           TEXT NOT NULL,
	hash            TEXT NOT NULL,
	PRIMARY KEY (image, place)
) WITHOUT ROWID;
CREATE TABLE role (
	run             INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
	number          INTEGER NOT NULL,
	name            TEXT NOT NULL,
	kernel          TEXT NOT NULL,
	PRIMARY KEY (run, number)
) WITHOUT ROWID;
ALTER TABLE point ADD COLUMN build INTEGER REFERENCES build(id);
ALTER TABLE point ADD COLUMN image INTEGER REFERENCES image(id);
ALTER TABLE point ADD COLUMN qemu TEXT;
ALTER TABLE profile ADD COLUMN calls INTEGER NOT NULL DEFAULT 0;
