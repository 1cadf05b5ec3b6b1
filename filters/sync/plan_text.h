/* plan_text.h - formats a plan as text for a terminal, as JSON, or as Markdown.
 *
 * Floor 2 (sync). The texts contain values of rows: they are for people who
 * review the plan.
 */
#ifndef SYNC_PLAN_TEXT_H
#define SYNC_PLAN_TEXT_H

#include "sync/plan_sample.h"
#include "sync/sync_file.h"

struct plan_text {
	const struct sync_file *file;
	const struct sync_destination *to;
	const struct plan_sample *sample;
	const char *output; /* file of the plan, or NULL */
	uint64_t expires_ms;
	bool changed; /* the mapping has changed: all rows are sent again */
	size_t width; /* columns of the terminal; 0: lines are not wrapped */
};

void plan_text_plain(struct buf *b, const struct plan_text *p);
void plan_text_json(struct buf *b, const struct plan_text *p);
void plan_text_markdown(struct buf *b, const struct plan_text *p);

#endif
