/* map.h - rows or changes in, events out: the whole of rudder-map.
 *
 * Floor 2 (map). Each data line leaves as events, a reject or a skip.
 */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "map/settings/mapping.h"

/* Unless the options say otherwise. */
#define MAP_JQ_TIMEOUT_MS 1000
#define MAP_JQ_MEMORY     ((uint64_t)256 * 1024 * 1024)

struct map_options {
	struct mapping_options mapping;
	uint64_t max_line;       /* bytes */
	const char *max_rejects; /* "20", "5%"; NULL: any */
	const char *stats;       /* path, or NULL */
	const char *version;     /* in context.sources; NULL: ours */
	uint64_t now_ms;         /* the time; 0: by the clock */
	uint64_t jobs;           /* processes for jq; 0 is 1 */
	uint64_t jq_timeout_ms;  /* CPU time of a row */
	uint64_t jq_memory;      /* bytes for a jq process */
	const char *jq_engine;   /* auto (NULL) or libjq */
	bool trust_eof, any_counts;
	bool seal;        /* the end line has a hash of all before it */
	uint64_t preview; /* number of rows to show to a person; 0: make events
			   */
	bool print_mapping; /* only write the mapping as a file */
	bool print_columns; /* only write the columns that it reads */
	bool print_record;  /* only write what a state records of it */
	bool check;     /* only say whether the mapping fits; write nothing */
	bool explain;   /* only write by what each expression is run */
	bool plain_ids; /* leave the mapping out of messageIds */
	bool confine;   /* give up files and network once they are read */
};

/* Reads fd_in, writes fd_out, which it closes. 0; -1 with ERR_PARTIAL when
 * rows were rejected and all else was done, ERR_DATA when the input was
 * truncated or holds more than max_rejects bad rows, ERR_CONFIG and ERR_USAGE
 * for the settings, ERR_IO.
 */
int map_run(const struct map_options *o, int fd_in, int fd_out,
	    struct err *e) MUST_USE;

#endif
