#include "send/job_status.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* Copies the body into b as one line, and checks that it is a JSON object. */
static int parse(struct slice body, struct buf *b, struct err *e)
{
	struct scan *s = scan_new();
	int rc;

	buf_slice(b, body);
	for (size_t i = 0; i < b->n; i++) {
		if (b->p[i] == '\n' || b->p[i] == '\r')
			b->p[i] = ' ';
	}
	memset(buf_room(b, READER_PAD), 0, READER_PAD);
	rc = scan_object(s, buf_all(b));
	scan_free(s);
	if (rc == 0)
		return 0;
	return err_set(e, ERR_PROTOCOL,
		       "job status: the reply is not a JSON object");
}

/* The value of a member; empty if object does not have it, or is not an object.
 */
static struct slice get(struct slice object, const char *name)
{
	struct slice key, value;
	struct span s;

	if (object.n == 0 || *object.p != '{')
		return slice_of(NULL, 0);
	for (s = span_open(object); span_member(&s, &key, &value);) {
		if (slice_is(key, name))
			return value;
	}
	return slice_of(NULL, 0);
}

/* The elements of a member that is an array; no elements for other values. */
static struct span list(struct slice object, const char *name)
{
	struct slice v = get(object, name);

	return v.n > 0 && *v.p == '[' ? span_open(v)
				      : (struct span){.at = "", .end = ""};
}

/* The document without leading white space. */
static struct slice document(const struct buf *b)
{
	const char *p = span_blank(b->p, b->p + b->n);

	return slice_of(p, (size_t)(b->p + b->n - p));
}

/* ---- the job status ---------------------------------------------------- */

/* Adds the counts of a source or a destination. */
static void add_counts(struct job_status *s, struct slice of)
{
	struct slice stats = get(of, "stats");
	uint64_t in, out, failed;

	if (num_uint(get(stats, "in"), &in) < 0 ||
	    num_uint(get(stats, "out"), &out) < 0 ||
	    num_uint(get(stats, "failed"), &failed) < 0 || in < out ||
	    in - out != failed) {
		s->balanced = false;
		return;
	}
	s->in += in;
	s->out += out;
	s->failed += failed;
}

static void read_source(struct job_status *s, struct slice source)
{
	struct span destinations = list(source, "destinations");
	struct slice one;

	s->complete &= slice_is(get(source, "completed"), "true");
	add_counts(s, source);
	while (span_element(&destinations, &one))
		add_counts(s, one);
}

int job_status_read(struct slice body, struct job_status *s, struct err *e)
{
	struct buf b = {0};
	struct slice task, source;
	struct span tasks;
	size_t n = 0;
	int rc;

	*s = (struct job_status){0};
	rc = parse(body, &b, e);
	if (rc == 0) {
		s->complete = s->balanced = true;
		for (tasks = list(document(&b), "tasks");
		     span_element(&tasks, &task);) {
			struct span sources = list(task, "sources");

			for (; span_element(&sources, &source); n++)
				read_source(s, source);
		}
		s->complete &= n > 0;
	}
	buf_clear(&b);
	return rc;
}

/* ---- failed records ---------------------------------------------------- */

static size_t digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return (size_t)(p - from);
}

/* Whether the text is a JSON number (RFC 8259, 6). */
static bool is_number(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n;

	p += p < end && *p == '-';
	n = digits(p, end);
	if (n == 0 || (n > 1 && *p == '0'))
		return false;
	p += n;
	if (p < end && *p == '.') {
		n = digits(p + 1, end);
		p += n > 0 ? n + 1 : 0;
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		p += p < end && (*p == '-' || *p == '+');
		n = digits(p, end);
		return n > 0 && p + n == end;
	}
	return p == end;
}

/* Hashes a string that is a number as that number: a data plane may return the
 * record id "5" as 5.
 */
static struct hash hash_of(struct slice record, struct buf *scratch)
{
	struct slice text =
		*record.p == '"' ? json_inner(record) : slice_of(NULL, 0);

	return hash_value(text.n > 0 && is_number(text) ? text : record, 0,
			  scratch);
}

/* An HTTP status, or 0 for anything else. */
static unsigned code_of(struct slice v)
{
	uint64_t code;

	return num_uint(v, &code) == 0 && code >= 100 && code < 1000
		       ? (unsigned)code
		       : 0;
}

static void add(struct job_status_failures *f, struct slice of,
		struct buf *scratch)
{
	struct span records = list(of, "records");
	struct slice one;

	while (span_element(&records, &one)) {
		struct slice record = get(one, "record");

		if (record.n == 0)
			continue;
		if (f->n == f->size) {
			f->size = f->size ? f->size * 2 : 64;
			f->failure = mem_resize(f->failure,
						f->size * sizeof(*f->failure));
		}
		f->entries++;
		f->failure[f->n++] = (struct job_status_failure){
			.record = hash_of(record, scratch),
			.code = code_of(get(one, "code")),
			.entries = 1,
		};
	}
}

static void next_page(struct slice doc, struct buf *token)
{
	struct slice next = get(get(doc, "paging"), "next");

	token->n = 0;
	if (next.n > 0 && *next.p == '"')
		json_decode(token, json_inner(next));
	token->n = strnlen(token->n > 0 ? token->p : "", token->n);
}

int job_status_page(struct slice body, struct job_status_failures *f,
		    struct buf *token, struct err *e)
{
	struct buf b = {0}, scratch = {0};
	struct slice task, source, one;
	struct span tasks;
	int rc = parse(body, &b, e);

	if (rc < 0)
		goto out;
	next_page(document(&b), token);
	for (tasks = list(document(&b), "tasks");
	     span_element(&tasks, &task);) {
		struct span sources = list(task, "sources");

		while (span_element(&sources, &source)) {
			struct span all = list(source, "destinations");

			add(f, source, &scratch);
			while (span_element(&all, &one))
				add(f, one, &scratch);
		}
	}
out:
	buf_clear(&b);
	buf_clear(&scratch);
	return rc;
}

static int order(const void *a, const void *b)
{
	const struct job_status_failure *x = a, *y = b;

	return hash_order(x->record, y->record);
}

void job_status_sort(struct job_status_failures *f)
{
	size_t n = 0;

	if (f->n > 1)
		qsort(f->failure, f->n, sizeof(*f->failure), order);
	for (size_t i = 0; i < f->n; i++) {
		struct job_status_failure *one = &f->failure[i];
		struct job_status_failure *was = n ? &f->failure[n - 1] : NULL;

		if (!was || !hash_eq(was->record, one->record)) {
			f->failure[n++] = *one;
			continue;
		}
		was->entries += one->entries;
		if (was->code != one->code)
			was->code = 0;
	}
	f->n = n;
}

struct job_status_failure *job_status_find(struct job_status_failures *f,
					   struct slice record,
					   struct buf *scratch)
{
	struct job_status_failure key;

	if (f->n == 0 || record.n == 0)
		return NULL;
	key.record = hash_of(record, scratch);
	return bsearch(&key, f->failure, f->n, sizeof(key), order);
}

void job_status_clear(struct job_status_failures *f)
{
	free(f->failure);
	*f = (struct job_status_failures){0};
}
