#include "query/delta_sql.h"

#include <stdio.h>

#include "query/names.h"

/* Appends "a". or "a"."b". for the schema. */
static void put_schema(struct buf *b, const struct delta *d,
		       const struct model_sql *sql)
{
	struct buf part = {0};
	const char *p = d->schema;

	while ((p = names_part(p, '.', &part)) != NULL) {
		model_quote(b, sql, buf_all(&part));
		buf_char(b, '.');
		if (*p++ == '\0')
			break;
	}
	buf_clear(&part);
}

void delta_sql_named(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, const char *table)
{
	put_schema(b, d, sql);
	model_quote(b, sql, slice_str(table));
}

static void put_table(struct buf *b, const struct delta *d,
		      const struct model_sql *sql, const char *run, char kind)
{
	struct buf name = {0};

	buf_fmt(&name, "rudder_%s_%.*s_%c", d->id, DELTA_BASE_RUN, run, kind);
	delta_sql_named(b, d, sql, buf_cstr(&name));
	buf_clear(&name);
}

void delta_sql_table(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, char kind)
{
	put_table(b, d, sql, d->run, kind);
}

void delta_sql_base(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, char kind)
{
	put_table(b, d, sql, d->base.run.p, kind);
}

/* Appends the conversion `way` of the value of a key. */
static void put_way(struct buf *b, const struct delta_key *k, const char *way,
		    struct slice value)
{
	for (const char *p = way ? way : "?"; *p; p++) {
		if (*p == '?')
			buf_slice(b, value);
		else if (*p == '$')
			buf_str(b, k->type);
		else
			buf_char(b, *p);
	}
}

/* Appends t."id" as it is stored and compared. */
static void put_key(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, size_t i)
{
	struct buf name = {0};

	buf_str(&name, "t.");
	model_quote(&name, sql, buf_all(&d->key[i].name));
	put_way(b, &d->key[i], d->key[i].stored, buf_all(&name));
	buf_clear(&name);
}

void delta_sql_join(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, const char *with)
{
	for (size_t i = 0; i < d->n_keys; i++) {
		buf_str(b, i > 0 ? " AND " : "");
		put_key(b, d, sql, i);
		buf_fmt(b, " = %s.k%zu", with, i);
	}
}

void delta_sql_hashes(struct buf *b, const struct delta *d,
		      const struct model_sql *sql, struct slice model,
		      const char *hash)
{
	buf_str(b, "SELECT ");
	for (size_t i = 0; i < d->n_keys; i++) {
		put_key(b, d, sql, i);
		buf_fmt(b, " AS k%zu, ", i);
	}
	buf_fmt(b, "%s AS h FROM (\n", hash);
	buf_slice(b, model);
	buf_str(b, "\n) AS t");
}

void delta_sql_each(struct buf *b, const struct delta *d, const char *between,
		    const char *one)
{
	for (size_t i = 0; i < d->n_keys; i++) {
		buf_str(b, i > 0 ? between : "");
		for (const char *p = one; *p; p++) {
			if (*p == '#')
				buf_uint(b, i);
			else
				buf_char(b, *p);
		}
	}
}

/* Appends d->list, a text of JSON in which each key is a value, as a table l.
 */
static void put_parsed(struct buf *b, const struct delta *d)
{
	char text[24];

	buf_str(b, " JOIN (SELECT ");
	for (size_t i = 0; i < d->n_keys; i++) {
		buf_str(b, i > 0 ? ", " : "");
		snprintf(text, sizeof(text), "x[%zu]", i + 1);
		put_way(b, &d->key[i], d->key[i].parsed, slice_str(text));
		buf_fmt(b, " AS k%zu", i);
	}
	buf_str(b, " FROM UNNEST(CAST(json_parse('[");
	for (size_t i = 0; i < d->list.n; i++) {
		buf_str(b, d->list.p[i] == '\'' ? "'" : "");
		buf_char(b, d->list.p[i]);
	}
	buf_str(b, "]') AS array(array(varchar)))) AS u (x)) AS l ON ");
	delta_sql_each(b, d, " AND ", "s.k# = l.k#");
}

/* Appends the SELECT of the keys that are open in the base. */
static void put_open(struct buf *b, const struct delta *d,
		     const struct model_sql *sql)
{
	bool parsed = d->list.n > 0 && d->key[0].parsed;

	buf_str(b, "SELECT ");
	delta_sql_each(b, d, ", ", parsed ? "s.k#" : "k#");
	buf_str(b, " FROM ");
	delta_sql_base(b, d, sql, delta_open_in(d));
	if (parsed) {
		buf_str(b, " AS s");
		put_parsed(b, d);
	}
	if (d->list.n == 0 || parsed)
		return;
	buf_str(b, d->n_keys > 1 ? " WHERE (" : " WHERE ");
	delta_sql_each(b, d, ", ", "k#");
	buf_fmt(b, "%s IN (%.*s)", d->n_keys > 1 ? ")" : "",
		SLICE_FMT(buf_all(&d->list)));
}

