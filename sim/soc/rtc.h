/* SPDX-License-Identifier: Apache-2.0
 * rtc.h: the goldfish real-time clock: nanoseconds since 1970 and one alarm.
 *
 * The time is not stored: it follows from the clock, so that runs repeat.
 */
#ifndef SOC_RTC_H
#define SOC_RTC_H

#include <stdbool.h>
#include <stdint.h>

/* Plain data. */
struct rtc {
	uint64_t offset_ns; /* time is clock * 10 ns + this, modulo 2^64 */
	uint64_t alarm_ns;
	uint32_t time_high, alarm_high; /* latched: by a read of TIME_LOW, and as written */
	bool armed;                     /* the alarm is to come */
	bool pending;                   /* and came, and nobody cleared it */
	bool enabled;                   /* it may interrupt */
};

/* As after power-on in this clock; the time goes on, as it has a battery. */
void rtc_reset(struct rtc *r);
/* The time of clock 0, in seconds since 1970. */
void rtc_start(struct rtc *r, uint64_t seconds);

/* offset from MAP_RTC; len must be 4, aligned. false: no such access. */
bool rtc_load(struct rtc *r, uint64_t cycle, uint64_t offset, unsigned len, uint64_t *data);
bool rtc_store(struct rtc *r, uint64_t cycle, uint64_t offset, unsigned len, uint64_t data);

/* The alarm comes when it is due. Returns the interrupt pin. */
bool rtc_interrupt(struct rtc *r, uint64_t cycle);
/* The clock of the alarm; UINT64_MAX: there is none to come. */
uint64_t rtc_next(const struct rtc *r, uint64_t cycle);

#endif
