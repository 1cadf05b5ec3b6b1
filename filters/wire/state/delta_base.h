/* delta_base.h - the base of rudder-query --delta: in begin lines, and in a
 * state.
 *
 * Floor 1 (wire). With --delta the warehouse keeps a table of the key and the
 * hash of each row of the model, made by one run: the base. The next run makes
 * a new table and compares the two. Tables are never changed, and are named for
 * the run that made them. The file `base` of the state names the base.
 * rudder-diff writes it before the first change leaves; rudder-query only reads
 * it, and reports in its begin line what it has read and made:
 *
 *     "delta":{"id":"I","schema":"S","run":"R","of":"F","file":"SUM",
 *              "all":false,"total":N,"keys":K}
 *
 * I is the id of the sync in the warehouse, R the run that made the new tables,
 * F the fingerprint of all that must be the same for two hashes to be compared,
 * SUM the checksum of the file as it was read. all: every row of the model
 * comes. N is the number of rows of the model, K that of the second table.
 */
#ifndef WIRE_STATE_DELTA_BASE_H
#define WIRE_STATE_DELTA_BASE_H

#include "core/buf.h"
#include "core/err.h"

/* The file's name in the folder of a state, and that of the file in which
 * rudder-query keeps the id until there is a base: the id and a line feed.
 */
#define DELTA_BASE_FILE    "base"
#define DELTA_BASE_ID_FILE "delta"

enum { DELTA_BASE_ID = 16, DELTA_BASE_RUN = 20 }; /* characters */

/* What may be unsettled since the base was made, even if the hashes are equal.
 */
enum delta_base_open {
	DELTA_BASE_SETTLED, /* nothing */
	DELTA_BASE_KEYS,    /* all keys that changed then: a table */
	DELTA_BASE_LIST,    /* only the keys of a list */
	DELTA_BASE_ALL,     /* any key: every row must be read again */
	DELTA_BASE_VOID,    /* the same, and no commit can change that: the base
			     * does not know what was delivered since */
};

struct delta_base {
	struct slice id, run; /* DELTA_BASE_ID, DELTA_BASE_RUN characters */
	struct slice schema;  /* as a JSON string, with its quotes */
	struct slice of;      /* the fingerprint, sealed with key */
	struct slice key;     /* the key of cursor_seal */
	struct slice by;      /* how rudder-diff compares: a JSON string */
	struct slice state;   /* id of the state */
	uint64_t generation;  /* of its snapshot */
	uint64_t rows, keys;  /* of the two tables of the base */
	enum delta_base_open open;
	/* Keys with a change in the run, as a JSON array of their texts: 7, "a"
	 * or [7,"a"]; empty if no key changed, or too many. Used if open is
	 * DELTA_BASE_LIST.
	 */
	struct slice list;
	size_t n_list;
	struct slice sum; /* of the file, as it was loaded */
	struct buf text;
};

/* Loads the file: 1; 0 if there is no file, or with a warning if it is damaged;
 * -1: ERR_CONFIG for a newer one, ERR_DENIED, ERR_IO.
 */
int delta_base_load(struct delta_base *b, const char *path,
		    struct err *e) MUST_USE;

/* Replaces the file, durable on return: ERR_CREATE, ERR_IO. */
int delta_base_store(const struct delta_base *b, const char *path,
		     struct err *e) MUST_USE;
void delta_base_clear(struct delta_base *b);

/* The member of a begin line. */
struct delta_begin {
	struct slice id, run, of;
	struct slice schema; /* a JSON string */
	struct slice file;   /* empty: there was no file */
	bool all;
	uint64_t total, keys;
	struct buf text;
};

/* Parses a copy of the object of a begin line: 0, or -1 if it is invalid. */
int delta_base_parse_begin(struct delta_begin *d, struct slice object) MUST_USE;

/* Appends it, with its name and a comma before. */
void delta_base_put_begin(const struct delta_begin *d, struct buf *b);
void delta_base_clear_begin(struct delta_begin *d);

#endif
