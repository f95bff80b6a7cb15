/* SPDX-License-Identifier: Apache-2.0
 * disk.c: see disk.h.
 *
 * Commands wait in a ring; the oldest is current. Data goes through a buffer of whole sectors between the pins and the
 * host. Responses wait in a second ring, so that the next command's data need not wait for them.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "backend/disk_impl.h"
#include "backend/store.h"
#include "stream.h"

struct disk *disk_new(const struct disk_config *config)
{
	struct disk *d = sim_alloc(sizeof(*d));

	d->cfg = *config;
	d->store = store_new(&(struct store_config){config->fd, config->bytes, config->size, config->snapshot});
	d->bytes_padded = (config->size + SECTOR - 1) / SECTOR * SECTOR;
	sim_rng_init(&d->rng, config->seed);
	if (config->serial != NULL)
		memcpy(d->serial, config->serial, strnlen(config->serial, ID_LEN));
	disk_reset(d);
	return d;
}

void disk_free(struct disk *d)
{
	if (!d)
		return;
	store_free(d->store);
	free(d);
}

void disk_reset(struct disk *d)
{
	d->rdata = (vio_data){0};
	d->cmd_ready = 1;
	d->wready = d->rvalid = d->rsp_valid = d->rsp_status = d->stopped = 0;
	d->busy = d->active = d->r_last = false;
	d->cmd_in = d->cmd_out = d->rsp_in = d->rsp_out = 0;
	d->clock = 1;
	d->error = NULL;
	d->cmd_held = d->w_held = false;
}

void disk_state(struct disk *d, struct stream *s)
{
	assert(d->error == NULL);
	stream_section(s, "disk");
	stream_before(s, d, cfg);
}

bool disk_fault(struct disk *d, uint64_t sector, unsigned op_mask)
{
	if (d->fault_count == FAULTS)
		return false;
	d->faults[d->fault_count++] = (struct fault){sector, op_mask};
	return true;
}

void disk_fault_clear(struct disk *d)
{
	d->fault_count = 0;
}

bool disk_idle(const struct disk *d)
{
	return !d->busy;
}

uint64_t disk_sectors(const struct disk *d)
{
	return d->bytes_padded / SECTOR;
}

bool disk_host_failed(const struct disk *d)
{
	return store_failed(d->store);
}

const char *disk_error(const struct disk *d)
{
	return d->error;
}

const struct disk_counts *disk_counts(const struct disk *d)
{
	return &d->counts;
}

void disk_drive(const struct disk *d, struct vio_in *in)
{
	in->be_rdata = d->rdata;
	in->be_cmd_ready = d->cmd_ready;
	in->be_wready = d->wready;
	in->be_rvalid = d->rvalid;
	in->be_rsp_valid = d->rsp_valid;
	in->be_rsp_status = d->rsp_status;
	in->be_stopped = d->stopped;
}

static void fail(struct disk *d, const char *what)
{
	if (d->error == NULL)
		d->error = what;
}

static void check(struct disk *d, const struct vio_out *out)
{
	const struct command *h = &d->held_cmd;

	if (d->cmd_held && !out->be_cmd_valid)
		fail(d, "be_cmd_valid fell before be_cmd_ready");
	else if (d->cmd_held &&
		 (out->be_cmd_op != h->op || out->be_cmd_sector != h->sector || out->be_cmd_len != h->len))
		fail(d, "be_cmd_* changed before be_cmd_ready");
	if (d->w_held && !out->be_wvalid)
		fail(d, "be_wvalid fell before be_wready");
	else if (d->w_held && !vio_data_equal(out->be_wdata, d->held_wdata))
		fail(d, "be_wdata changed before be_wready");
	else if (d->w_held && out->be_werr != d->held_werr)
		fail(d, "be_werr changed before be_wready");
	if (out->be_cmd_valid && out->be_cmd_op > VIO_BE_LIFETIME)
		fail(d, "be_cmd_op is none of params.def");
	if (out->be_cmd_valid && out->be_cmd_op == VIO_BE_GET_ID && out->be_cmd_len > ID_LEN)
		fail(d, "be_cmd_len of GET_ID is more than 20");
	d->cmd_held = out->be_cmd_valid && !d->cmd_ready;
	d->w_held = out->be_wvalid && !d->wready;
	if (d->cmd_held)
		d->held_cmd =
			(struct command){.sector = out->be_cmd_sector, .len = out->be_cmd_len, .op = out->be_cmd_op};
	d->held_wdata = out->be_wdata;
	d->held_werr = out->be_werr;
}

/* The next part of a read comes into the buffer; of a failed one, zeros. */
static void fill_buffer(struct disk *d)
{
	uint32_t len = d->left < BUFFER ? d->left : BUFFER;

	if (d->status == STATUS_OK && !store_read(d->store, d->buffer, d->at, len))
		d->status = STATUS_IOERR;
	if (d->status != STATUS_OK)
		memset(d->buffer, 0, len);
	memset(d->buffer + len, 0, (len + BEAT - 1) / BEAT * BEAT - len);
	d->at += len;
	d->fill = len;
	d->pos = 0;
}

