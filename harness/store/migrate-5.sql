-- SPDX-License-Identifier: GPL-2.0
-- From schema 4 to 5: how often a test case failed of how often it was tried, and what it printed.
ALTER TABLE test_case ADD COLUMN failures INTEGER;
ALTER TABLE test_case ADD COLUMN tries INTEGER;
ALTER TABLE test_case ADD COLUMN text TEXT;
