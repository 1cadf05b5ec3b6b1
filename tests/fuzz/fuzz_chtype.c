/* fuzz_chtype.c - a type of ClickHouse's in the first line and a value behind
 * it: what is taken becomes JSON
 */
#include "fuzz.h"

#include "query/clickhouse/cherror.h"
#include "query/clickhouse/chvalue.h"

static struct chvalue_work work; /* for as long as the process */

static void check_value(const struct chtype *t, struct slice field)
{
	struct buf b = {0};

	work.why = NULL;
	if (chvalue_put(&b, t, field, &work) == 0) {
		char *line = fuzz_line(b.p, b.n);
		enum scan_kind kind;

		REACHED("a value");
		HOLDS(scan_value(work.scan, slice_of(line, b.n), &kind) == 0);
		free(line);
	} else {
		REACHED("a value that is refused");
		HOLDS(work.why && *work.why);
	}
	buf_clear(&b);
}

static void check_cast(const struct chtype *t)
{
	struct buf b = {0};

	chtype_cast(&b, t);
	chtype_free(chtype_parse(buf_all(&b)));
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	const char *lf = size > 0 ? memchr(p, '\n', size) : NULL;
	struct slice said = {0};
	struct chtype *t;

	if (!lf || size > 4096)
		return 0;
	if (!work.scan)
		work.scan = scan_new();
	t = chtype_parse(slice_of(p, (size_t)(lf - p)));
	HOLDS(chtype_word(t) != NULL);
	check_cast(t);
	check_value(t, slice_of(lf + 1, size - (size_t)(lf - p) - 1));
	chtype_free(t);
	if (cherror_find(slice_of(p, size), &said) > 0) {
		REACHED("an error of the server");
		HOLDS(said.p > p && said.p + said.n <= p + size);
	}
	return 0;
}
