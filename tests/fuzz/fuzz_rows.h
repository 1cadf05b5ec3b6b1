/* fuzz_rows.h - for targets that give rows: rows into memory, and when they end
 * each line is JSON, and the lines are as many as were counted
 */
#ifndef TESTS_FUZZ_ROWS_H
#define TESTS_FUZZ_ROWS_H

#include "fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "query/rows.h"
#include "wire/json/json.h"

struct fuzz_rows {
	struct rows rows;
	struct progress progress;
	struct progress_count counts[2];
	int out;
};

static inline void fuzz_rows_begin(struct fuzz_rows *f)
{
	*f = (struct fuzz_rows){.out = memfd_create("out", MFD_CLOEXEC)};
	f->rows = (struct rows){.w = writer_new(f->out, 4096),
				.fd = f->out,
				.limit = UINT64_MAX,
				.most = {.n = UINT64_MAX},
				.run = "r",
				.model = "m"};
	f->counts[0] = (struct progress_count){"rows", &f->rows.rows};
	progress_init(&f->progress, f->counts);
	f->rows.progress = &f->progress;
}

/* Lines of a finished run. */
static inline void fuzz_rows_check(int fd, const struct rows *r)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = mem_zero((size_t)size + READER_PAD), *p = text;
	struct scan *s = scan_new();
	uint64_t lines[3] = {0}; /* rows, rejects, the begin line */

	HOLDS(pread(fd, text, (size_t)size, 0) == size);
	HOLDS(size == 0 || text[size - 1] == '\n');
	while (p < text + size) {
		size_t n = strcspn(p, "\n");
		size_t count;
		const struct scan_member *m;

		HOLDS(p[n] == '\n' && scan_object(s, slice_of(p, n)) == 0);
		m = scan_members(s, &count);
		if (count == 0 || !slice_is(m[0].key, "_rudder"))
			lines[0]++;
		else
			lines[memmem(p, n, "\"type\":\"reject\"", 15) ? 1
								      : 2]++;
		p += n + 1;
	}
	if (lines[0] > 0)
		REACHED("rows");
	if (lines[1] > 0)
		REACHED("rejects");
	HOLDS(lines[0] == r->rows && lines[1] == r->rejects && lines[2] <= 1);
	scan_free(s);
	free(text);
}

/* The rows are over, however they ended. */
static inline void fuzz_rows_end(struct fuzz_rows *f)
{
	struct err e = {0};

	writer_undo(f->rows.w);
	HOLDS(writer_flush(f->rows.w, &e) == 0);
	fuzz_rows_check(f->out, &f->rows);
	rows_clear(&f->rows);
	writer_free(f->rows.w);
	close(f->out);
}

#endif
