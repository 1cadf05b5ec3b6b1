/* fuzz_rows.c - files of rows: the first byte says of which format; each line
 * that comes out is JSON, and the lines are as many as were counted
 */
#include "fuzz_rows.h"

#include "query/source.h"

static const struct {
	const char *url;
	const char *option[6]; /* name, value, ... */
} formats[] = {
	{"csv:-", {0}},
	{"csv:-", {"delimiter", ";", "quote", "'", "null", "NULL"}},
	{"csv:-",
	 {"no-header", "", "types", "c1=int,c2=json,c3=datetime,c4=boolean"}},
	{"tsv:-", {0}},
	{"ndjson:-", {0}},
	{"singer:-", {0}},
};

static void set_options(struct source_job *job, const struct source *s,
			const char *const *option)
{
	for (size_t k = 0; k < 6 && option[k]; k += 2) {
		for (size_t i = 0; i < s->n_options; i++) {
			if (strcmp(s->options[i].name, option[k]) == 0)
				job->option[i] = option[k + 1];
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i = size > 0 ? data[0] % COUNT_OF(formats) : 0;
	struct source_job job = {.url = formats[i].url, .where = "-"};
	struct err e = {0};
	const struct source *s = source_find(job.url, &e);
	struct fuzz_rows f;

	if (size < 1 || size > 16384)
		return 0;
	set_options(&job, s, formats[i].option);
	fuzz_rows_begin(&f);
	job.in = fuzz_pipe(data + 1, size - 1);
	if (s->run(&job, &f.rows, &e) < 0) {
		HOLDS(e.kind == ERR_DATA || e.kind == ERR_CONFIG ||
		      e.kind == ERR_USAGE);
		REACHED("a file that is refused");
		HOLDS(e.text[0] != '\0');
	}
	close(job.in);
	fuzz_rows_end(&f);
	return 0;
}
