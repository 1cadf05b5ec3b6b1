#include "send/job_status.h"

#include <jv.h>
#include <limits.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"

/* libjq reads only what the strict scanner has taken: its own parser leaks at
 * some errors (1.6, a second value where a separator is missing).
 */
static int parse(struct slice body, jv *doc, struct err *e)
{
	struct scan *s = scan_new();
	struct buf b = {0};
	bool taken = false;

	*doc = jv_invalid();
	if (body.n <= INT_MAX) {
		buf_slice(&b, body);
		for (size_t i = 0; i < b.n; i++) {
			if (b.p[i] == '\n' || b.p[i] == '\r')
				b.p[i] = ' ';
		}
		memset(buf_room(&b, READER_PAD), 0, READER_PAD);
		taken = scan_object(s, buf_all(&b)) == 0;
	}
	if (taken)
		*doc = jv_parse_sized(b.p, (int)b.n);
	scan_free(s);
	buf_clear(&b);
	if (jv_get_kind(*doc) == JV_KIND_OBJECT)
		return 0;
	jv_free(*doc);
	return err_set(e, ERR_PROTOCOL,
		       "job status: the reply is not a JSON object");
}

/* Member name of each element of an array, all in one array. Consumes list. */
static jv inner(jv list, const char *name)
{
	jv all = jv_array();

	if (jv_get_kind(list) != JV_KIND_ARRAY) {
		jv_free(list);
		return all;
	}
	jv_array_foreach(list, i, one)
	{
		jv v = jv_invalid();

		if (jv_get_kind(one) == JV_KIND_OBJECT)
			v = jv_object_get(jv_copy(one), jv_string(name));
		if (jv_get_kind(v) == JV_KIND_ARRAY)
			all = jv_array_concat(all, v);
		else
			jv_free(v);
		jv_free(one);
	}
	jv_free(list);
	return all;
}

/* The sources of all tasks. Consumes doc. */
static jv sources_of(jv doc)
{
	return inner(jv_object_get(doc, jv_string("tasks")), "sources");
}

int job_status_read(struct slice body, bool *complete, struct err *e)
{
	jv doc, sources;

	*complete = false;
	if (parse(body, &doc, e) < 0)
		return -1;
	sources = sources_of(doc);
	*complete = jv_array_length(jv_copy(sources)) > 0;
	jv_array_foreach(sources, i, one)
	{
		jv done = jv_invalid();

		if (jv_get_kind(one) == JV_KIND_OBJECT)
			done = jv_object_get(jv_copy(one),
					     jv_string("completed"));
		*complete &= jv_get_kind(done) == JV_KIND_TRUE;
		jv_free(done);
		jv_free(one);
	}
	jv_free(sources);
	return 0;
}

static void add(struct job_status_failures *f, jv record, unsigned code)
{
	struct buf scratch = {0};
	jv text = jv_dump_string(record, 0);
	struct hash h =
		hash_value(slice_str(jv_string_value(text)), 0, &scratch);

	if (f->n == f->size) {
		f->size = f->size ? f->size * 2 : 64;
		f->failure =
			mem_resize(f->failure, f->size * sizeof(*f->failure));
	}
	f->failure[f->n++] =
		(struct job_status_failure){.record = h, .code = code};
	jv_free(text);
	buf_clear(&scratch);
}

/* An HTTP status, or 0 for anything else. Consumes v. */
static unsigned code_of(jv v)
{
	double n = jv_get_kind(v) == JV_KIND_NUMBER ? jv_number_value(v) : 0;

	jv_free(v);
	return n >= 100 && n < 1000 ? (unsigned)n : 0;
}

/* Consumes doc. */
static void next_page(jv doc, struct buf *token)
{
	jv paging = jv_object_get(doc, jv_string("paging"));
	jv next = jv_invalid();

	token->n = 0;
	if (jv_get_kind(paging) == JV_KIND_OBJECT)
		next = jv_object_get(jv_copy(paging), jv_string("next"));
	if (jv_get_kind(next) == JV_KIND_STRING)
		buf_str(token, jv_string_value(next));
	jv_free(next);
	jv_free(paging);
}

int job_status_page(struct slice body, struct job_status_failures *f,
		    struct buf *token, struct err *e)
{
	jv doc, records;

	if (parse(body, &doc, e) < 0)
		return -1;
	next_page(jv_copy(doc), token);
	records = inner(inner(sources_of(doc), "destinations"), "records");
	jv_array_foreach(records, i, one)
	{
		jv record = jv_invalid();
		unsigned code = 0;

		if (jv_get_kind(one) == JV_KIND_OBJECT) {
			record = jv_object_get(jv_copy(one),
					       jv_string("record"));
			code = code_of(
				jv_object_get(jv_copy(one), jv_string("code")));
		}
		if (jv_is_valid(record))
			add(f, record, code);
		else
			jv_free(record);
		jv_free(one);
	}
	jv_free(records);
	return 0;
}

static int order(const void *a, const void *b)
{
	const struct job_status_failure *x = a, *y = b;

	return hash_order(x->record, y->record);
}

void job_status_sort(struct job_status_failures *f)
{
	if (f->n > 1)
		qsort(f->failure, f->n, sizeof(*f->failure), order);
}

const struct job_status_failure *job_status_find(
	const struct job_status_failures *f, struct slice record,
	struct buf *scratch)
{
	const struct job_status_failure key = {
		.record = hash_value(record, 0, scratch),
	};

	if (f->n == 0)
		return NULL;
	return bsearch(&key, f->failure, f->n, sizeof(key), order);
}

void job_status_clear(struct job_status_failures *f)
{
	free(f->failure);
	*f = (struct job_status_failures){0};
}
