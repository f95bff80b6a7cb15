/* SPDX-License-Identifier: Apache-2.0
 * rtc.c: see rtc.h. The registers are those of goldfish's rtc.
 */
#include "soc/rtc.h"

#include "soc/map.h"

enum {
	TIME_LOW = 0x00,
	TIME_HIGH = 0x04,
	ALARM_LOW = 0x08,
	ALARM_HIGH = 0x0c,
	IRQ_ENABLED = 0x10,
	CLEAR_ALARM = 0x14,
	ALARM_STATUS = 0x18,
	CLEAR_INTERRUPT = 0x1c
};

void rtc_reset(struct rtc *r)
{
	*r = (struct rtc){.offset_ns = r->offset_ns};
}

void rtc_start(struct rtc *r, uint64_t seconds)
{
	r->offset_ns = seconds * 1000000000u;
}

static uint64_t now(const struct rtc *r, uint64_t cycle)
{
	return cycle * MAP_CLOCK_NS + r->offset_ns;
}

bool rtc_interrupt(struct rtc *r, uint64_t cycle)
{
	if (r->armed && now(r, cycle) >= r->alarm_ns) {
		r->armed = false;
		r->pending = true;
	}
	return r->pending && r->enabled;
}

uint64_t rtc_next(const struct rtc *r, uint64_t cycle)
{
	uint64_t left = r->alarm_ns - now(r, cycle);

	if (!r->armed || left > UINT64_MAX - MAP_CLOCK_NS)
		return UINT64_MAX;
	left = (left + MAP_CLOCK_NS - 1) / MAP_CLOCK_NS;
	return left < UINT64_MAX - cycle ? cycle + left : UINT64_MAX;
}

bool rtc_load(struct rtc *r, uint64_t cycle, uint64_t offset, unsigned len, uint64_t *data)
{
	if (len != 4)
		return false;
	rtc_interrupt(r, cycle);
	*data = 0;
	switch (offset) {
	case TIME_LOW:
		r->time_high = (uint32_t)(now(r, cycle) >> 32);
		*data = (uint32_t)now(r, cycle);
		break;
	case TIME_HIGH:
		*data = r->time_high;
		break;
	case ALARM_LOW:
		*data = (uint32_t)r->alarm_ns;
		break;
	case ALARM_HIGH:
		*data = r->alarm_ns >> 32;
		break;
	case IRQ_ENABLED:
		*data = r->enabled;
		break;
	case ALARM_STATUS:
		*data = r->armed;
		break;
	}
	return true;
}

/* The high half is written first, the low half acts. */
bool rtc_store(struct rtc *r, uint64_t cycle, uint64_t offset, unsigned len, uint64_t data)
{
	if (len != 4)
		return false;
	rtc_interrupt(r, cycle);
	switch (offset) {
	case TIME_LOW:
		r->offset_ns = ((uint64_t)r->time_high << 32 | (uint32_t)data) - cycle * MAP_CLOCK_NS;
		break;
	case TIME_HIGH:
		r->time_high = (uint32_t)data;
		break;
	case ALARM_LOW:
		r->alarm_ns = (uint64_t)r->alarm_high << 32 | (uint32_t)data;
		r->armed = true;
		break;
	case ALARM_HIGH:
		r->alarm_high = (uint32_t)data;
		break;
	case IRQ_ENABLED:
		r->enabled = data & 1;
		break;
	case CLEAR_ALARM:
		r->armed = false;
		break;
	case CLEAR_INTERRUPT:
		r->pending = false;
		break;
	}
	return true;
}
