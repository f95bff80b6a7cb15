/* SPDX-License-Identifier: Apache-2.0
 * speed.h: the bench's measures of the simulator, as ratios of times taken in turn on one machine.
 */
#ifndef SPEED_H
#define SPEED_H

/* Each time is the least of a few runs, which take turns so that a busy machine hurts all alike. */
struct speed {
	double model_over_rtl;    /* clocks a second of the model over those of the RTL; bench included */
	double lockstep_over_rtl; /* time of lockstep over the RTL's, for the same clocks */
	double model_hz, rtl_hz, lockstep_hz;
};

/* 4 KiB reads and writes in turn, 8 in flight, at L = 64. */
struct speed speed_measure(void);

struct cpu_speed {
	double ours_mips, singlestep_mips, tcg_mips;
};

/* An integer loop on ringwalk, on qemu-system-riscv64 -singlestep and on QEMU as it is; start-up is taken off by the
 * time of a program that ends at once. Paths of the program, of the loop and of the empty ELF. Ends the program with
 * status 77 when QEMU is not there, and with 2 when a run fails. */
struct cpu_speed cpu_measure(const char *ringwalk, const char *loop_elf, const char *empty_elf, const char *stats_path);

#endif
