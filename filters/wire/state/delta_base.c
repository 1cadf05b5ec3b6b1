#include "wire/state/delta_base.h"

#include "core/clock.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/tool.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"
#include "wire/json/span.h"
#include "wire/state/summed_line.h"

static const char head[] = "{\"rudder_base\":1,\"";

static const char *const open_words[] = {
	[DELTA_BASE_SETTLED] = "none", [DELTA_BASE_KEYS] = "keys",
	[DELTA_BASE_LIST] = "list",    [DELTA_BASE_ALL] = "all",
	[DELTA_BASE_VOID] = "void",
};

/* A text member of an object, without its quotes unless quoted; empty if it is
 * not a string.
 */
static struct slice text_of(const struct scan *s, const char *name, bool quoted)
{
	const struct scan_member *m = scan_get(s, name);

	if (!m || m->kind != SCAN_STRING)
		return slice_of(NULL, 0);
	return quoted ? m->value : json_inner(m->value);
}

static int count_of(const struct scan *s, const char *name, uint64_t *n)
{
	const struct scan_member *m = scan_get(s, name);

	return m ? num_uint(m->value, n) : -1;
}

static bool is_id(struct slice id)
{
	uint64_t v;

	return id.n == DELTA_BASE_ID && num_hex(id.p, &v) == 0;
}

static bool is_schema(struct slice json)
{
	return json.n > 2;
}

/* ---- the file ---------------------------------------------------------- */

static size_t count_list(struct slice array)
{
	const char *p = array.p + 1, *end = array.p + array.n - 1;
	size_t n = 0;

	for (; p < end; n++)
		p = span_value(p, end) + 1;
	return n;
}

static void take_list(struct delta_base *b, const struct scan *s)
{
	const struct scan_member *m = scan_get(s, "list");

	if (!m || m->kind != SCAN_ARRAY || m->value.n <= 2)
		return;
	b->list = m->value;
	b->n_list = count_list(m->value);
}

static int find_members(struct delta_base *b)
{
	struct scan *s = scan_new();
	struct slice open;
	int rc = scan_object(s, buf_all(&b->text));

	b->id = text_of(s, "id", false);
	b->run = text_of(s, "run", false);
	b->schema = text_of(s, "schema", true);
	b->of = text_of(s, "of", false);
	b->key = text_of(s, "key", false);
	b->by = text_of(s, "by", true);
	b->state = text_of(s, "state", false);
	open = text_of(s, "open", false);
	/* an unknown word is of a later version: read all rows */
	b->open = DELTA_BASE_VOID;
	for (size_t i = 0; i < COUNT_OF(open_words); i++) {
		if (slice_is(open, open_words[i]))
			b->open = (enum delta_base_open)i;
	}
	take_list(b, s);
	if (count_of(s, "generation", &b->generation) < 0 ||
	    count_of(s, "rows", &b->rows) < 0 ||
	    count_of(s, "keys", &b->keys) < 0 || !is_id(b->id) ||
	    !clock_is_run_id(b->run) || !is_schema(b->schema))
		rc = -1;
	scan_free(s);
	return rc;
}

int delta_base_load(struct delta_base *b, const char *path, struct err *e)
{
	int rc;

	*b = (struct delta_base){0};
	rc = summed_line_load(&b->text, head, path, e);
	if (rc > 0 && find_members(b) < 0)
		rc = err_names(e, ERR_DATA, "'%s' is damaged", path);
	if (rc > 0)
		b->sum = summed_line_sum(buf_all(&b->text));
	if (rc < 0 && e->kind == ERR_DATA) {
		tool_warn("%s: the next run of rudder-query --delta reads all "
			  "rows",
			  e->text);
		*e = (struct err){0};
		delta_base_clear(b);
		rc = 0;
	}
	return rc;
}

int delta_base_store(const struct delta_base *b, const char *path,
		     struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_add(&text, head, sizeof(head) - 3);
	buf_fmt(&text, ",\"id\":\"%.*s\"", SLICE_FMT(b->id));
	buf_str(&text, ",\"schema\":");
	buf_slice(&text, b->schema);
	buf_fmt(&text,
		",\"run\":\"%.*s\",\"open\":\"%s\",\"rows\":%ju,\"keys\":%ju",
		SLICE_FMT(b->run), open_words[b->open], (uintmax_t)b->rows,
		(uintmax_t)b->keys);
	buf_fmt(&text,
		",\"of\":\"%.*s\",\"key\":\"%.*s\",\"by\":", SLICE_FMT(b->of),
		SLICE_FMT(b->key));
	buf_slice(&text, b->by);
	buf_fmt(&text, ",\"state\":\"%.*s\",\"generation\":%ju",
		SLICE_FMT(b->state), (uintmax_t)b->generation);
	if (b->list.n > 0) {
		buf_str(&text, ",\"list\":");
		buf_slice(&text, b->list);
	}
	rc = summed_line_store(&text, path, e);
	buf_clear(&text);
	return rc;
}

void delta_base_clear(struct delta_base *b)
{
	buf_clear(&b->text);
	*b = (struct delta_base){0};
}

/* ---- the begin line ---------------------------------------------------- */

int delta_base_parse_begin(struct delta_begin *d, struct slice object)
{
	struct scan *s = scan_new();
	const struct scan_member *all;
	int rc;

	*d = (struct delta_begin){0};
	buf_slice(&d->text, object);
	memset(buf_room(&d->text, READER_PAD), 0, READER_PAD);
	rc = scan_object(s, buf_all(&d->text));
	if (rc == 0) {
		d->id = text_of(s, "id", false);
		d->run = text_of(s, "run", false);
		d->of = text_of(s, "of", false);
		d->schema = text_of(s, "schema", true);
		d->file = text_of(s, "file", false);
		all = scan_get(s, "all");
		d->all = all && slice_is(all->value, "true");
		rc = count_of(s, "total", &d->total) < 0 ||
				     count_of(s, "keys", &d->keys) < 0
			     ? -1
			     : 0;
	}
	if (!is_id(d->id) || !clock_is_run_id(d->run) || d->of.n == 0 ||
	    !is_schema(d->schema))
		rc = -1;
	scan_free(s);
	return rc;
}

void delta_base_put_begin(const struct delta_begin *d, struct buf *b)
{
	buf_fmt(b, ",\"delta\":{\"id\":\"%.*s\",\"schema\":", SLICE_FMT(d->id));
	buf_slice(b, d->schema);
	buf_fmt(b, ",\"run\":\"%.*s\",\"of\":\"%.*s\"", SLICE_FMT(d->run),
		SLICE_FMT(d->of));
	if (d->file.n > 0)
		buf_fmt(b, ",\"file\":\"%.*s\"", SLICE_FMT(d->file));
	buf_fmt(b, ",\"all\":%s,\"total\":%ju,\"keys\":%ju}",
		d->all ? "true" : "false", (uintmax_t)d->total,
		(uintmax_t)d->keys);
}

void delta_base_clear_begin(struct delta_begin *d)
{
	buf_clear(&d->text);
	*d = (struct delta_begin){0};
}
