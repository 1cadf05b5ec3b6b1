/* failing.h - keys whose last receipt reports a failure: the file `failing`.
 *
 * Floor 2 (diff). Each commit renews it. A key leaves it with its next receipt
 * that reports success, or when a complete run has no change for it any more.
 * After an incomplete run, keys that it did not reach stay.
 *
 * The first line says how many more receipts reported a failure. Then comes a
 * line for each key: at most FAILING_MAX keys, and only those whose id has 1 to
 * FAILING_ID bytes. Reasons are stored as the destination gave them, truncated
 * to FAILING_REASON bytes.
 */
#ifndef DIFF_STATE_FAILING_H
#define DIFF_STATE_FAILING_H

#include "diff/keys/key.h"
#include "diff/keys/key_set.h"
#include "diff/state/state.h"
#include "wire/json/scan.h"

enum { FAILING_MAX = 10000, FAILING_REASON = 300, FAILING_ID = 1024 };

struct failing_key {
	size_t at[3]; /* in text: id, action, reason as JSON */
	uint32_t n[3];
	char since[25], last[25]; /* first and last failure, times */
	char run[21];             /* of the last one */
	char status[12];
	uint64_t attempts; /* consecutive runs in which it failed */
	uint64_t code;     /* HTTP status of the last one, or 0 */
	bool failed, fine; /* by a receipt of this commit */
};

struct failing {
	struct failing_key *key; /* n of them */
	size_t n, size;
	struct buf text;
	struct key_set ids;
	uint64_t more; /* failures beyond FAILING_MAX */
	bool existed, damaged;
};

/* Reads the file, if there is one. If it cannot be read, warns and counts it as
 * empty.
 */
void failing_load(struct failing *f, const struct state *s);
void failing_clear(struct failing *f);

/* A receipt reports success for the key with this id, which is a JSON value.
 * Cheap while no key is failing.
 */
void failing_fine(struct failing *f, struct slice id);

/* A receipt reports a failure. All are JSON values, or empty. */
struct failing_receipt {
	struct slice id, action, status, code, reason;
};
void failing_add(struct failing *f, const struct failing_receipt *r,
		 const char *now, const char *run);

/* Replaces the file. complete: all receipts of a whole run were read. Returns
 * how many keys are failing now. A write error is only a warning.
 */
uint64_t failing_store(struct failing *f, const struct state *s, bool complete);

/* Adds one key as JSON to b. whole: the reason as it was given, otherwise as
 * messages show it (abort_reason).
 */
void failing_show(const struct failing *f, size_t i, bool whole, struct buf *b);

/* The values of one key; the reason, made as above, lives in *reason. */
void failing_values(const struct failing *f, size_t i, bool whole,
		    struct failing_receipt *r, struct buf *reason);

/* How many keys the file has, from its first line. */
uint64_t failing_count(const struct state *s);

/* Removes a key; *found is set if it was there. ERR_CREATE, ERR_IO. */
int failing_forget(const struct state *s, const struct key *k, const char *id,
		   bool *found, struct err *e) MUST_USE;

#endif
