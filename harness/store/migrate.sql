-- SPDX-License-Identifier: GPL-2.0
-- From schema 1 to 2: the gate's word on a run, how a point started, profiles.
ALTER TABLE run ADD COLUMN gate TEXT;
ALTER TABLE point ADD COLUMN start TEXT NOT NULL DEFAULT 'boot';
CREATE TABLE profile (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	stack           TEXT NOT NULL,
	insns           INTEGER NOT NULL,
	PRIMARY KEY (point, stack)
) WITHOUT ROWID;