void delta_sql_listed(struct buf *b, const struct delta *d,
		      const struct model_sql *sql)
{
	buf_str(b, "SELECT count(*) FROM (");
	put_open(b, d, sql);
	buf_str(b, " GROUP BY ");
	delta_sql_each(b, d, ", ", d->key[0].parsed ? "s.k#" : "k#");
	buf_str(b, ") AS s");
}

void delta_sql_keys(struct buf *b, const struct delta *d,
		    const struct model_sql *sql)
{
	buf_str(b, "SELECT ");
	delta_sql_each(b, d, "", "c.k#, ");
	buf_str(b, "a.h, count(a.h) AS n FROM (SELECT ");
	delta_sql_each(b, d, ", ", "k#");
	buf_str(b, " FROM (SELECT ");
	delta_sql_each(b, d, ", ", "coalesce(a.k#, b.k#) AS k#");
	buf_str(b, " FROM ");
	delta_sql_table(b, d, sql, 'h');
	buf_str(b, " AS a FULL JOIN ");
	delta_sql_base(b, d, sql, 'h');
	buf_str(b, " AS b ON ");
	delta_sql_each(b, d, " AND ", "a.k# = b.k#");
	buf_str(b, " WHERE a.h IS DISTINCT FROM b.h");
	if (delta_is_open(d)) {
		buf_str(b, " UNION ALL ");
		put_open(b, d, sql);
	}
	if (delta_has_again(d)) {
		buf_str(b, " UNION ALL SELECT ");
		delta_sql_each(b, d, ", ", "k#");
		buf_str(b, " FROM ");
		delta_sql_base(b, d, sql, 'u');
	}
	buf_str(b, ") AS s WHERE ");
	delta_sql_each(b, d, " AND ", "k# IS NOT NULL");
	buf_str(b, " GROUP BY ");
	delta_sql_each(b, d, ", ", "k#");
	buf_str(b, ") AS c LEFT JOIN ");
	delta_sql_table(b, d, sql, 'h');
	buf_str(b, " AS a ON ");
	delta_sql_each(b, d, " AND ", "a.k# = c.k#");
	buf_str(b, " GROUP BY ");
	delta_sql_each(b, d, "", "c.k#, ");
	buf_str(b, "a.h");
}

void delta_sql_expected(struct buf *b, const struct delta *d,
			const struct model_sql *sql)
{
	buf_str(b, "SELECT CAST(coalesce(sum(n), 0) AS bigint) FROM ");
	delta_sql_table(b, d, sql, 'k');
}

void delta_sql_gone(struct buf *b, const struct delta *d,
		    const struct model_sql *sql)
{
	buf_str(b, "SELECT count(*) FROM ");
	delta_sql_table(b, d, sql, 'k');
	buf_str(b, " WHERE h IS NULL");
}

void delta_sql_keyless(struct buf *b, const struct delta *d,
		       const struct model_sql *sql)
{
	buf_str(b, "SELECT count(*) FROM ");
	delta_sql_table(b, d, sql, 'h');
	buf_str(b, " WHERE ");
	delta_sql_each(b, d, " OR ", "k# IS NULL");
}

void delta_sql_rows(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, struct slice model,
		    const char *hash, bool keyless)
{
	buf_str(b, "SELECT t.* FROM (\n");
	buf_slice(b, model);
	buf_str(b, "\n) AS t JOIN ");
	delta_sql_table(b, d, sql, 'k');
	buf_str(b, " AS rudder_k ON ");
	delta_sql_join(b, d, sql, "rudder_k");
	/* not =, so that the hash of a row is computed only after its key was
	 * found
	 */
	buf_fmt(b, " WHERE rudder_k.h IS NOT DISTINCT FROM %s", hash);
	if (!keyless)
		return;
	buf_str(b, " UNION ALL SELECT t.* FROM (\n");
	buf_slice(b, model);
	buf_str(b, "\n) AS t WHERE ");
	for (size_t i = 0; i < d->n_keys; i++) {
		buf_str(b, i > 0 ? " OR " : "");
		put_key(b, d, sql, i);
		buf_str(b, " IS NULL");
	}
}

void delta_sql_missing(struct buf *b, const struct delta *d,
		       const struct model_sql *sql)
{
	buf_str(b, "SELECT ");
	for (size_t i = 0; i < d->n_keys; i++) {
		char text[24];

		snprintf(text, sizeof(text), "k%zu", i);
		buf_str(b, i > 0 ? ", " : "");
		put_way(b, &d->key[i], d->key[i].back, slice_str(text));
		buf_str(b, " AS ");
		model_quote(b, sql, buf_all(&d->key[i].name));
	}
	buf_str(b, " FROM ");
	delta_sql_table(b, d, sql, 'k');
	buf_str(b, " WHERE h IS NULL");
}
