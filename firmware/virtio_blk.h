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

#define BLK_F_SIZE_MAX (1ull << 1)
#define BLK_F_SEG_MAX (1ull << 2)
#define BLK_F_GEOMETRY (1ull << 4)
#define BLK_F_RO (1ull << 5)
#define BLK_F_BLK_SIZE (1ull << 6)
#define BLK_F_FLUSH (1ull << 9)
#define BLK_F_TOPOLOGY (1ull << 10)
#define BLK_F_CONFIG_WCE (1ull << 11)
#define BLK_F_MQ (1ull << 12)
#define BLK_F_DISCARD (1ull << 13)
#define BLK_F_WRITE_ZEROES (1ull << 14)
#define BLK_F_LIFETIME (1ull << 15)
#define BLK_F_SECURE_ERASE (1ull << 16)

/* What a driver wants that asks for nothing in particular: the packed ring wherever it is offered. A test whose subject
 * is the split ring wants BLK_SPLIT. */
#define BLK_SPLIT (BLK_F_SEG_MAX | BLK_F_RO | BLK_F_BLK_SIZE | BLK_F_FLUSH)
#define BLK_FEATURES (BLK_SPLIT | FEATURE_RING_PACKED)

/* Offsets in config space, 5.2.4. */
#define BLK_CONFIG_CAPACITY 0x00u
#define BLK_CONFIG_SIZE_MAX 0x08u
#define BLK_CONFIG_SEG_MAX 0x0cu
#define BLK_CONFIG_GEOMETRY 0x10u
#define BLK_CONFIG_BLK_SIZE 0x14u
#define BLK_CONFIG_TOPOLOGY 0x18u
#define BLK_CONFIG_WRITEBACK 0x20u
#define BLK_CONFIG_NUM_QUEUES 0x22u
#define BLK_CONFIG_MAX_DISCARD_SECTORS 0x24u
#define BLK_CONFIG_MAX_DISCARD_SEG 0x28u
#define BLK_CONFIG_DISCARD_SECTOR_ALIGNMENT 0x2cu
#define BLK_CONFIG_MAX_WRITE_ZEROES_SECTORS 0x30u
#define BLK_CONFIG_MAX_WRITE_ZEROES_SEG 0x34u
#define BLK_CONFIG_WRITE_ZEROES_MAY_UNMAP 0x38u
#define BLK_CONFIG_MAX_SECURE_ERASE_SECTORS 0x3cu
#define BLK_CONFIG_MAX_SECURE_ERASE_SEG 0x40u
#define BLK_CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT 0x44u

#define BLK_T_IN 0u
#define BLK_T_OUT 1u
#define BLK_T_FLUSH 4u
#define BLK_T_GET_ID 8u
#define BLK_T_GET_LIFETIME 10u
#define BLK_T_DISCARD 11u
#define BLK_T_WRITE_ZEROES 13u
#define BLK_T_SECURE_ERASE 14u

#define BLK_S_OK 0u
#define BLK_S_IOERR 1u
#define BLK_S_UNSUPP 2u
#define BLK_S_NONE 0xffu /* what we put there: the device has not answered */

struct blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* A range of DISCARD, WRITE_ZEROES or SECURE_ERASE. */
struct blk_range {
	uint64_t sector;
	uint32_t count;
	uint32_t flags;
};

#define BLK_RANGE_UNMAP 1u

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
	struct virtq_memory
		*memory; /* of its queue; NULL: one that all such devices share, so only one may be started */
	uint64_t wanted; /* features that blk_start accepts where they are offered */
	uint64_t capacity_sectors;
	uint32_t seg_max;  /* 0: not offered */
	uint32_t blk_size; /* 512 unless offered */
	bool readonly;
	bool can_flush;
};

/* Finds the first block device. False if there is none. */
bool blk_find(struct blk *b);

/* Reset to DRIVER_OK with one queue of num entries, and the features in b->wanted. False if the device refuses a step. */
bool blk_start(struct blk *b, unsigned num);

/* blk_find and blk_start, or the run ends: with BLK_FEATURES, or with others. */
void blk_open(struct blk *b, unsigned num);
void blk_open_with(struct blk *b, unsigned num, uint64_t wanted);

/* Ends the run with status 77, a skipped test, unless the device offers all of these. */
void blk_need(struct blk *b, uint64_t features, const char *what);

/* Queues a request of header, data (if any) and status, unpublished. The type tells which way the data goes.
 * False if the queue is full. */
bool blk_submit(struct blk *b, struct blk_request *r, uint32_t type, uint64_t sector, void *data, uint32_t bytes);

/* The same with data and status as the caller's own pieces, after `pieces` of any shape. The caller fills
 * r->header. */
bool blk_submit_pieces(struct blk *b, struct blk_request *r, const struct virtq_piece *pieces, unsigned count);

/* The same, all but the first `direct` pieces in an indirect table. */
bool blk_submit_table(struct blk *b, struct blk_request *r, const struct virtq_piece *pieces, unsigned count,
		      unsigned direct, struct virtq_desc *table);

/* The three plain pieces, or two where bytes is 0, of a request that is filled in so. Returns their count. */
unsigned blk_fill(struct blk_request *r, struct virtq_piece pieces[3], uint32_t type, uint64_t sector, void *data,
		  uint32_t bytes);

/* Publishes what was queued and notifies the device. */
void blk_kick(struct blk *b);

/* Marks finished requests as done. Returns how many there were. */
unsigned blk_harvest(struct blk *b);

/* Harvests until r is done. False after about five seconds, or when the device needs a reset. */
bool blk_wait(struct blk *b, struct blk_request *r);

/* A request whose data is what the caller says, start to end. */
uint8_t blk_run(struct blk *b, uint32_t type, uint64_t sector, void *data, uint32_t bytes);

/* One request, start to end. Each returns the status byte, or BLK_S_NONE if it never came. */
uint8_t blk_read(struct blk *b, uint64_t sector, void *data, uint32_t bytes);
uint8_t blk_write(struct blk *b, uint64_t sector, const void *data, uint32_t bytes);
uint8_t blk_flush(struct blk *b);
uint8_t blk_get_id(struct blk *b, char id[BLK_ID_BYTES]);

#endif
