#include "map/map.h"

#include <poll.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/landlock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/progress.h"
#include "core/tool.h"
#include "core/writer.h"
#include "map/check.h"
#include "map/compute.h"
#include "map/event/mapping_load.h"
#include "map/map_print.h"
#include "map/output.h"
#include "map/removal.h"
#include "map/result.h"
#include "map/row_event.h"
#include "wire/json/hash_long.h"

enum { FLUSH = 256 * 1024 };

/* Waits for the results of all mappings, so that no line is written before an
 * earlier row.
 */
static int drain(struct makers *makers, struct err *e)
{
	for (size_t i = 0; i < makers->n; i++) {
		if (compute_drain(&makers->v[i], e) < 0)
			return -1;
	}
	return 0;
}

static bool has_workers(const struct makers *makers)
{
	for (size_t i = 0; i < makers->n; i++) {
		if (makers->v[i].programs.workers)
			return true;
	}
	return false;
}

/* Called before each read. If the read may block, finishes all rows and
 * flushes. With workers it only polls: while input is available, they are kept
 * busy.
 */
static int wait_for_input(void *ctx, struct err *e)
{
	struct map *m = ctx;
	struct pollfd p = {.fd = m->arrived.fd, .events = POLLIN};

	if (has_workers(&m->makers) && poll(&p, 1, 0) > 0)
		return 0;
	return drain(&m->makers, e) < 0 ? -1 : writer_flush(m->leaving.out, e);
}

/* ---- lines ------------------------------------------------------------ */

/* Rejects a line that is not a row, after the results of all earlier rows. */
static int reject_in_order(struct map *m, const char *why, struct err *e)
{
	return drain(&m->makers, e) < 0 ? -1 : output_bad(m, why, e);
}

static NO_INLINE int skip(struct maker *m, enum mapping_action action,
			  struct err *e)
{
	bool lost = action == MAPPING_DELETE && !m->m.skip_deletes;
	const char *why;

	(void)event_made(&m->m, action, &why);
	return compute_drain(m, e) < 0 ? -1 : result_skip(m, why, lost, e);
}

/* Maps the row with one mapping. */
static int make(struct maker *m, enum mapping_action action, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	const char *why;

	if (UNLIKELY(!m->makes[action]))
		return skip(m, action, e);
	if (UNLIKELY(!m->forms.checked) && !m->m.jq &&
	    action != MAPPING_DELETE && row_event_columns(m, action, e) < 0)
		return m->run->multi
			       ? err_in(e, "mapping %zu",
					(size_t)(m - m->run->makers.v) + 1)
			       : -1;
	if (m->programs.expr &&
	    (action != MAPPING_DELETE || removal_by_program(m)))
		return compute_row(m, e);
	if (compute_drain(m, e) < 0)
		return -1;
	why = row_event_make(m, in, action, m->programs.extra, 0);
	return why ? result_reject(m, why, e) : result_made(m, in->line, 1, e);
}

/* Maps the row with all mappings. */
static int make_all(struct map *m, enum mapping_action action, struct err *e)
{
	multi_open(m->multi);
	for (size_t i = 0; i < m->makers.n; i++) {
		if (make(&m->makers.v[i], action, e) < 0)
			return -1;
	}
	multi_keep(m->multi);
	return 0;
}

static int on_row(struct map *m, struct err *e)
{
	const struct control *c = &m->arrived.in.control;
	enum mapping_action action;

	if (UNLIKELY(!m->leaving.begun) && output_begin(m, e) < 0)
		return -1;
	if (row_event_action(c, &action) < 0)
		return reject_in_order(m, "the change has an unknown action",
				       e);
	if (c->type == CONTROL_CHANGE && c->change.n != PARTS_DIGITS)
		return reject_in_order(m, "the change has no id", e);
	if (UNLIKELY(m->multi != NULL))
		return make_all(m, action, e);
	return make(m->makers.v, action, e);
}

/* Called while m->base.lacks is set: the deletes of the stream cannot be
 * mapped. Fails before anything is written; an abort line is passed on, because
 * its reason is more helpful.
 */
static int on_lacking(struct map *m, struct err *e)
{
	switch (m->arrived.in.kind) {
	case INPUT_DATA:
	case INPUT_BAD:
	case INPUT_BEGIN:
		return deletes_lack(m, e);
	default:
		return 0;
	}
}

static int on_line(struct map *m, struct err *e)
{
	if (UNLIKELY(m->base.lacks.kind != ERR_NONE))
		return on_lacking(m, e);
	if (m->arrived.in.kind != INPUT_DATA && drain(&m->makers, e) < 0)
		return -1;
	switch (m->arrived.in.kind) {
	case INPUT_DATA:
		return on_row(m, e);
	case INPUT_BAD:
		if (!m->leaving.begun && output_begin(m, e) < 0)
			return -1;
		return output_bad(m, m->arrived.in.why, e);
	case INPUT_BEGIN:
		return output_on_begin(m, e);
	case INPUT_END:
		m->arrived.end.n = 0;
		buf_slice(&m->arrived.end, m->arrived.in.control.body);
		(void)control_count(m->arrived.in.controls, "blocked",
				    &m->arrived.end_blocked);
		return 0;
	case INPUT_ABORT:
		return 0;
	default:
		return output_pass(m, e);
	}
}

