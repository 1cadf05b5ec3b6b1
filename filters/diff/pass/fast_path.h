/* fast_path.h - recognizes unchanged rows by their bytes, without parsing them.
 *
 * Floor 2 (diff). Most rows are, byte for byte, what was delivered, and parsing
 * them is most of the cost of a run. So the key of a line is guessed: it is
 * expected where it was in the row that was parsed last:
 *
 *     parsed last   {"name":"Ann","id":7,"plan":"pro"}
 *     this line     {"name":"Zoe","id":9,"plan":"free"}
 *                                      ^ the guess: 9
 *
 *     the snapshot has exactly this line hash for key 9:  unchanged
 *     it has a different hash, or no key 9:               parse the line
 *
 * Why a wrong guess does no harm:
 *
 *     - A line hash gets into the snapshot (row_hash.h) only from a row that
 *       was parsed: valid JSON, without `_rudder`, and with that key.
 *     - So a line whose hash the snapshot has for a key was parsed before and
 *       has that key. A wrong guess finds the hash of a different line.
 *     - The content hash beside a line hash is that of the same row, for the
 *       same columns and tag. So parsing would find the row unchanged.
 *     - Lines are decided in their order either way: of duplicate keys the
 *       first one counts, and control lines keep their place.
 *
 * With --identity more must be known of a row, so all rows are parsed.
 *
 * A guess costs less than a fifth of parsing. If few lines are recognized, for
 * example when a column changes in every row, only 16 of a thousand are tried.
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
	bool guessed; /* whether key was guessed */
};

/* Where one column of the key is expected in a line. */
struct fast_path_column {
	size_t at, n; /* in names: "name": as last parsed */
	size_t gap;   /* bytes from the column before, or the start */
	size_t skip;  /* how often that text occurs in the gap */
	int part;     /* its index in the key */
};

struct fast_path {
	bool off;       /* never try */
	uint32_t wait;  /* rows to parse until the next try */
	uint32_t pause; /* the next wait, if that try fails too */
	bool sure;      /* the last try recognized enough lines */
	uint64_t seed;

	struct fast_path_column
		column[KEY_COLUMNS]; /* in the order of the row */
	size_t n;
	struct buf names;
	struct buf text; /* of a key with several columns */

	struct fast_path_line line[FAST_PATH_LINES];
};

/* seed is that of key hashes; with off it is never used. */
void fast_path_init(struct fast_path *g, uint64_t seed, bool off);

/* All-zero is allowed. */
void fast_path_clear(struct fast_path *g);

/* Whether the next lines are to be tried. */
static inline bool fast_path_due(const struct fast_path *g)
{
	return !g->off && g->wait == 0;
}

/* Learns from a parsed line, which `in` still has. */
void fast_path_read(struct fast_path *g, const struct key *k,
		    const struct input *in);

/* Splits a text into its first whole lines, at most FAST_PATH_LINES, into
 * g->line, guesses their keys, and prefetches what old and seen (pass.h) have
 * about the keys. Returns the number of lines.
 */
size_t fast_path_lines(struct fast_path *g, const struct snapshot *old,
		       const unsigned char *seen, struct slice text);

/* Reports that of n lines `known` were unchanged. */
void fast_path_learn(struct fast_path *g, size_t n, size_t known);

#endif
