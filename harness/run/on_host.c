/* SPDX-License-Identifier: GPL-2.0 */
/* A point whose settings change the host under its guest. */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/experiment/setting.h"
#include "harness/run/host_settings.h"
#include "harness/run/point.h"

/* Settings of the host are for this point only, so it runs alone. */
static int run_on_changed_host(struct fl_outcome *o, const struct fl_point_config *c,
			       struct fl_host_settings *h, const struct fl_point_setting *settings,
			       size_t n, struct fl_error *err)
{
	struct fl_error restoring;
	int bad = fl_host_settings_apply(h, settings, n, &o->status, o->reason, sizeof(o->reason),
					 err);

	if (!bad && o->status == FL_OK)
		bad = fl_point_run_here(o, c, err);
	if (fl_host_settings_restore(h, bad ? &restoring : err))
		bad = -1;
	return bad;
}

int fl_point_run(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	const struct fl_point *p = c->point;
	cleanup_free struct fl_point_setting *settings =
		fl_calloc(p->n_settings + 1, sizeof(*settings));
	struct fl_host_settings *h = c->host;
	char note[512];
	size_t n = 0;
	int bad;

	for (size_t i = 0; i < p->n_settings; i++)
		if (fl_setting_find(p->settings[i].name)->how == FL_SET_HOST)
			settings[n++] = p->settings[i];
	if (!n)
		return fl_point_run_here(o, c, err);
	memset(o, 0, sizeof(*o));
	if (!h && fl_host_settings_begin(&h, note, sizeof(note), err))
		return -1;
	bad = run_on_changed_host(o, c, h, settings, n, err);
	if (!c->host)
		fl_host_settings_end(h);
	return bad;
}
