/* fuzz_scan.c - lines of anything: the vector code agrees with the portable
 * code, and a scanner that has seen other lines with one that has not
 */
#include "fuzz.h"

#include "core/buf.h"
#include "wire/json/scan.h"

static void check_spans(const struct scan *s, struct slice line)
{
	size_t n;
	const struct scan_member *m = scan_members(s, &n);
	const char *at = line.p, *end = line.p + line.n;

	for (size_t i = 0; i < n; i++) {
		HOLDS(m[i].key.p > at && m[i].key.p[-1] == '"');
		at = m[i].key.p + m[i].key.n;
		HOLDS(at < end && *at == '"');
		HOLDS(m[i].value.p > at && m[i].value.n > 0);
		HOLDS(m[i].tight == false || m[i].value.p == at + 2);
		at = m[i].value.p + m[i].value.n;
		HOLDS(at < end);
	}
}

static void same(const struct scan *a, const struct scan *b)
{
	size_t n, m;
	const struct scan_member *x = scan_members(a, &n);
	const struct scan_member *y = scan_members(b, &m);

	HOLDS(n == m);
	for (size_t i = 0; i < n; i++) {
		HOLDS(slice_eq(x[i].key, y[i].key));
		HOLDS(slice_eq(x[i].value, y[i].value));
		HOLDS(x[i].kind == y[i].kind);
		HOLDS(x[i].plain == y[i].plain);
		HOLDS(x[i].tight == y[i].tight);
		HOLDS(x[i].long_number == y[i].long_number);
	}
}

/* The members written anew, tightly, are the same members. */
static void rejoin(struct scan *s)
{
	struct buf b = {0};
	size_t n, m;
	const struct scan_member *x = scan_members(s, &n), *y;
	struct scan *t = scan_new();
	char *line;

	buf_char(&b, '{');
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, i > 0 ? ",\"" : "\"");
		buf_slice(&b, x[i].key);
		buf_str(&b, "\":");
		buf_slice(&b, x[i].value);
	}
	buf_char(&b, '}');
	line = fuzz_line(b.p, b.n);
	HOLDS(scan_object(t, slice_of(line, b.n)) == 0);
	y = scan_members(t, &m);
	HOLDS(n == m);
	for (size_t i = 0; i < n; i++) {
		HOLDS(slice_eq(x[i].key, y[i].key));
		HOLDS(slice_eq(x[i].value, y[i].value));
		HOLDS(y[i].tight == !memchr(y[i].key.p, '\\', y[i].key.n));
	}
	free(line);
	scan_free(t);
	buf_clear(&b);
}

static void one_line(struct scan *used, struct scan *portable, struct slice in)
{
	struct scan *fresh = scan_new();
	char *p = fuzz_line(in.p, in.n);
	struct slice line = slice_of(p, in.n);
	int rc = scan_object(used, line);

	HOLDS(scan_object(portable, line) == rc);
	HOLDS(scan_object(fresh, line) == rc);
	if (rc == 0) {
		REACHED("an object");
		same(used, portable);
		same(used, fresh);
		HOLDS(scan_shape(used) == scan_shape(portable));
		check_spans(used, line);
		rejoin(used);
	} else {
		REACHED("a line that is not an object");
		HOLDS(scan_at(used) <= line.n);
		HOLDS(scan_at(used) == scan_at(portable));
		HOLDS(scan_at(used) == scan_at(fresh));
		HOLDS(strcmp(scan_why(used), scan_why(portable)) == 0);
	}
	scan_free(fresh);
	free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scan *used = scan_new(), *portable = scan_new();
	const char *p = (const char *)data, *end = p + size;

	scan_portable(portable, true);
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		one_line(used, portable,
			 slice_of(p, (size_t)((lf ? lf : end) - p)));
		p = lf ? lf + 1 : end;
	}
	scan_free(used);
	scan_free(portable);
	return 0;
}
