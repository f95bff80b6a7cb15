/* SPDX-License-Identifier: Apache-2.0
 * checkpoint_file.h: a checkpoint on the host's disk: named sections, each with its length and a checksum.
 *
 *     magic 8, version 4, length of build 4, build 20, 0 4      who wrote it
 *     name 16, slot 4, 0 4, length 8, bytes, checksum 8         sections, as many as there are
 *     the same with name "end", without bytes                   nothing follows
 *
 * All little endian. The bytes are the program's own structs, so a checkpoint belongs to the program that wrote it,
 * known by the build id that the linker gives every program. The checksum is over name, slot, length and bytes.
 *
 * Everything that is wrong with a file is sim_die, which names the file and what is wrong with it.
 */
#ifndef CHECKPOINT_FILE_H
#define CHECKPOINT_FILE_H

#include "stream.h"

struct checkpoint_file;

/* Begins FILE.PID.part beside path, which becomes path when it is complete, and only then. */
struct checkpoint_file *checkpoint_file_create(const char *path);
void checkpoint_file_commit(struct checkpoint_file *f);

/* The whole file is looked through before this returns. */
struct checkpoint_file *checkpoint_file_open(const char *path);
void checkpoint_file_close(struct checkpoint_file *f);

/* Sections in the order in which they are wanted; s->saving tells which of the two it is. */
struct stream *checkpoint_file_stream(struct checkpoint_file *f);
/* Whether an open file has it. */
bool checkpoint_file_has(const struct checkpoint_file *f, const char *name, int slot);
/* Bytes of the section that the stream is in; while restoring. */
size_t checkpoint_file_section_bytes(const struct checkpoint_file *f);

#endif