/* What a write has gathered goes to the host. */
static void flush_buffer(struct disk *d)
{
	if (d->status == STATUS_OK && !store_write(d->store, d->buffer, d->at, d->fill))
		d->status = STATUS_IOERR;
	d->at += d->fill;
	d->fill = 0;
}

static void sync_file(struct disk *d)
{
	if (d->status == STATUS_OK && !store_sync(d->store))
		d->status = STATUS_IOERR;
}

static void respond(struct disk *d, uint8_t status, uint64_t due)
{
	assert(d->rsp_in - d->rsp_out < RESPONSES);
	d->rsps[d->rsp_in++ % RESPONSES] = (struct answer){due, status};
	d->counts.errors += status != STATUS_OK;
}

/* Commands about len sectors, without data. */
static bool is_range(uint8_t op)
{
	return op >= VIO_BE_DISCARD && op <= VIO_BE_ERASE;
}

static void do_range(struct disk *d, const struct command *c)
{
	if (d->status == STATUS_OK && !store_range(d->store, c->op, d->at, (uint64_t)c->len * SECTOR))
		d->status = STATUS_IOERR;
}

/* The status with which a command starts. */
static uint8_t first_status(const struct disk *d, const struct command *c)
{
	bool range = is_range(c->op), data = c->op == VIO_BE_READ || is_write(c->op) || range;
	uint64_t sectors = range ? c->len : ((uint64_t)c->len + SECTOR - 1) / SECTOR;

	for (unsigned i = 0; i < d->fault_count; i++)
		if ((d->faults[i].ops >> c->op & 1) && (!data || d->faults[i].sector - c->sector < sectors))
			return STATUS_IOERR;
	if (!data)
		return STATUS_OK;
	if (c->sector > disk_sectors(d) || sectors > disk_sectors(d) - c->sector)
		return STATUS_IOERR;
	return (is_write(c->op) || range) && d->cfg.readonly ? STATUS_IOERR : STATUS_OK;
}

static void finish_write(struct disk *d, uint64_t due)
{
	flush_buffer(d);
	if (d->current.op == VIO_BE_WRITE_FUA)
		sync_file(d);
	respond(d, d->status, due);
	d->active = false;
}

/* struct virtio_blk_lifetime, virtio 1.2, 5.2.6: all is well and at most a tenth is worn. */
static const uint8_t lifetime[6] = {1, 0, 1, 0, 1, 0};

/* Takes the oldest command. One without data ends here. */
static void start_command(struct disk *d, uint64_t next)
{
	struct command *c = &d->current;
	uint64_t due;

	*c = d->cmds[d->cmd_out++ % COMMANDS];
	due = c->due > next ? c->due : next;
	d->status = first_status(d, c);
	d->at = c->sector * SECTOR;
	d->fill = d->pos = 0;
	d->left = c->len;
	d->active = true;
	if (is_write(c->op)) {
		d->counts.writes++;
		d->counts.write_bytes += c->len;
		if (c->len == 0)
			finish_write(d, due);
	} else if (c->op == VIO_BE_FLUSH) {
		d->counts.flushes++;
		sync_file(d);
		respond(d, d->status, due);
		d->active = false;
	} else if (c->len == 0 || is_range(c->op)) {
		if (is_range(c->op))
			do_range(d, c);
		d->counts.other++;
		respond(d, d->status, due);
		d->active = false;
	} else if (c->op == VIO_BE_READ) {
		d->counts.reads++;
		d->counts.read_bytes += c->len;
	} else {
		d->counts.other++;
		memset(d->buffer, 0, ID_LEN + BEAT);
		if (d->status == STATUS_OK && c->op == VIO_BE_LIFETIME)
			memcpy(d->buffer, lifetime, sizeof lifetime);
		else if (d->status == STATUS_OK)
			memcpy(d->buffer, d->serial, ID_LEN);
		d->fill = c->len < ID_LEN ? c->len : ID_LEN;
		memset(d->buffer + d->fill, 0, BEAT);
	}
}

