/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/caveats.h"

#include <string.h>

#include "harness/base/strv.h"

const char *fl_caveat_boots(const struct fl_summary *s)
{
	size_t most = 0;

	for (size_t i = 0; i < s->n_rows; i++)
		most = s->rows[i].n_ok > most ? s->rows[i].n_ok : most;
	if (most != 1)
		return NULL;
	return !strcmp(s->run.timebase, "insn")
		       ? "One boot per row: how much boots differ was not measured."
		       : "One boot per row: a difference may be noise.  More: --repeat N";
}

char *fl_caveat_worth(const struct fl_judged_crossings *crossings, const char *name)
{
	for (size_t i = 0; name && i < crossings->n; i++) {
		const struct fl_crossing_curve *c = &crossings->curves[i];

		if (!strcmp(c->crossing->name, name) && c->crossing->worth > 0 && c->price_unit)
			return fl_asprintf("PAYS: saves and costs less.  Too dear: over %g %s a %s "
					   "saved.",
					   c->crossing->worth, c->price_unit, c->saving_unit);
	}
	return NULL;
}
