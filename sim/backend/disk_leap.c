/* SPDX-License-Identifier: Apache-2.0
 * disk_leap.c: clocks of the disk in which nothing happens but that beats pass, in one step.
 */
#include <string.h>
#include "backend/disk_impl.h"

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Steps before the one that shows something due. */
static uint64_t before(const struct disk *d, uint64_t due)
{
	return due > d->clock + 1 ? due - d->clock - 1 : 0;
}

uint64_t disk_leap_clocks(const struct disk *d, const struct vio_out *out)
{
	uint64_t n = UINT64_MAX;

	if (out->be_stop)
		return d->stopped ? UINT64_MAX : 0;
	if (!d->busy && !(out->be_cmd_valid | out->be_wvalid))
		return UINT64_MAX;
	if (d->cfg.stall_per_1024 != 0 || out->be_cmd_valid || d->r_last || !d->cmd_ready || d->stopped || d->rsp_valid)
		return 0;
	if (!d->active && d->cmd_in != d->cmd_out)
		return 0;
	if (d->rsp_out != d->rsp_in)
		n = before(d, d->rsps[d->rsp_out % RESPONSES].due);
	if (!d->active)
		return out->be_wvalid && d->wready ? 0 : n;
	if (is_write(d->current.op) != (d->wready != 0) || out->be_werr)
		return 0;
	if (is_write(d->current.op))
		return out->be_wvalid ? least(n, least((d->left - 1) / BEAT, (BUFFER - 1 - d->fill) / BEAT)) : n;
	if (!d->rvalid)
		return least(n, before(d, d->current.due));
	return out->be_rready ? least(n, least((d->left - 1) / BEAT, (d->fill - d->pos) / BEAT)) : n;
}

void disk_leap(struct disk *d, const struct vio_out *out, uint64_t n, vio_data *rdata, const vio_data *wdata)
{
	const size_t bytes = (size_t)n * BEAT;

	if (!d->busy && !(out->be_wvalid | out->be_stop))
		return;
	d->clock += n;
	if (out->be_stop)
		return;
	d->cmd_held = false;
	d->w_held = out->be_wvalid && !d->wready;
	d->held_wdata = wdata != NULL ? wdata[n - 1] : out->be_wdata;
	d->held_werr = out->be_werr;
	if (rdata != NULL) {
		rdata[0] = d->rdata;
		memcpy(rdata + 1, d->buffer + d->pos, bytes - BEAT);
		memcpy(&d->rdata, d->buffer + d->pos + bytes - BEAT, BEAT);
		d->pos += (uint32_t)bytes;
		d->left -= (uint32_t)bytes;
	}
	if (wdata != NULL) {
		memcpy(d->buffer + d->fill, wdata, bytes);
		d->fill += (uint32_t)bytes;
		d->left -= (uint32_t)bytes;
	}
}
