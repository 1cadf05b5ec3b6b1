#include "sync/run_summary.h"

#include <stdlib.h>

#include "core/counts.h"
#include "core/num.h"
#include "core/tool.h"
#include "sync/run_record.h"
#include "wire/settings/doc.h"

bool run_summary_begin(void)
{
	if (!tool_watched() && !tool_logs(TOOL_INFO))
		return false;
	setenv(TOOL_SUMMARY, "0", 1);
	return true;
}

static uint64_t count(const struct doc *d, const char *name)
{
	const struct doc *m = doc_get(d, name);
	uint64_t n = 0;

	return m && num_uint(m->raw, &n) == 0 ? n : 0;
}

static void add_line(struct buf *b, const struct doc *run, const char *sync,
		     bool first)
{
	uint64_t delivered = count(run, "succeeded"),
		 failed = count(run, "failed"), pending = count(run, "pending"),
		 blocked = count(run, "blocked");

	if (first)
		buf_str(b, "first sync: ");
	if (count(run, "receipts") == 0 && pending == 0 && blocked == 0) {
		buf_str(b, "nothing changed (");
		counts_add(b, count(run, "rows"), "row");
		buf_char(b, ')');
		return;
	}
	counts_add(b, delivered, "row");
	buf_str(b, " delivered");
	counts_as(b, count(run, "skipped"), "skipped");
	counts_as(b, count(run, "untried"), "not tried");
	counts_as(b, blocked, "blocked");
	if (pending > failed)
		counts_as(b, pending, "still pending");
	if (failed > 0)
		buf_fmt(b, " (%ju failed: rudder log --failing %s)",
			(uintmax_t)failed, sync);
}

void run_summary(const struct sync_file *f, size_t first, size_t n,
		 const enum mapping_state *mapping, uint64_t since_ms,
		 const sigset_t *mask)
{
	for (size_t i = first; i < first + n; i++) {
		const struct sync_destination *d = &f->destination[i];
		struct buf run = {0}, line = {0};
		struct doc *doc = NULL;
		struct err ignored;

		run_record_newest(&run, f, d->state, since_ms, mask);
		if (doc_parse(&doc, buf_all(&run), &ignored) == 0 &&
		    doc->kind == SCAN_OBJECT) {
			add_line(&line, doc, f->name,
				 mapping[i] == MAPPING_NEW);
			tool_summary("%s%s%s: %s", f->name, *d->name ? "/" : "",
				     d->name, buf_cstr(&line));
		}
		doc_free(doc);
		buf_clear(&run);
		buf_clear(&line);
	}
}
