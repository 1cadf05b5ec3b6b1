/* fuzz_reader.c - any bytes under any limit: lines must re-join to the input */
#include "fuzz.h"

/* The line that starts at *at of all bytes, compared with what r gave. */
static void check(const struct reader *r, struct slice line, struct slice all,
		  size_t *at, size_t max)
{
	const char *from = all.p + *at;
	const char *lf = memchr(from, '\n', all.n - *at);
	size_t n;

	HOLDS(lf != NULL);
	n = (size_t)(lf - from);
	if (n <= max)
		REACHED("a line");
	else
		REACHED("a line that is too long");
	HOLDS(reader_too_long(r) == (n > max));
	HOLDS(slice_eq(line, slice_of(from, n > max ? max : n)));
	HOLDS(n > max || line.p[n] == '\n');
	*at += n + 1;
}

static void read_all(struct slice all, size_t max, bool polled)
{
	int fd = fuzz_pipe(all.p, all.n), rc;
	struct reader *r = reader_new(fd, max, NULL, NULL);
	struct slice line;
	struct err e = {0};
	uint64_t lines = 0;
	size_t at = 0;

	do {
		rc = polled ? reader_more(r, &e) : 1;
		while (!polled || reader_ready(r)) {
			int got = reader_next(r, &line, &e);

			if (!polled && got == 0) {
				rc = 0;
				break;
			}
			HOLDS(got == 1);
			check(r, line, all, &at, max);
			HOLDS(reader_lineno(r) == ++lines);
		}
	} while (rc > 0);
	HOLDS(rc == 0);
	HOLDS(reader_tail(r) == all.n - at);
	HOLDS(all.n == at || !memchr(all.p + at, '\n', all.n - at));
	reader_free(r);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all;

	if (size < 1 || size > 4096)
		return 0;
	all = slice_of((const char *)data + 1, size - 1);
	read_all(all, (size_t)data[0] + 1, false);
	read_all(all, (size_t)data[0] + 1, true);
	return 0;
}
