/* fuzz_job_status.c - whatever a data plane replies about a run: what is read
 * from a document is what the strict parser finds in it
 */
#include "fuzz.h"

#include "send/job_status.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

static bool is_kind(const struct doc *d, enum scan_kind kind)
{
	return d && d->kind == kind;
}

static const struct doc *inside(const struct doc *d, const char *name)
{
	const struct doc *list =
		is_kind(d, SCAN_OBJECT) ? doc_get(d, name) : NULL;

	return is_kind(list, SCAN_ARRAY) ? list->first : NULL;
}

struct seen {
	size_t sources, completed, records;
};

static void count_records(const struct doc *of, struct seen *n)
{
	for (const struct doc *r = inside(of, "records"); r; r = r->next)
		n->records += is_kind(r, SCAN_OBJECT) && doc_get(r, "record");
}

static void count(const struct doc *root, struct seen *n)
{
	for (const struct doc *t = inside(root, "tasks"); t; t = t->next)
		for (const struct doc *s = inside(t, "sources"); s;
		     s = s->next) {
			n->sources++;
			n->completed +=
				is_kind(s, SCAN_OBJECT) &&
				is_kind(doc_get(s, "completed"), SCAN_TRUE);
			count_records(s, n);
			for (const struct doc *d = inside(s, "destinations"); d;
			     d = d->next)
				count_records(d, n);
		}
}

static void check_failures(struct job_status_failures *f)
{
	struct buf scratch = {0};

	job_status_sort(f);
	for (size_t i = 0; i < f->n; i++) {
		const unsigned code = f->failure[i].code;

		HOLDS(code == 0 || (code >= 100 && code < 1000));
		HOLDS(i == 0 || hash_order(f->failure[i - 1].record,
					   f->failure[i].record) < 0);
	}
	(void)job_status_find(f, slice_str("\"1\""), &scratch);
	buf_clear(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice body = slice_of((const char *)data, size);
	struct job_status_failures f = {0};
	struct doc *root = NULL;
	struct buf token = {0};
	struct seen n = {0};
	struct err e = {0};
	struct job_status s;
	bool strict;
	int rc;

	if (size > 16384)
		return 0;
	/* names with a NUL in them are cut in a tree */
	strict = !memmem(data, size, "\\u", 2) &&
		 doc_parse(&root, body, &e) == 0;
	if (strict)
		count(root, &n);
	rc = job_status_read(body, &s, &e);
	HOLDS(rc == 0 || (!s.complete && e.kind == ERR_PROTOCOL));
	HOLDS(s.in == s.out + s.failed);
	HOLDS(job_status_page(body, &f, &token, &e) == rc);
	HOLDS(memchr(buf_cstr(&token), '\0', token.n + 1) == token.p + token.n);
	check_failures(&f);
	if (strict) {
		if (n.completed > 0)
			REACHED("sources");
		if (n.records > 0)
			REACHED("records");
		HOLDS((rc == 0) == (root->kind == SCAN_OBJECT));
		HOLDS(s.complete ==
		      (n.sources > 0 && n.sources == n.completed));
		HOLDS(f.entries == n.records);
		doc_free(root);
	}
	job_status_clear(&f);
	buf_clear(&token);
	return 0;
}
