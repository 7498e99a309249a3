// SPDX-License-Identifier: GPL-2.0
#include "damage.h"

const char *damage_name(const struct pattern_verdict *v)
{
	if (v->wrong_words < PATTERN_WORDS)
		return "torn";
	return v->kind == PATTERN_ZEROED ? "lost" : pattern_name(v->kind);
}

bool damage_fresh(const struct pattern_verdict *v)
{
	return v->kind == PATTERN_ZEROED && v->wrong_words == PATTERN_WORDS - 1;
}
