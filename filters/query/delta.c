#include "query/delta.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/file.h"
#include "core/num.h"
#include "core/tool.h"
#include "query/model.h"
#include "query/names.h"
#include "wire/json/json.h"
#include "wire/json/span.h"
#include "wire/state/cursor.h"
#include "wire/stream/control.h"

enum { PREFIX = sizeof("rudder_") - 1 };

int delta_check(const struct query_options *o, const struct source *s,
		struct err *e)
{
	if (!o->delta)
		return o->delta_all ? err_set(e, ERR_USAGE,
					      "--delta-all needs --delta "
					      "<schema>")
				    : 0;
	if (!o->cursor_state)
		return err_set(e, ERR_USAGE,
			       "--delta needs --cursor-state <folder>, the "
			       "state of rudder-diff");
	if (o->cursor || o->since || o->overlap || o->if_changed || o->full ||
	    o->legacy || o->tables || o->limit != UINT64_MAX)
		return err_set(e, ERR_USAGE,
			       "--delta excludes --cursor, --since, --overlap, "
			       "--if-changed, --full, --legacy-types, --tables "
			       "and --limit");
	if (!s->sql || !s->sql->delta ||
	    slice_starts(slice_str(o->source), "redshift:"))
		return err_set(e, ERR_CONFIG,
			       "--delta was not tried on the database of this "
			       "source; it knows PostgreSQL, DuckDB and Trino");
	return 0;
}

/* ---- the state --------------------------------------------------------- */

static int take_keys(struct delta *d, struct slice key, struct err *e)
{
	const char *p = key.p + 1, *end = key.p + key.n - 1;

	while (p < end) {
		const char *from = p;

		p = span_value(p, end);
		if (d->n_keys == DELTA_KEYS)
			return err_names(e, ERR_USAGE,
					 "--delta takes a key of at most %d "
					 "columns",
					 DELTA_KEYS);
		json_decode(&d->key[d->n_keys].name,
			    json_inner(slice_of(from, (size_t)(p - from))));
		d->n_keys++;
		p++;
	}
	return 0;
}

static void make_id(char id[DELTA_BASE_ID + 1])
{
	uint64_t v;

	clock_random(&v, sizeof(v));
	num_to_hex(v, id);
	id[DELTA_BASE_ID] = '\0';
}

static bool is_id(struct slice s)
{
	uint64_t v;

	return s.n == DELTA_BASE_ID + 1 && s.p[DELTA_BASE_ID] == '\n' &&
	       num_hex(s.p, &v) == 0;
}

/* Writes the id without a temporary file: a folder with only a temporary file
 * is refused as a state. A file that a kill left incomplete is ignored.
 */
static void store_id(const char *path, const char *id)
{
	struct err ignored = {0};
	struct buf b = {0};
	int fd = file_open_own(path, O_WRONLY | O_CREAT | O_TRUNC, ERR_CREATE,
			       &ignored);

	buf_fmt(&b, "%s\n", id);
	if (fd >= 0) {
		(void)!file_write_once(fd, buf_all(&b), &ignored);
		close(fd);
	}
	buf_clear(&b);
}

/* Without a base, keeps the id in a file of the state, so that later runs find
 * the tables of this run. Goes on without it if the state is not writable.
 */
static void keep_id(struct delta *d, const struct query_options *o)
{
	struct buf path = {0}, text = {0};
	struct err ignored = {0};

	buf_fmt(&path, "%s/" DELTA_BASE_ID_FILE, o->cursor_state);
	if (file_read(buf_cstr(&path), DELTA_BASE_ID + 1, &text, &ignored) ==
		    0 &&
	    is_id(buf_all(&text))) {
		memcpy(d->id, text.p, DELTA_BASE_ID);
	} else if (!o->check && !o->columns) {
		(void)!mkdir(o->cursor_state, 0700);
		store_id(buf_cstr(&path), d->id);
	}
	buf_clear(&path);
	buf_clear(&text);
}

