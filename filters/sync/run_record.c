#include "sync/run_record.h"

#include <string.h>

#include "core/clock.h"
#include "sync/pipeline.h"
#include "wire/settings/doc.h"

enum { RUNS_END = 16 * 1024 };

/* Reads the newest runs of a state, as NDJSON. */
static void read_runs(struct buf *b, const struct sync_file *f,
		      const char *state, const sigset_t *mask)
{
	const struct pipeline_options o = {.folder = f->folder,
					   .mask = mask,
					   .quiet = true,
					   .newest = true};
	const char *const words[] = {"rudder-diff", "--runs", "--state", state,
				     NULL};
	struct stages all = {0};
	struct err ignored;

	stages_command(&all, SYNC_DIFF, words);
	if (pipeline_capture(b, &all, &o, RUNS_END, &ignored) != 0)
		b->n = 0;
	stages_clear(&all);
}

/* Whether the line is a run that ended at `from` or later. */
static bool ended_since(struct slice line, const char *from)
{
	struct doc *d = NULL;
	const struct doc *ended;
	struct err ignored;
	bool is;

	if (doc_parse(&d, line, &ignored) < 0)
		return false;
	ended = doc_get(d, "ended");
	is = ended && ended->text && strcmp(ended->text, from) >= 0;
	doc_free(d);
	return is;
}

/* The newest line of runs if its run ended at `from` or later, otherwise
 * "null".
 */
static struct slice newest(const struct buf *runs, const char *from)
{
	size_t end = runs->n, at;
	struct slice line;

	while (end > 0 && runs->p[end - 1] == '\n')
		end--;
	at = end;
	while (at > 0 && runs->p[at - 1] != '\n')
		at--;
	line = slice_of(runs->p + at, end - at);
	return line.n > 0 && ended_since(line, from) ? line : slice_str("null");
}

void run_record_newest(struct buf *b, const struct sync_file *f,
		       const char *state, uint64_t since_ms,
		       const sigset_t *mask)
{
	struct buf runs = {0}, from = {0};

	clock_stamp(&from, since_ms);
	read_runs(&runs, f, state, mask);
	buf_slice(b, newest(&runs, buf_cstr(&from)));
	buf_clear(&runs);
	buf_clear(&from);
}
