/* SPDX-License-Identifier: Apache-2.0
 * profile.h: tells which stretch of code the hart's clocks go to.
 *
 * With a cpu->profile the hart executes in a twin of exec.c's loop that looks at every jump, trap, return, and step into
 * another page: when that leaves the stretch, `moved` is told, and names the next one. So each clock goes to the stretch in
 * which the straight run of instructions began that it belongs to: exact for all that is left by a jump; a run that falls
 * from one function into the next counts for the first up to its jump, or the end of the page.
 */
#ifndef CPU_PROFILE_H
#define CPU_PROFILE_H

#include <stdint.h>

struct cpu_profile {
	uint64_t low, span; /* the stretch: [low, low + span), in mode priv; span 0 at first */
	unsigned priv;
	uint64_t asleep; /* clocks in WFI so far */
	/* Up to this clock the hart was in the stretch, or asleep; it goes on at pc. Sets low, span and priv. */
	void (*moved)(struct cpu_profile *p, uint64_t pc, unsigned priv, uint64_t clock);
};

static inline void cpu_profile_at(struct cpu_profile *p, uint64_t pc, uint64_t clock)
{
	if (__builtin_expect(pc - p->low >= p->span, 0))
		p->moved(p, pc, p->priv, clock);
}

static inline void cpu_profile_mode(struct cpu_profile *p, uint64_t pc, unsigned priv, uint64_t clock)
{
	if (priv != p->priv)
		p->moved(p, pc, priv, clock);
}

#endif