static void put_digits(char *to, size_t n, uint64_t v)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

	while (n-- > 0) {
		to[n] = digits[v & 31];
		v >>= 5;
	}
}

/* Makes a random name whose order is that of the time, in the form of a run id.
 * Not the given run id, which a scheduler may use twice.
 */
static void make_run(char run[DELTA_BASE_RUN + 1])
{
	enum { HALF = DELTA_BASE_RUN / 2 };
	uint64_t v;

	clock_random(&v, sizeof(v));
	put_digits(run, HALF, clock_wall_ms());
	put_digits(run + HALF, HALF, v);
	run[DELTA_BASE_RUN] = '\0';
}

/* Whether the base is in this schema: tables elsewhere are of no use. */
static bool is_schema(const struct delta *d)
{
	struct buf b = {0};
	bool same;

	json_string(&b, slice_str(d->schema));
	same = slice_eq(buf_all(&b), d->base.schema);
	buf_clear(&b);
	return same;
}

static int take_schema(struct delta *d, struct err *e)
{
	const char *p = d->schema;

	while ((p = names_part(p, '.', &d->schema_name)) != NULL) {
		d->schema_parts++;
		if (*p++ == '\0')
			return 0;
	}
	return err_names(e, ERR_USAGE,
			 "option '--delta': '%s' is not the name of a schema",
			 d->schema);
}

int delta_init(struct delta *d, const struct query_options *o, struct slice key,
	       struct err *e)
{
	struct buf path = {0};
	int rc;

	*d = (struct delta){.schema = o->delta, .fresh = o->delta_all};
	if (key.n == 0)
		return err_set(e, ERR_USAGE,
			       "--delta needs the key of the rows: -k COLUMN");
	if (take_schema(d, e) < 0 || take_keys(d, key, e) < 0)
		return -1;
	buf_fmt(&path, "%s/" DELTA_BASE_FILE, o->cursor_state);
	rc = delta_base_load(&d->base, buf_cstr(&path), e);
	buf_clear(&path);
	if (rc < 0)
		return -1;
	d->has_base = rc > 0;
	make_id(d->id);
	if (d->has_base && is_schema(d))
		memcpy(d->id, d->base.id.p, DELTA_BASE_ID);
	else
		keep_id(d, o);
	make_run(d->run);
	return 0;
}

void delta_clear(struct delta *d)
{
	delta_base_clear(&d->base);
	for (size_t i = 0; i < d->n_keys; i++)
		buf_clear(&d->key[i].name);
	buf_clear(&d->schema_name);
	buf_clear(&d->of);
	buf_clear(&d->tables);
	buf_clear(&d->list);
}

void delta_fingerprint(struct delta *d, const char *reads, const char *recipe,
		       const struct rows_column *c, size_t n,
		       struct slice types)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf text = {0};
	unsigned size = 0;

	buf_fmt(&text, "%s\n%s\n%s\n", reads, recipe, d->schema);
	for (size_t i = 0; i < d->n_keys; i++) {
		json_string(&text, buf_all(&d->key[i].name));
		buf_char(&text, '\n');
	}
	for (size_t i = 0; i < n; i++) {
		json_string(&text, slice_str(c[i].name));
		buf_fmt(&text, ":%s\n", c[i].type);
	}
	buf_slice(&text, types);
	EVP_Digest(text.p, text.n, sum, &size, EVP_sha256(), NULL);
	buf_hex(&d->of, sum, size);
	buf_clear(&text);
}

/* ---- tables ------------------------------------------------------------ */

/* Whether it is like rudder_0123456789abcdef_d4f3a1b2c3d4e5f6a7b8_h. */
static bool is_ours(const struct delta *d, struct slice name)
{
	enum { RUN_AT = PREFIX + DELTA_BASE_ID + 1 };

	return name.n == RUN_AT + DELTA_BASE_RUN + 2 &&
	       slice_starts(name, "rudder_") &&
	       memcmp(name.p + PREFIX, d->id, DELTA_BASE_ID) == 0 &&
	       clock_is_run_id(slice_of(name.p + RUN_AT, DELTA_BASE_RUN)) &&
	       name.p[RUN_AT - 1] == '_' && name.p[name.n - 2] == '_' &&
	       memchr("hku", name.p[name.n - 1], 3) != NULL;
}

