/* map.h - runs rudder-map: reads rows or changes and writes events.
 *
 * Floor 2 (map). Each data line becomes events, a reject or a skip.
 */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "map/settings/mapping.h"

/* Defaults. */
#define MAP_JQ_TIMEOUT_MS 1000
#define MAP_JQ_MEMORY     ((uint64_t)256 * 1024 * 1024)

struct map_options {
	struct mapping_options mapping;
	uint64_t max_line;       /* bytes */
	const char *max_rejects; /* "20", "5%"; NULL: any */
	const char *stats;       /* path, or NULL */
	const char *version;     /* for context.sources; NULL: this version */
	uint64_t now_ms;         /* current time; 0: read the clock */
	uint64_t jobs;           /* processes for jq; 0 is 1 */
	uint64_t jq_timeout_ms;  /* CPU time of a row */
	uint64_t jq_memory;      /* bytes for a jq process */
	const char *jq_engine;   /* auto (NULL) or libjq */
	bool trust_eof, any_counts;
	bool seal;          /* the end line has a hash of all bytes before it */
	uint64_t preview;   /* rows to show on the terminal; 0: write events */
	bool print_mapping; /* only write the mapping as a mapping file */
	bool print_columns; /* only write the columns that the mapping reads */
	bool print_record;  /* only write what a state records of the mapping */
	bool check;         /* only check whether the mapping fits */
	bool explain;       /* only write which engine runs each expression */
	bool plain_ids;     /* leave the mapping out of messageIds */
	bool confine;       /* drop access to files and network after setup */
};

/* Maps fd_in to fd_out, which it closes. Returns 0; -1 with ERR_PARTIAL if rows
 * were rejected and everything else was done, ERR_DATA if the input was
 * truncated or has more than max_rejects bad rows, ERR_CONFIG and ERR_USAGE for
 * the settings, ERR_IO.
 */
int map_run(const struct map_options *o, int fd_in, int fd_out,
	    struct err *e) MUST_USE;

#endif
