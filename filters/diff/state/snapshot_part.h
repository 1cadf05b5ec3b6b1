/* snapshot_part.h - how the file of a snapshot is laid out: format 3.
 *
 * Floor 2 (diff). For snapshot.c, which reads it, and snapshot_write.c.
 */
#ifndef DIFF_STATE_SNAPSHOT_PART_H
#define DIFF_STATE_SNAPSHOT_PART_H

#include "diff/state/snapshot.h"

enum { SNAPSHOT_VERSION = 3, SNAPSHOT_ORDER = 0x01020304, SNAPSHOT_ALIGN = 64 };

struct snapshot_header {
	char magic[8];
	uint32_t version, order;
	uint64_t n;
	uint64_t seed, generation;
	uint64_t parts, parts_sum; /* entries of the table */
	uint64_t sum;              /* of all before */
};

/* Numbers of parts in files; notes follow. */
enum {
	SNAPSHOT_COLUMNS,
	SNAPSHOT_HOT,
	SNAPSHOT_COLD,
	SNAPSHOT_TEXT,
	SNAPSHOT_NOTE,
	SNAPSHOT_PARTS = SNAPSHOT_NOTE + SNAPSHOT_NOTES
};

struct snapshot_part {
	uint32_t number, reserved;
	uint64_t n; /* bytes */
	uint64_t sum;
};

#define SNAPSHOT_MAGIC "RudSnap"

/* As snapshot_open for a temporary file, which stays the caller's to close. */
int snapshot_open_fd(struct snapshot *s, int fd, struct err *e) MUST_USE;

/* Checksum of bytes, the same in all formats. */
static inline uint64_t snapshot_sum(const void *p, size_t n)
{
	return hash_bytes(p, n, 1).lo;
}

static inline size_t snapshot_align(size_t n)
{
	return (n + SNAPSHOT_ALIGN - 1) / SNAPSHOT_ALIGN * SNAPSHOT_ALIGN;
}

/* Version, place and length of a key's text; text_n is at least 1. */
static inline struct snapshot_cold snapshot_cold_of(uint32_t version,
						    uint64_t at, size_t text_n)
{
	return (struct snapshot_cold){
		.version = version,
		.text_low = (uint32_t)at,
		.text_high = (uint16_t)(at >> 32),
		.text_last = (uint16_t)(text_n - 1),
	};
}

#endif
