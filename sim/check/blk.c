/* SPDX-License-Identifier: Apache-2.0
 * blk.c: block requests, virtio 1.2, 5.2.6. What is no request at all, without header or status, breaks the driver
 * alone: the rules are about the ones that have both.
 */
#include "check/check_impl.h"

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11, WRITE_ZEROES = 13, SECURE_ERASE = 14 };
enum { HEADER = 16, STATUS = 1, SECTOR = 512, RANGE = 16, ID = 20, UNMAP = 1 };
enum { MAX_DISCARD_SEG = 40, MAX_WRITE_ZEROES_SEG = 52, MAX_SECURE_ERASE_SEG = 64 };

/* sectors from sector on, in arithmetic that does not wrap. */
static void check_range(struct check *c, uint64_t sector, uint64_t sectors)
{
	uint64_t capacity = check_capacity(c);

	if (sector > capacity || sectors > capacity - sector)
		check_tell(c, CHECK_BLK_32, ": sector %llu, %llu sectors of %llu", (unsigned long long)sector,
			   (unsigned long long)sectors, (unsigned long long)capacity);
}

static void check_ranges(struct check *c, const struct chain *chain, uint32_t type, uint64_t data)
{
	uint32_t at = type == DISCARD        ? MAX_DISCARD_SEG
		      : type == WRITE_ZEROES ? MAX_WRITE_ZEROES_SEG
					     : MAX_SECURE_ERASE_SEG;
	uint32_t most;
	uint8_t range[RANGE];

	if (data % RANGE)
		check_tell(c, CHECK_BLK_39, ": %llu", (unsigned long long)data);
	if (check_config_word(c, at, &most) && data / RANGE > most)
		check_tell(c, CHECK_BLK_42, ": %llu of %u", (unsigned long long)(data / RANGE), most);
	for (uint64_t i = 0; i < data / RANGE && check_chain_bytes(c, chain, HEADER + RANGE * i, range, RANGE); i++) {
		check_range(c, check_le64(range), check_le32(range + 8));
		if (type == DISCARD && check_le32(range + 12) & UNMAP)
			check_tell(c, CHECK_BLK_45, "%s", "");
	}
}

/* Without ANY_LAYOUT a legacy device takes the parts from the descriptors, not from the bytes. */
static void check_layout(struct check *c, const struct chain *chain)
{
	const struct segment *first = &chain->seg[0], *last = &chain->seg[chain->count - 1];

	if (chain->overflow)
		return;
	if (first->write || first->len != HEADER || !last->write || last->len != STATUS)
		check_tell(c, CHECK_LEG_26, "%s", "");
}

void check_request(struct check *c, const struct chain *chain)
{
	uint8_t header[HEADER];
	uint64_t in, out, sector;
	uint32_t type;

	if (c->device_id != BLOCK_DEVICE || chain->count == 0 || chain->broken)
		return;
	if (c->legacy && !check_accepted(c, F_ANY_LAYOUT))
		check_layout(c, chain);
	if (chain->write_len < STATUS || !check_chain_bytes(c, chain, 0, header, HEADER))
		return;
	out = chain->read_len - HEADER;
	in = chain->write_len - STATUS;
	type = check_le32(header);
	sector = check_le64(header + 8);
	switch (type) {
	case IN:
	case OUT:
		if (in % SECTOR || out % SECTOR)
			check_tell(c, CHECK_BLK_37, ": %llu", (unsigned long long)(type == IN ? in : out));
		check_range(c, sector, (type == IN ? in : out) / SECTOR);
		break;
	case FLUSH:
		if (sector)
			check_tell(c, CHECK_BLK_35, ": %llu", (unsigned long long)sector);
		break;
	case GET_ID:
		if (in != ID || out)
			check_tell(c, CHECK_BLK_41, ": %llu", (unsigned long long)in);
		break;
	case DISCARD:
	case WRITE_ZEROES:
	case SECURE_ERASE:
		check_ranges(c, chain, type, out);
		break;
	default:
		break;
	}
}