static void send_beat(struct disk *d)
{
	if (d->pos >= d->fill && d->current.op == VIO_BE_READ)
		fill_buffer(d);
	memcpy(&d->rdata, d->buffer + d->pos, BEAT);
	d->pos += BEAT;
	d->rvalid = 1;
	d->r_last = d->left <= BEAT;
	d->left -= d->r_last ? d->left : BEAT;
	if (d->r_last) {
		d->r_status = d->status;
		d->active = false;
	}
}

static void take_beat(struct disk *d, vio_data wdata, bool werr, uint64_t next)
{
	uint32_t n = d->left < BEAT ? d->left : BEAT;

	if (werr)
		d->status = STATUS_IOERR;
	memcpy(d->buffer + d->fill, &wdata, BEAT);
	d->fill += n;
	d->left -= n;
	if (d->left == 0)
		finish_write(d, next + d->cfg.latency);
	else if (d->fill == BUFFER)
		flush_buffer(d);
}

static unsigned draw_stalls(struct disk *d)
{
	unsigned stalls = 0;

	if (d->cfg.stall_per_1024 == 0)
		return 0;
	for (unsigned bit = STALL_CMD; bit <= STALL_STOP; bit *= 2)
		if (sim_rng_chance(&d->rng, d->cfg.stall_per_1024))
			stalls |= bit;
	return stalls;
}

/* be_stop is up: drop everything, then say so. */
static void step_stop(struct disk *d, unsigned stalls)
{
	d->cmd_ready = d->wready = d->rvalid = d->rsp_valid = 0;
	d->active = d->r_last = false;
	d->cmd_out = d->cmd_in;
	d->rsp_out = d->rsp_in;
	d->cmd_held = d->w_held = false;
	if (!(stalls & STALL_STOP))
		d->stopped = 1;
	d->busy = true;
}

static void send_response(struct disk *d, uint64_t next)
{
	const struct answer *a = &d->rsps[d->rsp_out % RESPONSES];

	if (d->rsp_out == d->rsp_in || a->due > next)
		return;
	d->rsp_valid = 1;
	d->rsp_status = a->status;
	d->rsp_out++;
}

void disk_step(struct disk *d, const struct vio_in *in, const struct vio_out *out)
{
	uint64_t next = d->clock + 1;
	unsigned stalls;

	(void)in; /* this side's pins are its own registers */
	if (!d->busy && !(out->be_cmd_valid | out->be_wvalid | out->be_stop))
		return;
	d->clock = next;
	stalls = draw_stalls(d);
	if (out->be_stop) {
		step_stop(d, stalls);
		return;
	}
	d->stopped = 0;
	check(d, out);
	if (out->be_cmd_valid && d->cmd_ready)
		d->cmds[d->cmd_in++ % COMMANDS] = (struct command){.sector = out->be_cmd_sector,
								   .due = next + d->cfg.latency,
								   .len = out->be_cmd_len,
								   .op = out->be_cmd_op};
	if (out->be_wvalid && d->wready)
		take_beat(d, out->be_wdata, out->be_werr, next);
	if (d->rvalid && out->be_rready) {
		d->rvalid = 0;
		if (d->r_last)
			respond(d, d->r_status, next);
		d->r_last = false;
	}
	if (d->rsp_valid && out->be_rsp_ready)
		d->rsp_valid = 0;
	if (!d->active && !d->r_last && d->cmd_in != d->cmd_out && d->rsp_in - d->rsp_out < RESPONSES - 1)
		start_command(d, next);
	if (d->active && !d->rvalid && !is_write(d->current.op) && d->current.due <= next && !(stalls & STALL_R))
		send_beat(d);
	if (!d->rsp_valid && !(stalls & STALL_RSP))
		send_response(d, next);
	d->wready = d->active && is_write(d->current.op) && !(stalls & STALL_W);
	d->cmd_ready = d->cmd_in - d->cmd_out < COMMANDS && !(stalls & STALL_CMD);
	/* With | each flag is loaded as the byte it was stored as; || loads them as one word, and waits for the stores. */
	d->busy = d->active | d->rvalid | d->rsp_valid | (d->rsp_in != d->rsp_out) | (d->cmd_in != d->cmd_out) |
		  !d->cmd_ready;
}
