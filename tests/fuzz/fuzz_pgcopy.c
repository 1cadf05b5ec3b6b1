/* fuzz_pgcopy.c - messages of a binary COPY: the first byte says how many
 * columns there are, a byte for each of which type, and what comes next is
 * messages, each with two bytes of length in front
 */
#include "fuzz_rows.h"

#ifdef WITH_POSTGRES
#include "query/postgres/pgcopy.h"

enum { COLUMNS = 8 };

/* Of types whose values are checked; those of jsonb the server has checked. */
static const uint32_t oids[] = {16,   17,   18,   19,   20,   21,   23,   25,
				26,   114,  650,  700,  701,  869,  1042, 1043,
				1082, 1083, 1114, 1184, 1266, 1700, 2950, 1000,
				1001, 1007, 1009, 1016, 1182, 1231, 1185, 199};

static struct pgtype_work work; /* for as long as the process */

static void put_messages(struct pgconn *p, const uint8_t *at,
			 const uint8_t *end)
{
	struct err e = {0};

	while (end - at >= 2) {
		size_t n = (size_t)at[0] << 8 | at[1];
		char *exact;
		int rc;

		at += 2;
		if (n > (size_t)(end - at))
			n = (size_t)(end - at);
		exact = mem_copy((const char *)at, n);
		rc = pgcopy_put(p, slice_of(exact, n), &e);
		free(exact);
		at += n;
		if (rc < 0) {
			REACHED("a message that is refused");
			HOLDS(e.kind == ERR_PROTOCOL && e.text[0] != '\0');
			return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[COLUMNS] = {"a", "b", "c", "d",
						   "e", "f", "g", "h"};
	size_t n = size > 0 ? 1 + data[0] % COLUMNS : 0;
	struct pgconn_column column[COLUMNS] = {0};
	struct rows_column head[COLUMNS] = {0};
	struct fuzz_rows f;
	struct pgconn p = {.rows = &f.rows, .column = column, .n = n};
	struct err e = {0};

	if (size < 1 + n || size > 65536)
		return 0;
	if (!work.scan)
		work.scan = scan_new();
	for (size_t i = 0; i < n; i++) {
		uint32_t oid = oids[data[1 + i] % COUNT_OF(oids)];

		HOLDS(pgtype_find(oid, false, &column[i].value) == 1);
		head[i] = (struct rows_column){.name = names[i], .type = "any"};
	}
	fuzz_rows_begin(&f);
	p.work = work;
	HOLDS(rows_begin(&f.rows, head, n, &e) == 1);
	put_messages(&p, data + 1 + n, data + size);
	HOLDS(p.seen == f.rows.rows + f.rows.rejects ||
	      p.seen == f.rows.rows + f.rows.rejects + 1);
	work = p.work;
	fuzz_rows_end(&f);
	return 0;
}
#else
FUZZ_WITHOUT_LIBRARY
#endif
