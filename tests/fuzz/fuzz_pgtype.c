/* fuzz_pgtype.c - PostgreSQL's values, binary or as text: the first byte says
 * which, of which type, or of an array of them; what is taken becomes JSON
 */
#include "fuzz.h"

#include "query/postgres/pgshape.h"
#include "query/postgres/pgtext.h"

static const uint32_t oids[] = {16,   17,   18,   19,   20,   21,   23,   25,
				26,   114,  650,  700,  701,  869,  1042, 1043,
				1082, 1083, 1114, 1184, 1266, 1700, 2950, 3802};

enum { JSONB = 3802, JSONB_ARRAY = 3807 };
enum { ARRAY = 0x80, TEXT = 0x40 }; /* of the first byte */

static struct pgtype_work work; /* for as long as the process */

/* PostgreSQL has checked what it gives as binary jsonb, or as json. */
static bool is_checked(uint32_t oid, bool text)
{
	return !text && (oid == JSONB || oid == JSONB_ARRAY);
}

static void put(uint32_t oid, bool text, struct slice v)
{
	struct pgtype_column c;
	struct buf b = {0};
	int rc;

	HOLDS(pgtype_find(oid, text, &c) == 1);
	work.why = NULL;
	rc = text ? pgtext_put(&c, &b, v, &work)
		  : pgshape_put(&c, &b, v, &work);
	if (rc == 0 && !is_checked(oid, text)) {
		char *line = fuzz_line(b.p, b.n);
		enum scan_kind kind;

		HOLDS(scan_value(work.scan, slice_of(line, b.n), &kind) == 0);
		free(line);
	} else if (!is_checked(oid, text)) {
		HOLDS(work.why && *work.why);
	}
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pgtype_column c;
	uint32_t oid;

	if (size < 1 || size > 16384)
		return 0;
	if (!work.scan)
		work.scan = scan_new();
	oid = oids[(data[0] & ~(unsigned)(ARRAY | TEXT)) % COUNT_OF(oids)];
	for (uint32_t array = 199; data[0] & ARRAY && array < 4000; array++) {
		struct pgtype_column of;

		if (pgtype_find(oid, false, &c) == 1 &&
		    pgtype_find(array, false, &of) == 1 && of.array &&
		    of.type == c.type) {
			oid = array;
			break;
		}
	}
	put(oid, data[0] & TEXT, slice_of((const char *)data + 1, size - 1));
	return 0;
}
