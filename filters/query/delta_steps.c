#include "query/delta_steps.h"

#include "core/tool.h"
#include "query/model_blame.h"

/* Counts the open keys by their texts. A text that is not a valid value of its
 * column is not found.
 */
static int count_listed(const struct delta_steps *s, struct err *e)
{
	struct buf ask = {0};
	uint64_t found = 0;
	int rc;

	delta_sql_listed(&ask, s->d, s->sql);
	rc = s->try(s->ctx, buf_cstr(&ask), &found, e);
	buf_clear(&ask);
	if (rc == 0)
		delta_listed(s->d, found);
	return rc;
}

static int count_again(const struct delta_steps *s, struct err *e)
{
	struct buf ask = {0};
	uint64_t n = 0;
	int rc;

	buf_str(&ask, "SELECT count(*) - coalesce(max(n), 0) FROM ");
	delta_sql_base(&ask, s->d, s->sql, 'u');
	rc = s->count(s->ctx, buf_cstr(&ask), &n, e);
	buf_clear(&ask);
	if (rc == 0)
		delta_counted_again(s->d, n);
	return rc;
}

int delta_steps_base(const struct delta_steps *s, struct err *e)
{
	struct delta *d = s->d;
	uint64_t n[2] = {0, 0};
	struct buf ask = {0};
	int rc = 0;

	if (!delta_has_base(d))
		return 0;
	for (int i = 0; rc == 0 && i < 1 + (delta_open_in(d) == 'k'); i++) {
		ask.n = 0;
		buf_str(&ask, "SELECT count(*) FROM ");
		delta_sql_base(&ask, d, s->sql, i == 0 ? 'h' : 'k');
		rc = s->count(s->ctx, buf_cstr(&ask), &n[i], e);
	}
	buf_clear(&ask);
	if (rc < 0)
		return -1;
	delta_counted(d, n[0], n[1]);
	if (d->part && delta_has_again(d) && count_again(s, e) < 0)
		return -1;
	return d->part && d->list.n > 0 ? count_listed(s, e) : 0;
}

int delta_steps_hashes(const struct delta_steps *s, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "CREATE TABLE ");
	delta_sql_table(&text, s->d, s->sql, 'h');
	buf_str(&text, " AS ");
	delta_sql_hashes(&text, s->d, s->sql, s->text, s->hash);
	rc = s->count(s->ctx, buf_cstr(&text), &s->d->total, e);
	buf_clear(&text);
	return rc < 0 ? model_blame(s->model, e) : 0;
}

int delta_steps_keys(const struct delta_steps *s, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "CREATE TABLE ");
	delta_sql_table(&text, s->d, s->sql, 'k');
	buf_str(&text, " AS ");
	delta_sql_keys(&text, s->d, s->sql);
	rc = s->count(s->ctx, buf_cstr(&text), &s->d->keys, e);
	buf_clear(&text);
	return rc;
}

int delta_steps_expect(const struct delta_steps *s, uint64_t *expected,
		       uint64_t *keyless, struct err *e)
{
	const struct {
		void (*put)(struct buf *b, const struct delta *d,
			    const struct model_sql *sql);
		uint64_t *n;
	} ask[] = {
		{delta_sql_expected, expected},
		{delta_sql_gone, &s->d->missing},
		{delta_sql_keyless, keyless},
	};
	struct buf text = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT_OF(ask); i++) {
		text.n = 0;
		ask[i].put(&text, s->d, s->sql);
		rc = s->count(s->ctx, buf_cstr(&text), ask[i].n, e);
	}
	buf_clear(&text);
	return rc;
}

int delta_steps_hold(const struct delta_steps *s, const char *table,
		     struct err *e)
{
	uint64_t expected = 0, keyless = 0, found = 0;
	struct buf text = {0};
	int rc = delta_steps_expect(s, &expected, &keyless, e);

	if (rc < 0)
		return -1;
	buf_fmt(&text, "CREATE TEMPORARY TABLE %s AS ", table);
	delta_sql_rows(&text, s->d, s->sql, s->text, s->hash, keyless > 0);
	rc = s->count(s->ctx, buf_cstr(&text), &found, e);
	buf_clear(&text);
	if (rc < 0)
		return model_blame(s->model, e);
	delta_held(s->d, expected + keyless, found);
	return 0;
}

void delta_steps_drop(const struct delta_steps *s, const char *before)
{
	const char *table;
	struct buf text = {0};
	struct err why;

	for (size_t at = 0; (table = delta_leftover(s->d, &at)) != NULL;) {
		text.n = 0;
		buf_fmt(&text, "%sDROP TABLE ", before);
		delta_sql_named(&text, s->d, s->sql, table);
		if (s->command(s->ctx, buf_cstr(&text), &why) < 0)
			tool_info("cannot drop the table '%s': %s", table,
				  why.text);
	}
	buf_clear(&text);
}