static const char *run_of(const char *table)
{
	return table + PREFIX + DELTA_BASE_ID + 1;
}

void delta_found(struct delta *d, struct slice name)
{
	if (!is_ours(d, name))
		return;
	buf_slice(&d->tables, name);
	buf_char(&d->tables, '\0');
}

static bool is_there(const struct delta *d, char kind)
{
	const char *end = d->tables.p + d->tables.n;

	for (const char *t = d->tables.p; t < end; t += strlen(t) + 1) {
		if (memcmp(run_of(t), d->base.run.p, DELTA_BASE_RUN) == 0 &&
		    t[strlen(t) - 1] == kind)
			return true;
	}
	return false;
}

/* Appends a value of a key as an untyped literal, which takes the type of what
 * it is compared with.
 */
static void put_literal(struct buf *b, struct slice json)
{
	struct buf text = {0};

	if (*json.p == '"')
		json_decode(&text, json_inner(json));
	else
		buf_slice(&text, json);
	buf_char(b, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, text.p[i]);
	}
	buf_char(b, '\'');
	buf_clear(&text);
}

/* Appends the value as a JSON string, with all digits of a number. */
static void put_text(struct buf *b, struct slice json)
{
	if (*json.p == '"')
		buf_slice(b, json);
	else
		json_string(b, json);
}

/* Appends 7 or [7,"a"] as '7' or ('7', 'a'); if parsed, ["7"] or ["7","a"]. */
static void put_values(struct buf *b, struct slice key, bool parsed)
{
	void (*put)(struct buf *, struct slice) =
		parsed ? put_text : put_literal;
	bool many = *key.p == '[';
	const char *p = key.p + many, *end = key.p + key.n - many;

	buf_str(b, parsed ? "[" : many ? "(" : "");
	while (p < end) {
		const char *from = p;

		p = span_value(p, end);
		put(b, slice_of(from, (size_t)(p - from)));
		if (p++ < end)
			buf_char(b, ',');
	}
	buf_str(b, parsed ? "]" : many ? ")" : "");
}

static void take_list(struct delta *d)
{
	struct slice list = d->base.list;
	const char *p = list.p + 1, *end = list.p + list.n - 1;

	while (p < end) {
		const char *from = p;

		p = span_value(p, end);
		buf_str(&d->list, d->list.n > 0 ? "," : "");
		put_values(&d->list, slice_of(from, (size_t)(p - from)),
			   d->key[0].parsed != NULL);
		p++;
	}
}

/* A run whose keys are all open may have ended before it made table u. */
static bool has_tables(const struct delta *d)
{
	return is_there(d, 'h') && (d->base.keys == 0 || is_there(d, 'k')) &&
	       (!d->twice || d->base.open == DELTA_BASE_KEYS ||
		is_there(d, 'u'));
}

static bool is_of(const struct delta *d)
{
	struct buf sealed = {0};
	bool is;

	cursor_seal(&sealed, d->base.key, buf_all(&d->of));
	is = slice_eq(buf_all(&sealed), d->base.of);
	buf_clear(&sealed);
	return is;
}

bool delta_has_base(struct delta *d)
{
	d->list.n = 0;
	d->why = d->fresh       ? "--delta-all asks for it"
		 : !d->has_base ? "the state has no base yet"
		 : d->base.open == DELTA_BASE_VOID
			 ? "something else has used the state"
		 : d->base.open == DELTA_BASE_ALL
			 ? "the last run that read all is not settled"
		 : !is_of(d)
			 ? "the model, its columns, the key or the source is "
			   "a different one"
		 : !has_tables(d) ? "a table of the base is not there"
				  : NULL;
	if (!d->why && d->base.open == DELTA_BASE_LIST)
		take_list(d);
	return !d->why;
}

