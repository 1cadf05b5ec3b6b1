#include "query/source.h"

#include <assert.h>
#include <stdio.h>
#include <strings.h>

#include "core/library.h"
#include "core/opt.h"
#include "query/attribute.h"
#include "query/url.h"

/* One row per source, in the order of --help. */
#define SOURCES(ROW)                                                           \
	ROW(postgres)                                                          \
	ROW(mysql)                                                             \
	ROW(clickhouse)                                                        \
	ROW(trino)                                                             \
	ROW(sqlite)                                                            \
	ROW(duckdb)                                                            \
	ROW(parquet)                                                           \
	ROW(odbc)                                                              \
	ROW(csv)                                                               \
	ROW(ndjson)                                                            \
	ROW(exec)                                                              \
	ROW(singer)

#define DECLARED(name) extern const struct source source_##name;
SOURCES(DECLARED)

#define LISTED(name) &source_##name,
static const struct source *const all[] = {SOURCES(LISTED)};

/* URL schemes of other tools, and how to reach these sources here. */
static const struct {
	const char *scheme, *way;
} elsewhere[] = {
	{"snowflake", "by ODBC: odbc:DSN=name"},
	{"bigquery", "by ODBC: odbc:DSN=name"},
	{"databricks", "by ODBC: odbc:DSN=name"},
	{"oracle", "by ODBC: odbc:DSN=name"},
	{"sqlserver", "by ODBC: odbc:DSN=name"},
	{"mssql", "by ODBC: odbc:DSN=name"},
	{"synapse", "by ODBC: odbc:DSN=name"},
	{"athena", "by ODBC: odbc:DSN=name"},
	{"db2", "by ODBC: odbc:DSN=name"},
	{"teradata", "by ODBC: odbc:DSN=name"},
	{"vertica", "by ODBC: odbc:DSN=name"},
	{"presto", "through the source trino:"},
	{"s3", "through the source parquet:s3://bucket/*.parquet"},
};

static const char *way_to_reach(struct slice scheme)
{
	struct slice s = scheme;
	const char *plus = memchr(s.p, '+', s.n); /* mssql+pyodbc */

	s.n = plus ? (size_t)(plus - s.p) : s.n;
	for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
		if (slice_is(s, elsewhere[i].scheme))
			return elsewhere[i].way;
	}
	return NULL;
}

static int unknown(struct slice scheme, struct err *e)
{
	const char *names[64], *near;
	char word[32] = "";
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < 4 && all[i]->scheme[k]; k++)
			names[n++] = all[i]->scheme[k];
	}
	names[n] = NULL;
	for (size_t i = 0; i < scheme.n; i++) {
		if (strchr("=@;? ", scheme.p[i]))
			scheme.n = i; /* a secret may follow */
	}
	if (scheme.n < sizeof(word))
		memcpy(word, scheme.p, scheme.n);
	if (way_to_reach(slice_str(word)))
		return err_names(e, ERR_USAGE,
				 "unknown source '%s:'; reach it %s, see "
				 "WAREHOUSES in rudder-query(1)",
				 word, way_to_reach(slice_str(word)));
	near = opt_nearest(word, names);
	if (near && strcmp(near, word) == 0)
		return err_names(e, ERR_USAGE,
				 "source '%s' lacks a ':'; write it like "
				 "'postgres://host/db' or 'sqlite:FILE'",
				 word);
	if (near)
		return err_names(e, ERR_USAGE,
				 "unknown source '%s:'; did you mean '%s:'?",
				 word, near);
	return err_names(e, ERR_USAGE,
			 "unknown source '%.*s'; write it like "
			 "'postgres://host/db', 'sqlite:FILE' or 'csv:FILE'",
			 SLICE_FMT(scheme));
}

static const struct source *by_scheme(struct slice scheme)
{
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < 4 && all[i]->scheme[k]; k++) {
			if (slice_is(scheme, all[i]->scheme[k]))
				return all[i];
		}
	}
	return NULL;
}

void source_print(void)
{
	printf("\nsources:\n");
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		printf("  %s:%s", all[i]->scheme[0], all[i]->help);
		for (size_t k = 1; k < 4 && all[i]->scheme[k]; k++)
			printf(", %s:", all[i]->scheme[k]);
		printf("\n");
	}
}

void source_schemes(struct buf *b)
{
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < 4 && all[i]->scheme[k]; k++)
			buf_fmt(b, "%s%s:", b->n > 0 ? "|" : "",
				all[i]->scheme[k]);
	}
}

/* Whether // before a relative path makes it absolute, as in sqlite://a.db. */
static bool is_misread(const struct source *s, const char *where)
{
	return !s->server && s != &source_exec && where[0] == '/' &&
	       where[1] == '/' && where[2] != '/';
}

