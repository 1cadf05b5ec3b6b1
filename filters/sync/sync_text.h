/* sync_text.h - reads the texts of a sync file and expands their variables.
 *
 * Floor 2 (sync). A text is a string that is not empty, or a number as written.
 * All functions return 0, or -1 with ERR_CONFIG and the line. If the member
 * does not exist, the result is not changed.
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

/* Appends the text of a value to b, with its variables expanded. */
int sync_text_expand(struct buf *b, const struct doc *d,
		     struct err *e) MUST_USE;

/* Copies the text of a member of d to *to, which the caller frees: unchanged,
 * or with variables expanded.
 */
int sync_text_take_raw(char **to, const struct doc *d, const char *name,
		       struct err *e) MUST_USE;
int sync_text_take(char **to, const struct doc *d, const char *name,
		   struct err *e) MUST_USE;

/* Reads a text, or a list of texts; m may be NULL. raw: do not expand
 * variables.
 */
int sync_text_take_list(struct sync_texts *t, const struct doc *m, bool raw,
			struct err *e) MUST_USE;

/* Reads a time such as 30s, greater than 0. A number without a unit is
 * rejected, because max_age: 26 hardly means 26 seconds.
 */
int sync_text_take_ms(uint64_t *ms, const struct doc *d, const char *name,
		      struct err *e) MUST_USE;

#endif