/* ---- the run ---------------------------------------------------------- */

/* Writes the rows that are finished after a failure. The first error is kept.
 */
static int stop(struct map_leaving *leaving, const struct err *e)
{
	struct err later;

	if (e->kind != ERR_IO &&
	    removal_guard_release(&leaving->removals, &leaving->out,
				  &leaving->events, &later) == 0)
		(void)!writer_flush(leaving->out, &later);
	return -1;
}

static int finish(struct map *m, struct err *e)
{
	struct err cut;
	int rc = input_complete(&m->arrived.in, &cut);

	if (m->base.lacks.kind != ERR_NONE && m->arrived.in.abort.status == 0)
		return deletes_lack(m, e);
	if (m->base.lacks.kind != ERR_NONE && output_held(m, e) < 0)
		return stop(&m->leaving, e);
	if (drain(&m->makers, e) < 0)
		return stop(&m->leaving, e);
	if (rc == 0 && num_share_over(&m->asked.max_rejects, m->leaving.rejects,
				      m->arrived.in.data))
		rc = err_names(&cut, ERR_DATA,
			       "%ju of %ju rows %s rejected, more than %ju%% "
			       "(--max-rejects)",
			       (uintmax_t)m->leaving.rejects,
			       (uintmax_t)m->arrived.in.data,
			       counts_word(m->leaving.rejects, "was", "were"),
			       (uintmax_t)m->asked.max_rejects.n);
	if (removal_guard_release(&m->leaving.removals, &m->leaving.out,
				  &m->leaving.events, e) < 0)
		return -1;
	if (rc == 0 && !m->leaving.begun && output_begin(m, e) < 0)
		return -1;
	if (rc == 0 && output_end(m, e) < 0)
		return -1;
	if (writer_close(m->leaving.out, e) < 0)
		return -1;
	if (rc < 0) {
		*e = cut;
		return -1;
	}
	return 0;
}

/* Whether the preview has shown all its rows; -1 on an error. */
static int previewed(struct map *m, struct err *e)
{
	if (drain(&m->makers, e) < 0)
		return -1;
	return m->leaving.shown >= m->asked.o->preview;
}

static int loop(struct map *m, struct progress *p, struct err *e)
{
	int rc, done = 0;

	while (done == 0 && (rc = input_next(&m->arrived.in, e)) > 0) {
		done = on_line(m, e);
		progress_tick(p);
		if (UNLIKELY(m->asked.o->preview > 0) && done == 0)
			done = previewed(m, e);
	}
	if (done > 0)
		rc = writer_close(m->leaving.out, e);
	else if (rc == 0)
		rc = finish(m, e);
	else
		rc = stop(&m->leaving, e);
	progress_end(p);
	return rc;
}

static int max_rejects(struct map_asked *asked, const char *word, struct err *e)
{
	asked->max_rejects = (struct num_share){.n = UINT64_MAX};
	if (word && num_share(slice_str(word), &asked->max_rejects) < 0)
		return err_names(
			e, ERR_USAGE,
			"option '--max-rejects': '%s' is not a count or "
			"a share like 5%%",
			word);
	return 0;
}

static void maker_init(struct maker *m, struct map *run,
		       struct mapping *mapping)
{
	const struct input_options in = {.max_line = run->asked.o->max_line};
	const char *why;

	m->run = run;
	m->m = *mapping;
	*mapping = (struct mapping){0};
	for (size_t i = 0; i < MAPPING_ACTIONS; i++)
		m->makes[i] = event_made(&m->m, (enum mapping_action)i, &why);
	input_init(&m->programs.again, -1, &in, NULL, NULL);
	input_init(&m->removal.in, -1, &in, NULL, NULL);
}

/* Creates one maker for each mapping and moves the mapping into it. */
static int make_makers(struct map *m, struct mapping_list *list, struct err *e)
{
	m->makers.v = mem_zero(list->n * sizeof(*m->makers.v));
	for (size_t i = 0; i < list->n; i++) {
		struct maker *k = &m->makers.v[m->makers.n++];

		maker_init(k, m, &list->v[i]);
		if (compute_init(k, e) < 0)
			return list->n == 1 ? -1
					    : err_in(e, "mapping %zu", i + 1);
	}
	if (list->n > 1)
		m->multi = multi_new(m);
	return 0;
}

static void free_makers(struct map *m)
{
	multi_free(m->multi);
	for (size_t i = 0; i < m->makers.n; i++) {
		struct maker *k = &m->makers.v[i];

		row_event_clear(k);
		compute_clear(k);
		mapping_clear(&k->m);
		buf_clear(&k->sources);
		buf_clear(&k->made);
		input_clear(&k->removal.in);
		buf_clear(&k->removal.line);
	}
	free(m->makers.v);
}

