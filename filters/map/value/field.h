/* field.h - what is done to one column's value on its way into an event.
 *
 * Floor 2 (map). In this order: a null is kept, left out, made "" or replaced
 * by a default; the value is cast; it is masked.
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
	size_t n; /* characters that FIELD_TRUNCATE leaves */
};

/* All-zero does nothing. */
struct field {
	enum field_null null;
	enum field_cast cast;
	char *fallback; /* owned: JSON text instead of null, or NULL */
	size_t fallback_n;
	struct field_step step[FIELD_STEPS];
	size_t n_steps;
	const struct buf *key; /* borrowed: of FIELD_HMAC */
};

/* What values need on the way, kept from one to the next. All-zero at first. */
struct field_work {
	struct buf value, text, next;
	struct evp_md_st *sha256; /* of OpenSSL; NULL: not asked for yet */
	struct evp_md_ctx_st *digest;
};
void field_work_clear(struct field_work *w);

/* What is to be said of a value. */
struct field_said {
	const char *why; /* it cannot be cast or masked: what it is not */
	bool hashed;     /* a mask took the SHA-256 of a SHA-256 */
};

/* The words of options and files: ERR_CONFIG for another. A mask is steps with
 * a plus between: "trim+lower+sha256", "truncate:20".
 */
int field_set_null(struct field *f, const char *word, struct err *e) MUST_USE;
int field_set_cast(struct field *f, const char *word, struct err *e) MUST_USE;
int field_set_mask(struct field *f, const char *word, struct err *e) MUST_USE;

/* The way back: NULL where nothing is set. */
const char *field_null_word(enum field_null null);
const char *field_cast_word(enum field_cast cast);
void field_mask_text(struct buf *b, const struct field *f);

/* Takes over what more sets. */
void field_merge(struct field *f, const struct field *more);

void field_clear(struct field *f);

/* Whether a step of the mask needs a key. */
bool field_needs_key(const struct field *f);

/* What makes one value of several ("trim+lower", "integer"), at the end of b:
 * false where two values stay two.
 */
bool field_merges(const struct field *f, struct buf *b);

/* Whether there is anything to do. */
bool field_active(const struct field *f);

/* The value as JSON at the end of b: 1; 0 when it is to be left out; -1 when it
 * cannot be cast or masked, and said->why tells why. A null, and what is blank
 * when a mask comes to its hash, is FIELD_NULL or what stands for a null.
 */
#define FIELD_NULL "null"
int field_apply(const struct field *f, const struct scan_member *m,
		struct field_work *w, struct buf *b, struct field_said *said);

#endif
