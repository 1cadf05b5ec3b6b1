#include "sync/report/sparkline.h"

#include "sync/report/sync_verdict.h"

enum { STEPS = 8 };

/* The height of a bar: 0 only for no changes. A square root keeps small runs
 * visible beside a large one.
 */
static unsigned height(uint64_t n, uint64_t most)
{
	unsigned h = 1;

	if (n == 0)
		return 0;
	while (h < STEPS - 1 &&
	       (double)n * (STEPS - 1) * (STEPS - 1) > (double)most * h * h)
		h++;
	return h;
}

size_t sparkline(struct buf *b, const struct sync_report *r, size_t n,
		 bool utf8)
{
	static const char *const blocks[STEPS] = {"▁", "▂", "▃", "▄",
						  "▅", "▆", "▇", "█"};
	size_t from = r->n_runs > n ? r->n_runs - n : 0;
	uint64_t most = 0;

	for (size_t i = from; i < r->n_runs; i++) {
		uint64_t changes = sync_report_changes(&r->run[i]);

		if (changes > most)
			most = changes;
	}
	for (size_t i = from; i < r->n_runs; i++) {
		unsigned h = height(sync_report_changes(&r->run[i]), most);

		if (sync_verdict_of_run(r, &r->run[i]) == LEVEL_BAD)
			buf_str(b, utf8 ? "×" : "x");
		else if (utf8)
			buf_str(b, blocks[h]);
		else
			buf_char(b, "_.:-=+*#"[h]);
	}
	return r->n_runs - from;
}
