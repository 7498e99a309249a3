-- SPDX-License-Identifier: GPL-2.0
-- From schema 2 to 3: test cases.
CREATE TABLE test_case (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	number          INTEGER NOT NULL,
	outcome         TEXT NOT NULL,
	detail          TEXT NOT NULL,
	PRIMARY KEY (point, name)
) WITHOUT ROWID;
