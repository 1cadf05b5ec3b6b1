/* field.h - what is done to the value of one column before it goes into an
 * event.
 *
 * Floor 2 (map). The order is: a null is kept, left out, made "" or replaced by
 * a default; then the value is cast; then it is masked.
 */
#ifndef MAP_VALUE_FIELD_H
#define MAP_VALUE_FIELD_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/scan.h"

enum field_null { FIELD_AS_SET, FIELD_KEEP, FIELD_OMIT, FIELD_EMPTY };

enum field_cast {
	FIELD_AS_IS,
	FIELD_STRING,
	FIELD_INTEGER,
	FIELD_NUMBER,
	FIELD_BOOLEAN,
	FIELD_TIMESTAMP,
};

enum { FIELD_STEPS = 8 };

enum field_action {
	FIELD_TRIM,
	FIELD_LOWER,
	FIELD_SHA256,
	FIELD_HMAC,
	FIELD_REDACT,
	FIELD_TRUNCATE,
	FIELD_DIGITS,
	FIELD_E164,
};

/* One step of a mask. */
struct field_step {
	enum field_action what;
	size_t n; /* FIELD_TRUNCATE: the maximum number of characters */
};

/* The settings of a column: null policy, cast, default and mask. All-zero
 * leaves the value as it is.
 */
struct field {
	enum field_null null;
	enum field_cast cast;
	char *fallback; /* owned: JSON text for a null, or NULL */
	size_t fallback_n;
	struct field_step step[FIELD_STEPS];
	size_t n_steps;
	const struct buf *key; /* borrowed; for FIELD_HMAC */
};

/* Buffers and the hash state for field_apply, reused from value to value.
 * All-zero at first; clear with field_work_clear.
 */
struct field_work {
	struct buf value, text, next;
	struct evp_md_st *sha256; /* OpenSSL's SHA-256; NULL until first used */
	struct evp_md_ctx_st *digest;
};
void field_work_clear(struct field_work *w);

/* What the caller should report about a value. */
struct field_said {
	const char *why; /* reason why the value cannot be cast or masked */
	bool hashed;     /* the mask hashed a SHA-256 again */
};

/* Sets the null policy, cast or mask from its word in an option or a mapping
 * file. ERR_CONFIG for an unknown word. A mask is steps joined by a plus:
 * "trim+lower+sha256", "truncate:20".
 */
int field_set_null(struct field *f, const char *word, struct err *e) MUST_USE;
int field_set_cast(struct field *f, const char *word, struct err *e) MUST_USE;
int field_set_mask(struct field *f, const char *word, struct err *e) MUST_USE;

/* The word of a setting, the inverse of field_set_*: NULL if it is not set.
 * field_mask_text appends the mask to b.
 */
const char *field_null_word(enum field_null null);
const char *field_cast_word(enum field_cast cast);
void field_mask_text(struct buf *b, const struct field *f);

/* Copies the settings that more has into f, over those of f. */
void field_merge(struct field *f, const struct field *more);

void field_clear(struct field *f);

/* Whether a step of the mask needs a key. */
bool field_needs_key(const struct field *f);

/* Appends to b the steps that can make different values equal ("trim+lower",
 * "integer"). Returns false for a field without such a step. A hash is not one.
 */
bool field_merges(const struct field *f, struct buf *b);

/* Whether f has any setting that may change a value. */
bool field_active(const struct field *f);

/* Appends the value of m, after all settings, to b as JSON. Returns 1; 0 if the
 * event must leave it out; -1 if it cannot be cast or masked, with said->why. A
 * null, and a value that is blank when a mask is about to hash it, becomes
 * FIELD_NULL or whatever replaces a null.
 */
#define FIELD_NULL "null"
int field_apply(const struct field *f, const struct scan_member *m,
		struct field_work *w, struct buf *b, struct field_said *said);

#endif
