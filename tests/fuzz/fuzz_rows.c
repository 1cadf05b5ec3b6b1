/* fuzz_rows.c - files of rows: the first byte says of which format; each line
 * that comes out is JSON, and the lines are as many as were counted
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "query/source.h"
#include "wire/json.h"

static const struct {
	const char *url;
	struct source_fields fields;
} formats[] = {
	{"csv:-", {0}},
	{"csv:-", {.delimiter = ";", .quote = "'", .null = "NULL"}},
	{"csv:-",
	 {.no_header = true, .types = "c1=int,c2=json,c3=datetime,c4=boolean"}},
	{"tsv:-", {0}},
	{"ndjson:-", {0}},
	{"singer:-", {0}},
};

/* Lines of a finished run. */
static void check_lines(int fd, const struct rows *r)
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
	HOLDS(lines[0] == r->rows && lines[1] == r->rejects && lines[2] <= 1);
	scan_free(s);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i = size > 0 ? data[0] % COUNT_OF(formats) : 0;
	int out = memfd_create("out", MFD_CLOEXEC), fd;
	struct err e = {0};
	struct rows r = {.w = writer_new(out, 4096),
			 .fd = out,
			 .limit = UINT64_MAX,
			 .most = {.n = UINT64_MAX},
			 .run = "r",
			 .model = "m"};
	const struct progress_count counts[] = {{"rows", &r.rows}, {0}};
	struct source_job job = {.url = formats[i].url,
				 .where = "-",
				 .fields = formats[i].fields};
	const struct source *s = source_find(job.url, &e);
	struct progress progress;

	if (size < 1 || size > 16384) {
		writer_free(r.w);
		close(out);
		return 0;
	}
	progress_init(&progress, counts);
	r.progress = &progress;
	fd = fuzz_pipe(data + 1, size - 1);
	job.in = fd;
	if (s->run(&job, &r, &e) < 0) {
		HOLDS(e.kind == ERR_DATA || e.kind == ERR_CONFIG ||
		      e.kind == ERR_USAGE);
		HOLDS(e.text[0] != '\0');
	}
	writer_undo(r.w);
	HOLDS(writer_flush(r.w, &e) == 0);
	check_lines(out, &r);
	rows_clear(&r);
	writer_free(r.w);
	close(fd);
	close(out);
	return 0;
}
