/* SPDX-License-Identifier: Apache-2.0
 * robust.h: bad drivers by name, for tests that want to see what becomes of the device, and that it serves again. */
#ifndef ROBUST_H
#define ROBUST_H

#include "blk.h"

enum { ROBUST_LONG = 5000, ROBUST_NUM = 16 };

/* Something that no driver may do, posted on a ring of ROBUST_NUM entries that is live; it is not kicked. */
struct misdeed {
	const char *what;
	uint64_t features; /* that it wants, VERSION_1 not named */
	void (*post)(struct ring *q);
};
extern const struct misdeed misdeeds[];
extern const unsigned misdeed_count;

/* Features of a split ring, VERSION_1 among them. */
#define ROBUST_FEATURES(features) (F(VERSION_1) | (features))

/* The bursts since the mark lie in these rings and nowhere else. */
void robust_check_rings_only(struct ring *q, uint64_t mark);
/* Status = 0 and a new start; then `requests` good requests on queue 0. */
void robust_check_recovers(struct rig *r, uint64_t features, unsigned requests);
/* bring_up, the misdeed and a kick; DEVICE_NEEDS_RESET, nothing used; then the device recovers. */
void robust_check_refused(struct rig *r, const char *what);
/* The misdeed by name. */
const struct misdeed *robust_find(struct rig *r, const char *what);

#endif
