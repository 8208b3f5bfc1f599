/* SPDX-License-Identifier: MIT
 *
 * base/clock.h: a clock that nobody sets, for how long something takes and for waiting.
 */
#ifndef RETORT_BASE_CLOCK_H
#define RETORT_BASE_CLOCK_H

/* Milliseconds since some moment of the past. */
double clock_ms(void);

#endif