const struct source *source_find(const char *url, struct err *e)
{
	struct slice scheme = slice_of(url, strcspn(url, ":"));
	const struct source *s = url[scheme.n] ? by_scheme(scheme) : NULL;

	if (!s)
		(void)unknown(scheme, e);
	else if (is_misread(s, url + scheme.n + 1))
		err_names(
			e, ERR_USAGE,
			"source '%.*s://': write the file after the colon, as "
			"in '%.*s:FILE' or '%.*s:/folder/FILE'",
			SLICE_FMT(scheme), SLICE_FMT(scheme),
			SLICE_FMT(scheme));
	else if (s->lacks)
		err_names(e, ERR_CONFIG,
			  "this build has no source '%.*s:': install %s and "
			  "build again",
			  SLICE_FMT(scheme), s->lacks);
	else if (!s->library || library_load(s->library, e) == 0)
		return s;
	return NULL;
}

size_t source_options(struct opt *row, size_t max, struct source_given *g)
{
	size_t n = 0;

	_Static_assert(COUNT_OF(all) <= SOURCE_DRIVERS, "room for all");
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert(all[i]->n_options <= SOURCE_OPTIONS);
		for (size_t k = 0; k < all[i]->n_options; k++) {
			const struct source_option *o = &all[i]->options[k];

			assert(n < max);
			row[n++] = (struct opt){
				.name = o->name,
				.arg = o->arg,
				.help = o->help,
				.group = all[i]->group,
				.text = o->arg ? &g->text[i][k] : NULL,
				.flag = o->arg ? NULL : &g->flag[i][k],
			};
		}
	}
	return n;
}

int source_take(const struct source *s, const struct source_given *g,
		const char **option, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < all[i]->n_options; k++) {
			const char *v = g->flag[i][k] ? "" : g->text[i][k];

			if (v && all[i] != s)
				return err_names(e, ERR_USAGE,
						 "option '--%s' is only for %s",
						 all[i]->options[k].name,
						 all[i]->group);
			if (all[i] == s)
				option[k] = v;
		}
	}
	return 0;
}

bool source_is(const struct source *s, const char *definition)
{
	if (s == &source_odbc)
		return true;
	for (size_t k = 0; k < COUNT_OF(s->scheme) && s->scheme[k]; k++) {
		if (strcasecmp(s->scheme[k], definition) == 0)
			return true;
	}
	return false;
}

/* Finds the colon and the at sign of user:password@ in a URL with an authority.
 * False if the URL has no password. A password with an unescaped / ? or # is
 * found too, though the URL is then refused.
 */
static bool find_password(const char *url, const char **colon, const char **at)
{
	const char *from = strstr(url, "://"), *end;

	if (!from || from > url + strcspn(url, "?"))
		return false;
	from += 3;
	end = from + strcspn(from, "/?#");
	*colon = memchr(from, ':', (size_t)(end - from));
	*at = memrchr(from, '@', (size_t)(end - from));
	if (!*at && *colon && *from != '[') {
		bool port = strspn(*colon + 1, "0123456789") ==
			    (size_t)(end - *colon - 1);
		size_t n = port ? strcspn(end, "?") : strlen(end);

		*at = memrchr(end, '@', n);
	}
	return *at && *colon && *colon < *at;
}

/* The text after "odbc:", or NULL. */
static const char *attributes(const char *url)
{
	return slice_starts(slice_str(url), "odbc:") ? url + 5 : NULL;
}

static void name_attributes(struct buf *b, const char *text)
{
	struct attribute a;

	buf_str(b, "odbc:");
	while (attribute_next(&text, &a)) {
		if (attribute_is_secret(&a))
			continue;
		buf_slice(b, a.whole);
		buf_char(b, ';');
	}
}

void source_name(struct buf *b, const char *url)
{
	const struct source *s = by_scheme(slice_of(url, strcspn(url, ":")));
	const char *colon, *at, *end = url + strcspn(url, "?");

	if (attributes(url)) {
		name_attributes(b, attributes(url));
		return;
	}
	if (s && s->tuning)
		end = url_tuning(url, s->tuning);
	else if (!strstr(url, "://"))
		end = NULL;
	if (!end)
		end = url + strlen(url);
	if (find_password(url, &colon, &at)) {
		buf_add(b, url, (size_t)(colon - url));
		if (end < at) /* the ? is in the password */
			end = at + strcspn(at, "?");
		url = at;
	}
	buf_add(b, url, (size_t)(end - url));
}

bool source_has_password(const char *url)
{
	const char *colon, *at, *query = strchr(url, '?');
	const char *text = attributes(url);
	struct attribute a;

	while (text && attribute_next(&text, &a)) {
		if (attribute_is_secret(&a))
			return true;
	}
	if (text)
		return false;
	return find_password(url, &colon, &at) ||
	       (strstr(url, "://") && query && strstr(query, "password="));
}
