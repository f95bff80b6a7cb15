/* SPDX-License-Identifier: Apache-2.0
 * soc_super.h: a program for test_soc_super.c, which says what memory it has; and its source.
 *
 * A timer of S mode (Sstc), which also wakes WFI, and one of M mode (CLINT) interrupt a loop in S mode that works on
 * pages that it maps anew, goes to U mode and back, and crosses pages; handlers mix counters, pcs, the A and D bits of a
 * page and a register of the device into a2. a1, a5, a6 and a7 count both timers' interrupts and the two ways of U mode.
 *
 *   .option norelax
 *   .globl _start
 *   _start:
 *           la t0, mtrap
 *           csrw mtvec, t0
 *           li t0, -1
 *           csrw pmpaddr0, t0
 *           li t0, 0x1f
 *           csrw pmpcfg0, t0
 *           li t0, -1
 *           csrw mcounteren, t0
 *           csrw scounteren, t0
 *           slli t0, t0, 63
 *           csrw 0x30a, t0
 *           li t0, 0x222
 *           csrw mideleg, t0
 *           li t0, 0xb1ff
 *           csrw medeleg, t0
 *           li t0, 0x80008
 *           li t1, 8
 *           slli t1, t1, 60
 *           or t0, t0, t1
 *           csrw satp, t0
 *           li s8, 0x2004000
 *           li t0, 5
 *           sd t0, 0(s8)
 *           li t0, 0xaa
 *           csrw mie, t0
 *           li t0, 0x800
 *           csrw mstatus, t0
 *           li t0, 0x40000000
 *           csrw mepc, t0
 *           mret
 *           .balign 4
 *   mtrap:        csrr s9, mcause
 *           bgez s9, 1f
 *           ld s9, 0(s8)
 *           addi s9, s9, 11
 *           sd s9, 0(s8)
 *           csrr s9, mcycle
 *           add a2, a2, s9
 *           csrr s9, mepc
 *           xor a2, a2, s9
 *           addi a5, a5, 1
 *           mret
 *   1:        li s9, 9
 *           csrr s10, mcause
 *           bne s9, s10, 2f
 *           li s9, 0x100000
 *           li s10, 0x5555
 *           sw s10, 0(s9)
 *   2:        j 2b
 *
 *           .org 0x1000
 *           lla t0, strap
 *           csrw stvec, t0
 *           csrwi sie, 0
 *           li t0, 0x20
 *           csrw sie, t0
 *           csrr t0, time
 *           addi t0, t0, 3
 *           csrw 0x14d, t0
 *           csrwi sstatus, 2
 *           li s0, 0x40001000
 *           li s1, 0x40002000
 *           li s2, 0x40006000
 *           li s3, 40
 *   loop:        addi a0, a0, 1
 *           mul a3, a0, a0
 *           xor a2, a2, a3
 *           sd a2, 0x400(s0)
 *           li t0, 0x40003000
 *           ld a4, 0x400(t0)
 *           add a2, a2, a4
 *           li t0, 0x40003ffc
 *           sd a2, 0(t0)
 *           ld a4, 0(t0)
 *           add a2, a2, a4
 *           ld t0, 0x38(s2)
 *           xori t0, t0, 0x400
 *           sd t0, 0x38(s2)
 *           li t1, 0x40007000
 *           andi t2, a0, 1
 *           beqz t2, 1f
 *           sfence.vma t1
 *   1:        ld a4, 0x408(t1)
 *           xor a2, a2, a4
 *           amoadd.d a4, a0, (t1)
 *           add a2, a2, a4
 *           andi t0, a0, 3
 *           bnez t0, 2f
 *           li t0, 0x40005000
 *           csrw sepc, t0
 *           li t0, 0x100
 *           csrc sstatus, t0
 *           sret
 *   back:
 *   2:        andi t0, a0, 12
 *           bnez t0, 3f
 *           wfi
 *   3:        blt a1, s3, loop
 *           ecall
 *           .balign 4
 *   strap:        csrr s4, scause
 *           bgez s4, 4f
 *           csrr s4, 0x14d
 *           addi s4, s4, 7
 *           csrw 0x14d, s4
 *           addi a1, a1, 1
 *           csrr s4, cycle
 *           add a2, a2, s4
 *           csrr s4, instret
 *           xor a2, a2, s4
 *           csrr s4, sepc
 *           add a2, a2, s4
 *           slli a2, a2, 1
 *           ld s4, 0x18(s2)
 *           xor a2, a2, s4
 *           andi s4, s4, -193
 *           sd s4, 0x18(s2)
 *           lw s4, 0x70(s1)
 *           sw s4, 0x70(s1)
 *           sret
 *   4:        addi a6, a6, 1
 *           csrr s4, sepc
 *           add a2, a2, s4
 *           lla s4, back
 *           csrw sepc, s4
 *           li s4, 0x100
 *           csrs sstatus, s4
 *           sret
 *
 *           .org 0x2000
 *           addi a7, a7, 1
 *           rdcycle t0
 *           xor a2, a2, t0
 *           ecall
 */
