/* fuzz_pgtype.c - PostgreSQL's values, binary or as text: the first byte says
 * which, of which type, a composite one too, or of an array of them; what is
 * taken becomes JSON
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
enum { COMPOSITE = 1 };             /* no type of the server's */
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

/* Fields a and b, as the catalog says. */
static void make_composite(struct pgtype_column *c, bool array)
{
	struct pgtype_column field = {0};

	c->array = array;
	c->shape = mem_zero(sizeof(*c->shape));
	HOLDS(pgtype_find(23, false, &field) == 1);
	pgshape_add(c->shape, "a", &field);
	field = (struct pgtype_column){0};
	HOLDS(pgtype_find(25, false, &field) == 1);
	pgshape_add(c->shape, "b", &field);
}

static void put(uint32_t oid, bool array, bool text, struct slice v)
{
	static const struct pgshape_types types;
	struct pgtype_column c = {0};
	struct buf b = {0};
	int rc;

	if (oid == COMPOSITE)
		make_composite(&c, array);
	if (c.shape || pgshape_record(oid, &types, &c))
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
		if (oid == RECORD)
			REACHED("a record");
		if (oid == COMPOSITE && !array)
			REACHED("a composite value");
		if (oid == COMPOSITE && array)
			REACHED("an array of composite values");
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
	      : oid == 61 ? COMPOSITE
			  : oids[oid % COUNT_OF(oids)];
	for (uint32_t array = 199;
	     data[0] & ARRAY && oid != COMPOSITE && array < 4000; array++) {
		struct pgtype_column of;

		if (pgtype_find(oid, false, &c) == 1 &&
		    pgtype_find(array, false, &of) == 1 && of.array &&
		    of.type == c.type) {
			oid = array;
			break;
		}
	}
	put(oid, data[0] & ARRAY, data[0] & TEXT,
	    slice_of((const char *)data + 1, size - 1));
	return 0;
}
