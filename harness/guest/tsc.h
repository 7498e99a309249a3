/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_TSC_H
#define FL_GUEST_TSC_H

/*
 * Frequency in kHz of the counter that rdtsc reads in a TCG guest: this machine's own TSC.  The
 * guest is told (tsc_early_khz=), since its calibration against an emulated PIT fails now and then,
 * and the boot with it.  Measured once against CLOCK_MONOTONIC_RAW over 20 ms.
 */
unsigned int fl_tsc_khz(void);

#endif
