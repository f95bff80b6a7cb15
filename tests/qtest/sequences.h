/* SPDX-License-Identifier: Apache-2.0
 * sequences.h: what is done to both machines. A sequence starts and ends with a reset.
 */
#ifndef QTEST_SEQUENCES_H
#define QTEST_SEQUENCES_H

#include "driver.h"

/* count sequences that differ in n, from 0. */
struct family {
	const char *name;
	unsigned count;
	void (*run)(struct driver *d, unsigned n);
};

/* Each ends with a NULL name. Requests and broken ones run on both rings. */
extern const struct family register_families[], request_families[], broken_families[];
extern const struct family split_families[], packed_families[];

/* After a reset everything works. */
void broken_again(struct driver *d);

/* A sequence drawn from the driver's generator. */
void sequence_random(struct driver *d);

extern const struct shape shapes[];
enum { SHAPES = 14 };

#endif