bool delta_is_open(const struct delta *d)
{
	return (d->base.open == DELTA_BASE_KEYS && d->base.keys > 0) ||
	       d->base.open == DELTA_BASE_LIST;
}

bool delta_has_again(const struct delta *d)
{
	return d->twice && d->base.open != DELTA_BASE_KEYS;
}

char delta_open_in(const struct delta *d)
{
	return is_there(d, 'k') ? 'k' : 'h';
}

void delta_listed(struct delta *d, uint64_t found)
{
	if (found == d->base.n_list)
		return;
	d->list.n = 0;
	if (delta_open_in(d) == 'h')
		d->why = "an open key is not in the base";
	d->part = !d->why;
}

void delta_counted(struct delta *d, uint64_t rows, uint64_t keys)
{
	if (rows != d->base.rows ||
	    (delta_open_in(d) == 'k' && keys != d->base.keys))
		d->why = "a table of the base has lost rows";
	d->part = !d->why;
}

void delta_counted_again(struct delta *d, uint64_t n)
{
	if (n != 1)
		d->why = "a table of the base has lost rows";
	d->part = !d->why;
}

void delta_held(struct delta *d, uint64_t expected, uint64_t found)
{
	d->unread = expected > found ? expected - found : found - expected;
}

const char *delta_leftover(const struct delta *d, size_t *at)
{
	char future[DELTA_BASE_RUN / 2]; /* a time that is still to come */

	put_digits(future, sizeof(future), clock_wall_ms() + 24 * 3600 * 1000);
	while (d->has_base && *at < d->tables.n) {
		const char *t = d->tables.p + *at;
		int order = memcmp(run_of(t), d->base.run.p, DELTA_BASE_RUN);

		*at += strlen(t) + 1;
		if (order < 0 || (order > 0 && memcmp(run_of(t), future,
						      sizeof(future)) > 0))
			return t;
	}
	return NULL;
}

/* ---- lines ------------------------------------------------------------- */

void delta_begin(const struct delta *d, struct buf *b)
{
	struct buf schema = {0};
	struct delta_begin x = {
		.id = slice_str(d->id),
		.run = slice_str(d->run),
		.of = buf_all(&d->of),
		.file = d->base.sum,
		.all = !d->part,
		.total = d->total,
		.keys = d->keys,
	};

	json_string(&schema, slice_str(d->schema));
	x.schema = buf_all(&schema);
	delta_base_put_begin(&x, b);
	buf_clear(&schema);
}

void delta_end(const struct delta *d, struct buf *b)
{
	if (d->part)
		buf_str(b, ",\"partial\":true");
	control_add_count(b, "missing", d->missing);
	control_add_count(b, "unread", d->unread);
}

void delta_summary(const struct delta *d, const struct rows *r)
{
	if (d->why)
		tool_summary("%ju row%s, all of them: %s", (uintmax_t)r->rows,
			     COUNTS_S(r->rows), d->why);
	else
		tool_summary("%ju of %ju row%s may have changed, %ju key%s "
			     "missing",
			     (uintmax_t)r->rows, (uintmax_t)d->total,
			     COUNTS_S(d->total), (uintmax_t)d->missing,
			     counts_word(d->missing, " is", "s are"));
	if (d->again > 0)
		tool_summary("rows of up to %ju key%s changed while they were "
			     "read: the next run reads them again",
			     (uintmax_t)d->again, COUNTS_S(d->again));
	if (d->unread > 0)
		tool_warn("%ju row%s changed while %s read: the next run "
			  "reads %s again",
			  (uintmax_t)d->unread, COUNTS_S(d->unread),
			  counts_word(d->unread, "it was", "they were"),
			  counts_word(d->unread, "it", "them"));
}
