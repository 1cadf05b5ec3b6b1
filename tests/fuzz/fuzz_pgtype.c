/* fuzz_pgtype.c - PostgreSQL's values, binary or as text: the first byte says
 * which, of which type, or of an array of them; what is taken becomes JSON
 */
#include "fuzz.h"

#include <endian.h>
#include <string.h>

#include "query/postgres/pgshape.h"
#include "query/postgres/pgtext.h"

static const uint32_t oids[] = {16,   17,   18,   19,   20,   21,   23,   25,
				26,   114,  650,  700,  701,  869,  1042, 1043,
				1082, 1083, 1114, 1184, 1266, 1700, 2950, 3802};

enum { RECORD = 2249, RECORD_ARRAY = 2287, JSONB = 3802, JSONB_ARRAY = 3807 };
enum { ARRAY = 0x80, TEXT = 0x40 }; /* of the first byte */

static struct pgtype_work work; /* for as long as the process */

static bool has_oid(struct slice v, uint32_t oid)
{
	oid = htobe32(oid);
	return memmem(v.p, v.n, &oid, sizeof(oid)) != NULL;
}

/* PostgreSQL has checked what it gives as binary jsonb, or as json. */
static bool is_checked(uint32_t oid, bool text, struct slice v)
{
	if (oid == RECORD || oid == RECORD_ARRAY)
		return has_oid(v, JSONB) || has_oid(v, JSONB_ARRAY);
	return !text && (oid == JSONB || oid == JSONB_ARRAY);
}

static void put(uint32_t oid, bool text, struct slice v)
{
	static const struct pgshape_types types;
	struct pgtype_column c = {0};
	struct buf b = {0};
	int rc;

	if (pgshape_record(oid, &types, &c))
		text = false;
	else
		HOLDS(pgtype_find(oid, text, &c) == 1);
	work.why = NULL;
	rc = text ? pgtext_put(&c, &b, v, &work)
		  : pgshape_put(&c, &b, v, &work);
	if (rc == 0 && !is_checked(oid, text, v)) {
		char *line = fuzz_line(b.p, b.n);
		enum scan_kind kind;

		REACHED("a value");
		if (c.shape)
			REACHED("a record");
		HOLDS(scan_value(work.scan, slice_of(line, b.n), &kind) == 0);
		free(line);
	} else if (!is_checked(oid, text, v)) {
		REACHED("a value that is refused");
		HOLDS(work.why && *work.why);
	}
	HOLDS(work.depth == 0);
	pgshape_free(c.shape);
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
	oid = data[0] & ~(unsigned)(ARRAY | TEXT);
	oid = oid == 62   ? RECORD
	      : oid == 63 ? RECORD_ARRAY
			  : oids[oid % COUNT_OF(oids)];
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
