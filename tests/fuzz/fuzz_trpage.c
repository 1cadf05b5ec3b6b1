/* fuzz_trpage.c - pages of Trino's: each value of a page that is taken becomes
 * JSON, or has a reason
 */
#include "fuzz.h"

#include "query/trino/trpage.h"
#include "query/trino/trvalue.h"
#include "wire/json/span.h"

enum { COLUMNS = 16 };

static struct trvalue_work work; /* for as long as the process */

static void check_value(const struct trtype *t, const char **p)
{
	struct buf b = {0};

	work.why[0] = '\0';
	if (trvalue_put(&b, t, p, &work) == 0) {
		char *line = fuzz_line(b.p, b.n);
		enum scan_kind kind;

		REACHED("a value");
		HOLDS(scan_value(work.scan, slice_of(line, b.n), &kind) == 0);
		free(line);
	} else {
		REACHED("a value that is refused");
		HOLDS(work.why[0] != '\0');
	}
	buf_clear(&b);
}

static size_t read_columns(struct trpage *page, struct trtype **types)
{
	const char *p = page->columns.p;
	size_t n = 0;

	if (!p)
		return 0;
	for (bool more = trpage_first(&p); more && n < COLUMNS;
	     more = trpage_next(&p)) {
		const char *from = p;
		struct buf name = {0}, type = {0};
		struct err e;

		p = span_value(p, page->columns.p + page->columns.n);
		if (trpage_column(page, slice_of(from, (size_t)(p - from)),
				  &name, &type, &e) == 0) {
			HOLDS(name.p && type.p);
			types[n++] = trtype_parse(buf_all(&type));
		}
		buf_clear(&name);
		buf_clear(&type);
	}
	return n;
}

static void read_rows(const struct trpage *page, struct trtype **types,
		      size_t n)
{
	const char *p = page->data.p;
	const char *end = p ? p + page->data.n : NULL;

	if (!p || n == 0)
		return;
	work.end = end;
	for (bool more = trpage_first(&p); more; more = trpage_next(&p)) {
		const char *v = p;

		p = span_value(p, end);
		if (*v != '[')
			continue;
		more = trpage_first(&v);
		for (size_t i = 0; more; i++, more = trpage_next(&v)) {
			const char *at = v;

			check_value(types[i % n], &at);
			v = span_value(v, end);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trtype *types[COLUMNS];
	struct trpage page = {0};
	struct err e = {0};
	char *text;
	size_t n;

	if (size > 16384)
		return 0;
	if (!work.scan)
		work.scan = scan_new();
	text = fuzz_line(data, size);
	text[size] = '\0';
	if (trpage_read(&page, slice_of(text, size), &e) == 0) {
		n = read_columns(&page, types);
		read_rows(&page, types, n);
		for (size_t i = 0; i < n; i++)
			trtype_free(types[i]);
		if (page.error.p) {
			REACHED("an error of the server");
			HOLDS(trpage_failed(&page, &e) == -1 && e.text[0]);
		}
	} else {
		HOLDS(e.kind == ERR_PROTOCOL);
	}
	trpage_clear(&page);
	free(text);
	return 0;
}
