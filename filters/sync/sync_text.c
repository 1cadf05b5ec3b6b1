#include "sync/sync_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/num.h"
#include "sync/variables.h"

void sync_text_add(struct sync_texts *t, const char *text, size_t n)
{
	t->v = mem_resize(t->v, (t->n + 1) * sizeof(*t->v));
	t->v[t->n++] = mem_copy(text, n);
}

void sync_text_clear(struct sync_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
	*t = (struct sync_texts){0};
}

int sync_text_wrong(const struct doc *d, const char *want, struct err *e)
{
	const char *name = d->name;
	bool entry = !name && d->parent && d->parent->name;

	if (entry)
		name = d->parent->name;
	return err_names(e, ERR_CONFIG, "line %u: %s'%s' must be %s", d->line,
			 entry ? "an entry of " : "", name ? name : "entry",
			 want);
}

/* Appends a string or a number to b, without replacing variables. */
static int scalar(struct buf *b, const struct doc *d, struct err *e)
{
	if (d->kind == SCAN_NUMBER) {
		buf_slice(b, d->raw);
		return 0;
	}
	if (d->kind != SCAN_STRING || d->text_n == 0 ||
	    d->text_n != strlen(d->text))
		return sync_text_wrong(d, "a text that is not empty", e);
	buf_add(b, d->text, d->text_n);
	return 0;
}

/* The same with variables replaced. */
int sync_text_expand(struct buf *b, const struct doc *d, struct err *e)
{
	size_t from = b->n;

	if (d->kind == SCAN_NUMBER)
		return scalar(b, d, e);
	if (d->kind != SCAN_STRING || d->text_n != strlen(d->text))
		return sync_text_wrong(d, "a text", e);
	if (variables_expand(b, d->text, e) < 0)
		return err_in(e, "line %u", d->line);
	return b->n > from ? 0
			   : sync_text_wrong(d, "a text that is not empty", e);
}

/* Reads the text of a member into *to with read, if the member exists. */
static int take(char **to, const struct doc *d, const char *name,
		int (*read)(struct buf *b, const struct doc *d, struct err *e),
		struct err *e)
{
	const struct doc *m = doc_get(d, name);
	struct buf b = {0};
	int rc;

	if (!m)
		return 0;
	rc = read(&b, m, e);
	if (rc == 0)
		*to = mem_copy(b.p, b.n);
	buf_clear(&b);
	return rc;
}

int sync_text_take_raw(char **to, const struct doc *d, const char *name,
		       struct err *e)
{
	return take(to, d, name, scalar, e);
}

int sync_text_take(char **to, const struct doc *d, const char *name,
		   struct err *e)
{
	return take(to, d, name, sync_text_expand, e);
}

int sync_text_take_list(struct sync_texts *t, const struct doc *m, bool raw,
			struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	if (!m)
		return 0;
	if (m->kind != SCAN_ARRAY) {
		rc = raw ? scalar(&b, m, e) : sync_text_expand(&b, m, e);
		if (rc == 0)
			sync_text_add(t, b.p, b.n);
	}
	for (const struct doc *i = m->first;
	     rc == 0 && m->kind == SCAN_ARRAY && i; i = i->next) {
		b.n = 0;
		rc = raw ? scalar(&b, i, e) : sync_text_expand(&b, i, e);
		if (rc == 0)
			sync_text_add(t, b.p, b.n);
	}
	buf_clear(&b);
	return rc;
}

int sync_text_take_ms(uint64_t *ms, const struct doc *d, const char *name,
		      struct err *e)
{
	const struct doc *m = doc_get(d, name);
	struct buf b = {0};
	uint64_t n;
	int rc;

	if (!m)
		return 0;
	rc = sync_text_expand(&b, m, e);
	if (rc == 0 && num_uint(buf_all(&b), &n) == 0)
		rc = sync_text_wrong(
			m, "a time with its unit, such as 30s, 10m or 26h", e);
	else if (rc == 0 && (num_msec(buf_all(&b), ms) < 0 || *ms == 0))
		rc = sync_text_wrong(m, "a time such as 30s, 10m or 26h", e);
	buf_clear(&b);
	return rc;
}
