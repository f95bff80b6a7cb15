/* SPDX-License-Identifier: Apache-2.0
 * map.h: the addresses of QEMU's virt machine, as far as we have it.
 *
 *     0x0000_1000  ROM         what a boot loader in DRAM finds in a2; see boot.h
 *     0x0010_0000  finisher    0x5555 pass, 0x3333 | code << 16 fail, 0x7777 reset
 *     0x0010_1000  RTC         goldfish, irq 11
 *     0x0200_0000  CLINT       software and timer interrupt of hart 0
 *     0x0c00_0000  PLIC        context 0: hart 0 in M mode, context 1: in S mode
 *     0x1000_0000  16550 UART  irq 10
 *     0x1000_1000  virtio-mmio eight slots of 0x1000, irq 1 to 8
 *     0x8000_0000  DRAM
 */
#ifndef SOC_MAP_H
#define SOC_MAP_H

#define MAP_ROM 0x00001000ull
#define MAP_ROM_SIZE 0xf000ull
#define MAP_FINISHER 0x00100000ull
#define MAP_FINISHER_SIZE 0x1000ull
#define MAP_FINISHER_FAIL 0x3333u
#define MAP_FINISHER_PASS 0x5555u
#define MAP_FINISHER_RESET 0x7777u
#define MAP_RTC 0x00101000ull
#define MAP_RTC_SIZE 0x1000ull
#define MAP_RTC_IRQ 11u
#define MAP_CLINT 0x02000000ull
#define MAP_CLINT_SIZE 0x10000ull
#define MAP_PLIC 0x0c000000ull
#define MAP_PLIC_SIZE 0x600000ull
#define MAP_UART 0x10000000ull
#define MAP_UART_SIZE 0x100ull
#define MAP_UART_IRQ 10u
#define MAP_VIRTIO 0x10001000ull
#define MAP_VIRTIO_STRIDE 0x1000ull
#define MAP_VIRTIO_SLOTS 8u
#define MAP_VIRTIO_IRQ 1u
#define MAP_DRAM 0x80000000ull

/* The clock is 100 MHz and mtime counts 10 MHz, as QEMU's does. */
#define MAP_CLOCKS_PER_TICK 10u
#define MAP_CLOCK_NS 10u

#endif
