/* SPDX-License-Identifier: Apache-2.0
 * blk_cache.c: rows of the area "Block device" about the write cache and what outlives a power cut, virtio 1.2, 5.2.5 and
 * 5.2.6.2.
 *
 * The storage port is watched as a disk with a volatile cache would see it: a write is lost in a power cut unless it
 * asked for stability, or a FLUSH that was asked for after its response has been answered.
 */
#include <string.h>
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512, SECTORS = 1024, OPEN = 64, WRITES = 6 };
enum line { STABLE, VOLATILE, FLUSHING };

struct cache {
	struct vio_out port[OPEN]; /* commands that were taken, as the pins had them */
	unsigned in, out;
	uint8_t line[SECTORS];
	uint8_t stable[SECTORS * SECTOR]; /* what a power cut leaves */
};

static void cache_open(struct cache *c, const struct rig *r)
{
	memset(c, 0, sizeof *c);
	memcpy(c->stable, r->disk_bytes, sizeof c->stable);
}

static void store(struct cache *c, const struct rig *r, uint64_t sector)
{
	memcpy(c->stable + sector * SECTOR, r->disk_bytes + sector * SECTOR, SECTOR);
	c->line[sector] = STABLE;
}

static void cache_command(struct cache *c, const struct vio_out *port)
{
	c->port[c->in++ % OPEN] = *port;
	for (unsigned s = 0; s < SECTORS && port->be_cmd_op == VIO_BE_FLUSH; s++)
		if (c->line[s] == VOLATILE)
			c->line[s] = FLUSHING;
}

static void cache_response(struct cache *c, const struct rig *r)
{
	const struct vio_out *cmd = &c->port[c->out++ % OPEN];

	for (uint64_t s = 0; s < SECTORS && cmd->be_cmd_op == VIO_BE_FLUSH; s++)
		if (c->line[s] == FLUSHING)
			store(c, r, s);
	if (cmd->be_cmd_op != VIO_BE_WRITE && cmd->be_cmd_op != VIO_BE_WRITE_FUA)
		return;
	for (uint64_t s = cmd->be_cmd_sector; s < cmd->be_cmd_sector + cmd->be_cmd_len / SECTOR; s++)
		if (cmd->be_cmd_op == VIO_BE_WRITE_FUA)
			store(c, r, s);
		else
			c->line[s] = VOLATILE;
}

/* One clock of the rig, and of the cache. */
static void cache_clock(struct cache *c, struct rig *r)
{
	const struct vio_out before = r->dut->out;

	rig_clock(r);
	if (before.be_cmd_valid && r->in.be_cmd_ready)
		cache_command(c, &before);
	if (r->in.be_rsp_valid && before.be_rsp_ready)
		cache_response(c, r);
}

/* Clocks until the used ring covers `count` elements more. */
static void cache_wait(struct cache *c, struct ring *q, unsigned count)
{
	const uint64_t end = q->r->clock + q->r->limit;

	while ((uint16_t)(ring_used_idx(q) - q->seen) < count && q->r->clock < end)
		cache_clock(c, q->r);
	CHECK_EQ(q->r, (uint16_t)(ring_used_idx(q) - q->seen) >= count, true);
}

static void cache_kick(struct cache *c, struct ring *q)
{
	wr_post(q->r, REG_QueueNotify, q->queue);
	while (!wr_answered(q->r))
		cache_clock(c, q->r);
}

static void make_writes(struct rig *r, struct blk *b, unsigned first)
{
	for (unsigned i = 0; i < WRITES; i++) {
		b[i] = blk_make(r, BLK_OUT, first + 4 * i, 2 * SECTOR);
		put(r, b[i].data, 0xcafe0000 + first + i, 4);
	}
}

static void check_survives(struct rig *r, const struct cache *c, const struct blk *b, unsigned sector)
{
	CHECK_BYTES(r, b->data, c->stable + sector * SECTOR, b->len);
}

/* Each write is stable in the clock in which the driver can see its element. */
static void check_write_through(struct rig *r, unsigned first)
{
	static struct cache c;
	struct ring *q = &r->ring[0];
	struct blk b[WRITES];

	cache_open(&c, r);
	make_writes(r, b, first);
	for (unsigned i = 0; i < WRITES; i++)
		blk_post(q, &b[i]);
	cache_kick(&c, q);
	for (unsigned i = 0; i < WRITES; i++) {
		cache_wait(&c, q, 1);
		ring_take(q);
		check_survives(r, &c, &b[i], first + 4 * i);
		CHECK_EQ(r, get(r, b[i].status, 1), BLK_OK);
	}
}

static void stable_without_flush(struct rig *r)
{
	r->setup.disk_latency = 50;
	rig_power_on(r);
	ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_write_through(r, 10);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_CONFIG_WCE));
	check_write_through(r, 50);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 0);
	check_write_through(r, 90);
	r->setup.legacy = true;
	rig_power_on(r);
	ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, 0);
	check_write_through(r, 130);
}

