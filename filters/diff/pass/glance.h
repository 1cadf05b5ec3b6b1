/* glance.h - rows that are known to be unchanged at a glance, without being
 * read.
 *
 * Floor 2 (diff). Most rows of most runs are, byte for byte, what was delivered
 * the last time, and reading them is what a run costs. So the key of a line is
 * guessed, by the place it had in the row read last, and looked up; where the
 * mark of that key (mark.h) has the hash of this very line, the row is as it
 * was delivered. All else goes the whole way, in its place in the stream.
 *
 * Why that is right, however bad the guess:
 *
 *   - The hash of a line gets into a mark only from a row that was read: JSON,
 *     without `_rudder`, and with that key.
 *   - So a line whose hash stands in the mark of a key was read before, and its
 *     key is that one; a wrong guess meets the hash of another line.
 *   - The content in a mark is always that of its line, by the columns and the
 *     tag that are mixed into both. So reading the row would find it unchanged.
 *   - Lines are taken in their order whichever way they go: of a key that
 * stands twice the first one counts, and control lines keep their place.
 *
 * With --identity more must be known of a row that comes, so all are read.
 *
 * A look costs less than a fifth of reading. Where few lines are known by it,
 * as when a column changes in every row, it is tried on few: 16 of a thousand.
 */
#ifndef DIFF_PASS_GLANCE_H
#define DIFF_PASS_GLANCE_H

#include "diff/keys/key.h"
#include "diff/state/snapshot.h"

/* Lines looked at side by side, so that their cache misses overlap. */
enum { GLANCE_LINES = 64 };

struct glance_line {
	struct slice line; /* without LF */
	struct hash key;
	bool guessed; /* key is */
};

/* Where one column of the key is expected. */
struct glance_column {
	size_t at, n; /* "name": as the row read last has it, in names */
	size_t gap;   /* bytes from the one before, or the start, to it */
	size_t skip;  /* the same text so often before it */
	int part;     /* of the key */
};

struct glance {
	bool off;       /* for good */
	uint32_t wait;  /* rows to be read until the next look */
	uint32_t pause; /* how many if that fails too */
	bool sure;      /* the last look was worth it */
	uint64_t seed;

	struct glance_column column[KEY_COLUMNS]; /* as they stand in a row */
	size_t n;
	struct buf names;
	struct buf text; /* of a key of several columns */

	struct glance_line line[GLANCE_LINES];
};

/* seed is that of keys; with off it never looks. */
void glance_init(struct glance *g, uint64_t seed, bool off);

/* All-zero is allowed. */
void glance_clear(struct glance *g);

/* Whether it is time for a look. */
static inline bool glance_due(const struct glance *g)
{
	return !g->off && g->wait == 0;
}

/* A line was read, which in has in hand. */
void glance_read(struct glance *g, const struct key *k, const struct input *in);

/* The whole lines at the start of a text, at most GLANCE_LINES, go to g->line,
 * with their keys as far as they can be guessed; what is known of these, in old
 * and in seen (run.h), is fetched: how many lines.
 */
size_t glance_lines(struct glance *g, const struct snapshot *old,
		    const unsigned char *seen, struct slice text);

/* Of n lines so many were known. */
void glance_learn(struct glance *g, size_t n, size_t known);

#endif
