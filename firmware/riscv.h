/* SPDX-License-Identifier: Apache-2.0
 * riscv.h: control registers, fences and memory-mapped access.
 */
#ifndef RISCV_H
#define RISCV_H

#include <stdint.h>

#define CSR_READ(name)                                                           \
	({                                                                       \
		uint64_t csr_value;                                              \
		__asm__ volatile("csrr %0, " #name : "=r"(csr_value)::"memory"); \
		csr_value;                                                       \
	})
#define CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" ::"r"((uint64_t)(value)) : "memory")
#define CSR_SET(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")
#define CSR_CLEAR(name, bits) __asm__ volatile("csrc " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")

#define MSTATUS_MIE (1u << 3)
#define MIE_SOFTWARE (1u << 3)
#define MIE_TIMER (1u << 7)
#define MIE_EXTERNAL (1u << 11)

/* Sleeps until an interrupt that mie enables is pending; mstatus.MIE only decides whether it is then taken.
 */
static inline void riscv_wfi(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* Orders all earlier memory and device accesses before all later ones. */
static inline void riscv_fence(void)
{
	__asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* Orders earlier memory writes before later memory writes. */
static inline void riscv_fence_writes(void)
{
	__asm__ volatile("fence w, w" ::: "memory");
}

/* Orders earlier memory reads before later memory reads and writes. */
static inline void riscv_fence_reads(void)
{
	__asm__ volatile("fence r, rw" ::: "memory");
}

static inline uint32_t riscv_read32(uintptr_t addr)
{
	return *(volatile uint32_t *)addr;
}

static inline void riscv_write32(uintptr_t addr, uint32_t value)
{
	*(volatile uint32_t *)addr = value;
}

#endif
