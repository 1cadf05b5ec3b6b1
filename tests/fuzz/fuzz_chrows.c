/* fuzz_chrows.c - a reply of ClickHouse: the columns, an empty line, and then
 * what comes for a model whose rows end with "~"; it is given whole and in
 * pieces, which makes no difference
 */
#include "fuzz_rows.h"

#include "query/clickhouse/chrows.h"

enum { COLUMNS = 8 };

/* The whole of it, piece bytes at a time: how it ended. */
static int give(struct chrows *c, struct slice reply, size_t piece,
		struct err *e)
{
	size_t from = 0, to = 0, taken;
	int rc = 1;

	while (rc > 0 && to < reply.n) {
		to = reply.n - to > piece ? to + piece : reply.n;
		rc = chrows_put(c, slice_of(reply.p + from, to - from), &taken,
				e);
		HOLDS(taken <= to - from);
		from += taken;
	}
	return rc > 0 ? chrows_end(c, slice_of(reply.p + from, to - from), e)
		      : rc;
}

static int run(struct slice columns, struct slice reply, size_t piece,
	       uint64_t *rows, struct err *e)
{
	static const char *const names[COLUMNS] = {"a", "b", "c", "d",
						   "e", "f", "g", "h"};
	struct rows_column head[COLUMNS] = {0};
	struct fuzz_rows f;
	struct chrows c = {.rows = &f.rows, .work.scan = scan_new()};
	int rc = -1;

	buf_char(&c.token, '~');
	chrows_describe(&c, columns);
	fuzz_rows_begin(&f);
	*e = (struct err){.kind = ERR_PROTOCOL, .text = "columns"};
	if (c.n > 0 && c.n <= COLUMNS) {
		for (size_t i = 0; i < c.n; i++)
			head[i] = (struct rows_column){
				.name = names[i],
				.type = chtype_word(c.column[i].t)};
		HOLDS(rows_begin(&f.rows, head, c.n, e) == 1);
		rc = give(&c, reply, piece, e);
	}
	*rows = f.rows.rows;
	fuzz_rows_end(&f);
	chrows_clear(&c);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_zero(size + READER_PAD);
	const char *gap = NULL;
	struct err e, again;
	uint64_t rows, rows_again;
	size_t n;

	if (size > 0 && size < 16384) {
		memcpy(text, data, size);
		gap = memmem(text, size, "\n\n", 2);
	}
	if (gap) {
		struct slice columns = slice_of(text, (size_t)(gap + 1 - text));
		struct slice reply;
		int rc;

		n = size - columns.n - 1;
		reply = slice_of(gap + 2, n);
		rc = run(columns, reply, n, &rows, &e);
		HOLDS(rc <= 0 && (rc == 0 || e.text[0] != '\0'));
		HOLDS(run(columns, reply, 1 + n / 7, &rows_again, &again) ==
		      rc);
		HOLDS(rc < 0 || rows == rows_again);
		if (rc == 0 && rows > 0)
			REACHED("a whole reply");
		if (rc < 0 && e.kind != ERR_PROTOCOL)
			REACHED("an error of the server");
	}
	free(text);
	return 0;
}
