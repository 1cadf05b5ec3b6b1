/* fuzz_mysql.c - what a MySQL server sends: the first byte says whether it is a
 * greeting or a value, and of which kind; what is taken becomes JSON
 */
#include "fuzz.h"

#ifdef WITH_MYSQL
#include "query/mysql/mylogin.h"
#include "query/mysql/myvalue.h"

enum { GREETING = 0xff };

static struct myvalue_work work; /* for as long as the process */

static void check_greeting(struct slice bytes)
{
	struct mylogin_greeting g;

	if (mylogin_read(bytes, &g) == 0) {
		REACHED("a greeting");
		HOLDS(g.whole || !g.tls);
		HOLDS(!(g.error && g.tls));
	}
}

/* Bytes of a value of this kind in the library's buffer, at least. */
static size_t fixed(enum myvalue kind)
{
	switch (kind) {
	case MYVALUE_INT:
	case MYVALUE_UINT:
	case MYVALUE_YEAR:
		return sizeof(int64_t);
	case MYVALUE_FLOAT:
		return sizeof(float);
	case MYVALUE_DOUBLE:
		return sizeof(double);
	case MYVALUE_DAY:
	case MYVALUE_STAMP:
	case MYVALUE_CLOCK:
		return sizeof(MYSQL_TIME);
	default:
		return 0;
	}
}

static void check_value(enum myvalue kind, struct slice v)
{
	struct buf b = {0};

	if (v.n < fixed(kind))
		return;
	if (myvalue_put(&b, kind, v, &work) == 0) {
		char *line = fuzz_line(b.p, b.n);
		enum scan_kind of;

		REACHED("a value");
		HOLDS(scan_value(work.scan, slice_of(line, b.n), &of) == 0);
		free(line);
	}
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of((const char *)data + 1, size - 1);

	if (size < 1 || size > 16384)
		return 0;
	if (!work.scan)
		work.scan = scan_new();
	if (data[0] == GREETING)
		check_greeting(rest);
	else
		check_value((enum myvalue)(data[0] % (MYVALUE_VECTOR + 1)),
			    rest);
	return 0;
}
#else
FUZZ_WITHOUT_LIBRARY
#endif
