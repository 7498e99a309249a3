-- SPDX-License-Identifier: GPL-2.0
-- From schema 5 to 6: which options a kernel has in place of what its fragments would rather have.
ALTER TABLE build ADD COLUMN taken TEXT;
