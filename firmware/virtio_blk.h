/* SPDX-License-Identifier: Apache-2.0
 * virtio_blk.h: a block device, virtio 1.2, 5.2, with any number of requests in flight.
 */
#ifndef VIRTIO_BLK_H
#define VIRTIO_BLK_H

#include <stdbool.h>
#include <stdint.h>
#include "virtio_mmio.h"
#include "virtq.h"

#define BLK_DEVICE_ID 2u
#define BLK_SECTOR_BYTES 512u
#define BLK_ID_BYTES 20u

#define BLK_F_SEG_MAX (1ull << 2)
#define BLK_F_RO (1ull << 5)
#define BLK_F_BLK_SIZE (1ull << 6)
#define BLK_F_FLUSH (1ull << 9)
#define BLK_FEATURES (BLK_F_SEG_MAX | BLK_F_RO | BLK_F_BLK_SIZE | BLK_F_FLUSH)

#define BLK_CONFIG_CAPACITY 0x00u
#define BLK_CONFIG_SEG_MAX 0x0cu
#define BLK_CONFIG_BLK_SIZE 0x14u

#define BLK_T_IN 0u
#define BLK_T_OUT 1u
#define BLK_T_FLUSH 4u
#define BLK_T_GET_ID 8u

#define BLK_S_OK 0u
#define BLK_S_IOERR 1u
#define BLK_S_UNSUPP 2u
#define BLK_S_NONE 0xffu /* what we put there: the device has not answered */

struct blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* One request. It belongs to the device from blk_submit until done. */
struct blk_request {
	struct blk_header header;
	volatile uint8_t status;
	volatile bool done;
	uint32_t used_len;
};

struct blk {
	struct virtio_mmio mmio;
	struct virtq queue;
	uint64_t capacity_sectors;
	uint32_t seg_max;  /* 0: not offered */
	uint32_t blk_size; /* 512 unless offered */
	bool readonly;
	bool can_flush;
};

/* Finds the first block device. False if there is none. */
bool blk_find(struct blk *b);

/* Reset to DRIVER_OK with one queue of num entries. False if the device refuses a step. */
bool blk_start(struct blk *b, unsigned num);

/* blk_find and blk_start, or the run ends. */
void blk_open(struct blk *b, unsigned num);

/* Queues a request of header, data (if any) and status, unpublished. The type tells which way the data goes.
 * False if the queue is full. */
bool blk_submit(struct blk *b, struct blk_request *r, uint32_t type, uint64_t sector, void *data, uint32_t bytes);

/* The same with data and status as the caller's own pieces, after `pieces` of any shape. The caller fills
 * r->header. */
bool blk_submit_pieces(struct blk *b, struct blk_request *r, const struct virtq_piece *pieces, unsigned count);

/* Publishes what was queued and notifies the device. */
void blk_kick(struct blk *b);

/* Marks finished requests as done. Returns how many there were. */
unsigned blk_harvest(struct blk *b);

/* Harvests until r is done. False after about five seconds, or when the device needs a reset. */
bool blk_wait(struct blk *b, struct blk_request *r);

/* One request, start to end. Each returns the status byte, or BLK_S_NONE if it never came. */
uint8_t blk_read(struct blk *b, uint64_t sector, void *data, uint32_t bytes);
uint8_t blk_write(struct blk *b, uint64_t sector, const void *data, uint32_t bytes);
uint8_t blk_flush(struct blk *b);
uint8_t blk_get_id(struct blk *b, char id[BLK_ID_BYTES]);

#endif
