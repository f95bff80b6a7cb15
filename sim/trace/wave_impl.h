/* SPDX-License-Identifier: Apache-2.0
 * wave_impl.h: what the parts of the wave writer share. wave.c: pins, states, text; wave_model.c: registers. */
#ifndef WAVE_IMPL_H
#define WAVE_IMPL_H

#include <fstapi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vio;
struct wave_model;

/* Writes a value of so many bytes, the lowest first. */
void wave_emit_bytes(void *fst, fstHandle handle, unsigned width, const void *value, size_t bytes);

static inline void wave_emit(void *fst, fstHandle handle, unsigned width, uint64_t value)
{
	if (width <= 32)
		fstWriterEmitValueChange32(fst, handle, width, (uint32_t)value);
	else
		fstWriterEmitValueChange64(fst, handle, width, value);
}

/* Declares the registers and FIFO levels of vio below the scope that is open in fst. */
struct wave_model *wave_model_new(void *fst, const struct vio *vio);
void wave_model_free(struct wave_model *m);

/* Writes what changed since the last call, or everything when first. */
void wave_model_show(struct wave_model *m, bool first);

#endif
