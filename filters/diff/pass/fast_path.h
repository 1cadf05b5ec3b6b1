/* fast_path.h - recognizes unchanged rows by their bytes, without parsing
 * them.
 *
 * Floor 2 (diff). Most rows are, byte for byte, what was delivered, and parsing
 * them is most of the cost of a run. So the key of a line is guessed, by the
 * place that it had in the row parsed last:
 *
 *     parsed last   {"name":"Ann","id":7,"plan":"pro"}
 *     this line     {"name":"Zoe","id":9,"plan":"free"}
 *                                      ^ the guess: 9
 *
 *     the mark of key 9 has the hash of exactly this line:  unchanged
 *     it has another hash, or there is no key 9:            parse the line
 *
 * Why a wrong guess does no harm:
 *
 *   - The hash of a line gets into a mark (row_hash.h) only from a row that was
 *     parsed: valid JSON, without `_rudder`, and with that key.
 *   - So a line whose hash is in the mark of a key was parsed before and has
 *     that key. A wrong guess finds the hash of a different line.
 *   - The content in a mark is that of its line, by the columns and the tag
 *     that are mixed into both. So parsing would find the row unchanged.
 *   - Lines are decided in their order either way: of duplicate keys the first
 *     one counts, and control lines keep their place.
 *
 * With --identity more must be known of a row, so all rows are parsed.
 *
 * A look costs less than a fifth of parsing. If few lines are recognized, as
 * when a column changes in every row, it is tried on few: 16 of a thousand.
 */
#ifndef DIFF_PASS_FAST_PATH_H
#define DIFF_PASS_FAST_PATH_H

#include "diff/keys/key.h"
#include "diff/state/snapshot.h"

/* Lines looked at side by side, so that their cache misses overlap. */
enum { FAST_PATH_LINES = 64 };

struct fast_path_line {
	struct slice line; /* without LF */
	struct hash key;
	bool guessed; /* key is */
};

/* Where one column of the key is expected. */
struct fast_path_column {
	size_t at, n; /* "name": as the row read last has it, in names */
	size_t gap;   /* bytes from the one before, or the start, to it */
	size_t skip;  /* the same text so often before it */
	int part;     /* of the key */
};

struct fast_path {
	bool off;       /* for good */
	uint32_t wait;  /* rows to be read until the next look */
	uint32_t pause; /* how many if that fails too */
	bool sure;      /* the last look was worth it */
	uint64_t seed;

	struct fast_path_column
		column[KEY_COLUMNS]; /* as they stand in a row */
	size_t n;
	struct buf names;
	struct buf text; /* of a key of several columns */

	struct fast_path_line line[FAST_PATH_LINES];
};

/* seed is that of keys; with off it never looks. */
void fast_path_init(struct fast_path *g, uint64_t seed, bool off);

/* All-zero is allowed. */
void fast_path_clear(struct fast_path *g);

/* Whether it is time for a look. */
static inline bool fast_path_due(const struct fast_path *g)
{
	return !g->off && g->wait == 0;
}

/* A line was read, which in has in hand. */
void fast_path_read(struct fast_path *g, const struct key *k,
		    const struct input *in);

/* The whole lines at the start of a text, at most FAST_PATH_LINES, go to
 * g->line, with their keys as far as they can be guessed; what is known of
 * these, in old and in seen (pass.h), is fetched: how many lines.
 */
size_t fast_path_lines(struct fast_path *g, const struct snapshot *old,
		       const unsigned char *seen, struct slice text);

/* Of n lines, known were unchanged. */
void fast_path_learn(struct fast_path *g, size_t n, size_t known);

#endif
