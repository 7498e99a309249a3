-- SPDX-License-Identifier: GPL-2.0
-- From schema 1 to 2: the gate's word on a run, how a point started, profiles.
ALTER TABLE run ADD COLUMN gate TEXT;
ALTER TABLE point ADD COLUMN start TEXT NOT NULL DEFAULT 'boot';
CREATE TABLE stack (
	id              INTEGER PRIMARY KEY,
	text            TEXT NOT NULL UNIQUE
);
CREATE TABLE profile (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	stack           INTEGER NOT NULL REFERENCES stack(id),
	insns           INTEGER NOT NULL,
	PRIMARY KEY (point, stack)
) WITHOUT ROWID;
