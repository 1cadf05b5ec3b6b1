/* sync_text.h - the texts of a sync file, with variables put in.
 *
 * Floor 2 (sync). Texts are strings that are not empty, or numbers as they are
 * written. All functions return 0, or -1 with ERR_CONFIG and the line; a member
 * that is not there is left as it was.
 */
#ifndef SYNC_SYNC_TEXT_H
#define SYNC_SYNC_TEXT_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/settings/doc.h"

/* Owned texts. */
struct sync_texts {
	char **v;
	size_t n;
};

void sync_text_add(struct sync_texts *t, const char *text, size_t n);

/* All-zero is allowed. */
void sync_text_clear(struct sync_texts *t);

/* "line 3: 'mode' must be WANT". Returns -1. */
int sync_text_wrong(const struct doc *d, const char *want, struct err *e);

/* The text of a value at the end of b. */
int sync_text_expand(struct buf *b, const struct doc *d,
		     struct err *e) MUST_USE;

/* That of a member of d into *to, which the caller frees: as it stands, or with
 * variables.
 */
int sync_text_take_raw(char **to, const struct doc *d, const char *name,
		       struct err *e) MUST_USE;
int sync_text_take(char **to, const struct doc *d, const char *name,
		   struct err *e) MUST_USE;

/* A text, or a list of them; m may be NULL. raw: without variables. */
int sync_text_take_list(struct sync_texts *t, const struct doc *m, bool raw,
			struct err *e) MUST_USE;

/* A time such as 30s, more than nothing; a number without a unit is refused:
 * max_age: 26 is not 26 seconds.
 */
int sync_text_take_ms(uint64_t *ms, const struct doc *d, const char *name,
		      struct err *e) MUST_USE;

#endif