static void summary(const struct map_leaving *leaving)
{
	struct buf line = {0};

	counts_add(&line, leaving->events, "event");
	counts_as(&line, leaving->rejects, "rejected");
	counts_as(&line, leaving->skips, "skipped");
	tool_summary("%s", buf_cstr(&line));
	buf_clear(&line);
}

/* The result of the run. Skipped deletes are reported as an error if the
 * mappings cannot make them.
 */
static int verdict(const struct map_arrived *arrived,
		   const struct map_leaving *leaving, struct err *e)
{
	struct err lost = {0};
	char why[REASONS_TEXT];

	if (leaving->undeleted > 0)
		err_set(&lost, ERR_PARTIAL,
			"%ju delete%s skipped because this event type cannot "
			"delete: use -t record, --delete-event NAME, or "
			"--deletes skip to omit deletes",
			(uintmax_t)leaving->undeleted,
			leaving->undeleted > 1 ? "s were" : " was");
	if (leaving->undeleted > 0 &&
	    leaving->rejects + leaving->removals.blocked > 0)
		tool_warn("%s", lost.text);
	*e = lost;
	if (leaving->rejects > 0) {
		reasons_say(&leaving->reasons, why);
		(void)err_set(e, ERR_PARTIAL, "%ju of %ju rows rejected: %s",
			      (uintmax_t)leaving->rejects,
			      (uintmax_t)arrived->in.data, why);
	}
	if (leaving->removals.blocked > 0) {
		if (leaving->rejects > 0)
			tool_warn("%s", e->text);
		return removal_guard_explain(&leaving->removals, e);
	}
	return leaving->undeleted + leaving->rejects > 0 ? -1 : 0;
}

/* Enters the sandbox. The settings have been read; only the file of --stats may
 * still be written.
 */
static void confine(const struct map_options *o)
{
	struct landlock l;

	landlock_init(&l, false);
	landlock_replace(&l, o->stats);
	landlock_enter(&l);
}

/* Whether a mapping has a condition, so that rows it excludes may become
 * deletes.
 */
static bool may_remove(const struct map *m)
{
	bool any = false;

	for (size_t i = 0; i < m->makers.n; i++)
		any = any || m->makers.v[i].m.where;
	return any && m->asked.o->preview == 0 && !m->asked.o->check;
}

static int map_lines(struct map *m, struct mapping_list *list,
		     const struct map_options *o, struct err *e)
{
	const struct progress_count counts[] = {
		{"events", &m->leaving.events},
		{"rejects", &m->leaving.rejects},
		{"skips", &m->leaving.skips},
		{0}};
	/* in a pipe, other tools show the same counts */
	static const struct progress_count none[] = {{0}};
	struct progress p;

	if (mapping_load(list, &o->mapping, e) < 0 ||
	    max_rejects(&m->asked, o->max_rejects, e) < 0 ||
	    clock_given_run_id(&m->asked.run_id, e) < 0)
		return -1;
	m->asked.no_colour = getenv("NO_COLOR") != NULL;
	if (o->print_mapping)
		return map_print_mapping(&m->leaving, list, e);
	if (o->print_columns)
		return map_print_columns(&m->leaving, list, e);
	if (make_makers(m, list, e) < 0)
		return -1;
	if (o->explain)
		return map_print_explain(&m->makers, &m->leaving, e);
	if (o->print_record)
		return map_print_record(&m->makers, &m->leaving, e);
	if (may_remove(m) && removal_guard_open(&m->leaving.removals, e) < 0)
		return -1;
	tool_reads(m->arrived.fd, "rows");
	if (o->confine)
		confine(o);
	if (o->check)
		return check_run(m, e);
	if (o->seal)
		output_seal(&m->leaving);
	progress_init(&p, counts);
	if (p.feeds)
		p.live = none;
	if (loop(m, &p, e) < 0 || progress_stats(&p, o->stats, e) < 0)
		return -1;
	summary(&m->leaving);
	return verdict(&m->arrived, &m->leaving, e);
}

int map_run(const struct map_options *o, int fd_in, int fd_out, struct err *e)
{
	const struct input_options in = {
		.max_line = o->max_line,
		.trust_eof = o->trust_eof,
		.any_counts = o->any_counts,
	};
	struct map m = {
		.asked = {.o = o},
		.arrived = {.fd = fd_in},
		.leaving = {.out = writer_new(fd_out, FLUSH)},
	};
	struct mapping_list list = {0};
	int rc;

	input_init(&m.arrived.in, fd_in, &in, wait_for_input, &m);
	rc = map_lines(&m, &list, o, e);
	free_makers(&m);
	mapping_list_clear(&list);
	buf_clear(&m.arrived.end);
	buf_clear(&m.asked.run_id);
	deletes_clear(&m.base.deletes);
	buf_clear(&m.base.change);
	buf_clear(&m.leaving.held);
	reasons_clear(&m.leaving.reasons);
	input_clear(&m.arrived.in);
	removal_guard_clear(&m.leaving.removals, &m.leaving.out);
	writer_free(m.leaving.out);
	if (m.leaving.seal)
		(void)hash_long_end(m.leaving.seal);
	return rc;
}