#ifndef SOC_SUPER_H
#define SOC_SUPER_H

#include <stdint.h>

/* In M mode, at the start of DRAM; S mode's page, at +0x1000; U mode's, at +0x2000. */
static const uint32_t super_m[] = {
	0x00000297, 0x07428293, 0x30529073, 0x907352fd, 0x42fd3b02, 0x3a029073, 0x907352fd, 0x90733062, 0x12fe1062,
	0x30a29073, 0x22200293, 0x30329073, 0x829b62ad, 0x90731ff2, 0x02b73022, 0x22a10008, 0x13724321, 0x0062e2b3,
	0x18029073, 0x02004c37, 0x30234295, 0x0293005c, 0x90730aa0, 0x62853042, 0x8002829b, 0x30029073, 0x400002b7,
	0x34129073, 0x30200073, 0x34202cf3, 0x020cd163, 0x000c3c83, 0x30230cad, 0x2cf3019c, 0x9666b000, 0x34102cf3,
	0x01964633, 0x00730785, 0x4ca53020, 0x34202d73, 0x01ac9963, 0x00100cb7, 0x0d1b6d15, 0xa023555d, 0xa00101ac,
};
static const uint32_t super_s[] = {
	0x00000297, 0x0b428293, 0x10529073, 0x10405073, 0x02000293, 0x10429073, 0xc01022f3, 0x9073028d, 0x507314d2,
	0x14371001, 0x24b74000, 0x69374000, 0x09934000, 0x05050280, 0x02a506b3, 0x30238e35, 0x32b740c4, 0xb7034000,
	0x963a4002, 0x400042b7, 0xb02332f1, 0xb70300c2, 0x963a0002, 0x03893283, 0x4002c293, 0x02593c23, 0x40007337,
	0x00157393, 0x00038463, 0x12030073, 0x40833703, 0x372f8e39, 0x963a00a3, 0x00357293, 0x00029c63, 0x400052b7,
	0x14129073, 0x10000293, 0x1002b073, 0x10200073, 0x00c57293, 0x00029463, 0x10500073, 0xf935c5e3, 0x00000073,
	0x14202a73, 0x040a5163, 0x14d02a73, 0x10730a1d, 0x058514da, 0xc0002a73, 0x2a739652, 0x4633c020, 0x2a730146,
	0x96521410, 0x3a030606, 0x46330189, 0x7a130146, 0x3c23f3fa, 0xaa030149, 0xa8230704, 0x00730744, 0x08051020,
	0x14102a73, 0x0a179652, 0x0a130000, 0x1073f9ea, 0x0a13141a, 0x20731000, 0x0073100a, 0x00001020,
};
static const uint32_t super_u[] = {
	0x22f30885,
	0x4633c000,
	0x00730056,
	0x00010000,
};

#endif
