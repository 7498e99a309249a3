/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ROOM_H
#define FL_REPORT_ROOM_H

/* The end of a run has at most 30 lines; the last three say where report and plots are. */
#define FL_END_LINES 27

/* How much a part of it may use. */
struct fl_room {
	unsigned int columns, lines;
	const char *run; /* its name, to refer to for what is left out */
};

#endif