/* A FLUSH, with more writes behind it. */
static void flush_makes_stable(struct rig *r)
{
	static struct cache c;
	struct ring *q;
	struct blk before[WRITES], behind[WRITES], flush;

	r->setup.disk_latency = 50;
	rig_power_on(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 1);
	cache_open(&c, r);
	make_writes(r, before, 10);
	make_writes(r, behind, 100);
	flush = blk_make(r, BLK_FLUSH, 0, 0);
	for (unsigned i = 0; i < WRITES; i++)
		blk_post(q, &before[i]);
	cache_kick(&c, q);
	cache_wait(&c, q, WRITES);
	q->seen = (uint16_t)(q->seen + WRITES);
	blk_post(q, &flush);
	for (unsigned i = 0; i < WRITES; i++)
		blk_post(q, &behind[i]);
	cache_kick(&c, q);
	cache_wait(&c, q, 1);
	CHECK_EQ(r, ring_take(q).id, flush.head);
	CHECK_EQ(r, get(r, flush.status, 1), BLK_OK);
	for (unsigned i = 0; i < WRITES; i++)
		check_survives(r, &c, &before[i], 10 + 4 * i);
}

static void disk_without_flush(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk out, in;

	r->setup.offered = F(VERSION_1);
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, blk_do(q, &out, BLK_OUT, 70, SECTOR), BLK_OK);
	CHECK_EQ(r, blk_do(q, &in, BLK_IN, 70, SECTOR), BLK_OK);
	CHECK_BYTES(r, in.data, rig_at(r, out.data, SECTOR), SECTOR);
	CHECK_EQ(r, blk_do(q, &in, BLK_FLUSH, 0, 0), BLK_UNSUPP);
}

/* A strap says whether the disk knows how worn it is. */
static void lifetime_by_strap(struct rig *r)
{
	struct blk b;

	CHECK_EQ(r, rd(r, REG_DeviceFeatures) >> 15 & 1, 1);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_LIFETIME));
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_GET_LIFETIME, 0, 6), BLK_OK);
	r->setup.offered &= ~F(BLK_LIFETIME);
	rig_power_on(r);
	CHECK_EQ(r, rd(r, REG_DeviceFeatures) >> 15 & 1, 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_GET_LIFETIME, 0, 6), BLK_UNSUPP);
}

/* What writeback reads, all the way from features to DRIVER_OK, after the driver has set it. */
static void check_kept(struct rig *r, uint8_t writeback)
{
	bring_up(r, STAGE_DRIVER, 0);
	write_features(r, F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, writeback);
	CHECK_EQ(r, rd8(r, REG_Writeback), writeback);
	wr(r, REG_Status, ACKNOWLEDGE);
	CHECK_EQ(r, rd8(r, REG_Writeback), writeback);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER);
	CHECK_EQ(r, rd8(r, REG_Writeback), writeback);
	ring_clear(&r->ring[0]);
	ring_set_up(&r->ring[0]);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | DRIVER_OK);
	CHECK_EQ(r, rd8(r, REG_Writeback), writeback);
	blk_check_serves(&r->ring[0]);
	CHECK_EQ(r, rd8(r, REG_Writeback), writeback);
}

static void legacy_status_keeps_the_cache_mode(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
	ring_place(r, 0, 16);
	check_kept(r, 0);
	check_kept(r, 1);
}

/* Whatever the mode is before, writes of features leave it, those that take FLUSH or CONFIG_WCE away among them. */
static void legacy_features_keep_the_cache_mode(struct rig *r)
{
	static const uint64_t sets[] = {F(BLK_FLUSH) | F(BLK_CONFIG_WCE), F(BLK_CONFIG_WCE), F(BLK_FLUSH), 0,
					F(BLK_FLUSH) | F(BLK_CONFIG_WCE)};
	uint8_t mode;

	r->setup.legacy = true;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER, 0);
	mode = rd8(r, REG_Writeback);
	for (unsigned i = 0; i < 5; i++) {
		write_features(r, sets[i]);
		CHECK_EQ(r, rd8(r, REG_Writeback), mode);
	}
	wr8(r, REG_Writeback, !mode);
	mode = rd8(r, REG_Writeback);
	for (unsigned i = 0; i < 5; i++) {
		write_features(r, sets[i]);
		CHECK_EQ(r, rd8(r, REG_Writeback), mode);
	}
}

ROWS(ROW(BLK_17, "5.2.5.3", legacy_status_keeps_the_cache_mode),
     ROW(BLK_18, "5.2.5.3", legacy_features_keep_the_cache_mode), ROW(BLK_55, "5.2.6.2", stable_without_flush),
     ROW(BLK_56, "5.2.6.2", flush_makes_stable), ROW(BLK_57, "5.2.6.2", disk_without_flush),
     ROW(BLK_58, "5.2.6.2", lifetime_by_strap))
