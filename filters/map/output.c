#include "map/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/num.h"
#include "core/writer.h"
#include "map/mapping_change.h"
#include "map/row_event.h"
#include "map/screen/preview.h"
#include "map/settings/fingerprint.h"
#include "wire/json/hash_long.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"

/* Widths in characters: of an unknown screen, the minimum for three columns and
 * for two, and the minimum.
 */
enum { SCREEN = 100, THREE = 80, TWO = 50, LEAST = 10 };

/* ---- previews --------------------------------------------------------- */

static size_t screen_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col < LEAST ? LEAST : size.ws_col;
	if (columns && num_uint(slice_str(columns), &n) == 0 && n >= LEAST &&
	    n < 10000)
		return (size_t)n;
	return SCREEN;
}

/* Appends what each mapping did to the row. */
static void say_mappings(const struct makers *makers, struct buf *b)
{
	for (size_t i = 0; i < makers->n; i++) {
		if (b->n > 0)
			buf_str(b, "\n\n");
		if (makers->n > 1)
			buf_fmt(b, "mapping %zu\n", i + 1);
		row_event_says(&makers->v[i], b);
	}
}

/* Shows row, mapping and event side by side, as far as the screen is wide
 * enough.
 */
static void show_three(struct buf *out, struct buf *row, struct buf *mapping,
		       struct buf *event, bool colour)
{
	struct slice column[] = {buf_all(row), buf_all(mapping),
				 buf_all(event)};
	size_t width = screen_width();

	if (width >= THREE && mapping->n > 0) {
		preview_columns(out, column, 3, width, colour);
		return;
	}
	if (mapping->n > 0 && row->n > 0)
		buf_str(row, "\n\n");
	buf_slice(row, buf_all(mapping));
	column[0] = buf_all(row);
	column[1] = buf_all(event);
	if (width >= TWO) {
		preview_columns(out, column, 2, width, colour);
		return;
	}
	preview_columns(out, &column[0], 1, width, colour);
	if (row->n > 0)
		buf_char(out, '\n');
	preview_columns(out, &column[1], 1, width, colour);
}

/* Replaces the content of the output buffer by the same beside its row. */
static void show_beside(struct map *m, struct slice row, bool mapped)
{
	struct buf *out = writer_buf(m->leaving.out);
	struct buf left = {0}, middle = {0}, made = {0};
	struct slice text;
	bool colour = isatty(STDOUT_FILENO) && !m->asked.no_colour;

	buf_slice(&made, buf_all(out)); /* earlier lines are written, so this is
					   one row's */
	text = buf_all(&made);
	writer_undo(m->leaving.out);
	preview_pretty(&left, row);
	if (mapped)
		say_mappings(&m->makers, &middle);
	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;
		struct buf event = {0};

		preview_pretty(&event, slice_of(text.p, n));
		show_three(out, &left, &middle, &event, colour);
		left.n = middle.n = 0; /* shown only beside the first event */
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
		buf_clear(&event);
	}
	buf_clear(&left);
	buf_clear(&middle);
	buf_clear(&made);
}

int output_show(struct map *m, struct slice row, bool mapped, struct err *e)
{
	m->leaving.shown++;
	show_beside(m, row, mapped);
	if (writer_line(m->leaving.out, e) < 0)
		return -1;
	return writer_flush(m->leaving.out, e);
}

/* Writes a control line, which a preview does not show. */
static int line_of_stream(const struct map_asked *asked,
			  struct map_leaving *leaving, struct err *e)
{
	if (LIKELY(asked->o->preview == 0))
		return writer_line(leaving->out, e);
	writer_undo(leaving->out);
	return 0;
}

/* ---- the edges of the stream ------------------------------------------ */

/* Sets context.sources. The job id is that of the settings, or else of the
 * state, or else of the model.
 */
static void sources_of(struct maker *m, struct slice run, struct slice model)
{
	struct buf *b = &m->sources, id = {0};
	struct slice job = m->m.job_id ? slice_str(m->m.job_id) : model;

	if (!m->m.job_id && m->run->arrived.in.begun)
		input_text(&m->run->arrived.in, "state_id", &id);
	if (id.n > 0 && json_utf8(buf_all(&id)) == id.n)
		job = buf_all(&id);

	b->n = 0;
	mapping_run(&m->m, run,
		    m->run->asked.o->now_ms ? m->run->asked.o->now_ms
					    : clock_wall_ms());
	if (job.n == 0)
		job = slice_str("rudder");
	buf_str(b, "{\"job_id\":");
	json_string(b, job);
	buf_str(b, ",\"job_run_id\":");
	json_string(b, run);
	buf_str(b, ",\"task_run_id\":");
	json_string(b, run);
	buf_str(b, ",\"version\":");
	json_string(b, slice_str(m->run->asked.o->version
					 ? m->run->asked.o->version
					 : "v" RUDDER_VERSION));
	buf_char(b, '}');
	buf_clear(&id);
}

/* Sets what a messageId depends on besides the row: the mapping and the model.
 */
static void ids_of(struct maker *m, struct slice model)
{
	struct fingerprint f;

	fingerprint_make(&f, &m->m, 0, true);
	m->fingerprint = m->run->asked.o->plain_ids ? 0 : f.all;
	m->forms.id.model = model.n > 0 ? hash_half(model.p, model.n, 0) : 0;
	fingerprint_clear(&f);
}

static void set_sources(struct map *m, struct slice run, struct slice model)
{
	for (size_t i = 0; i < m->makers.n; i++) {
		sources_of(&m->makers.v[i], run, model);
		ids_of(&m->makers.v[i], model);
	}
}

int output_begin(struct map *m, struct err *e)
{
	struct buf *out = writer_buf(m->leaving.out);
	struct buf run = {0};

	buf_slice(&run, buf_all(&m->asked.run_id));
	set_sources(m, buf_all(&run), slice_of(NULL, 0));
	buf_str(out, "{\"_rudder\":{\"type\":\"begin\",\"v\":1,"
		     "\"stream\":\"events\"");
	control_add_text(out, "run", buf_all(&run));
	if (m->asked.o->seal)
		buf_str(out, ",\"sealed\":true");
	control_close(out);
	buf_clear(&run);
	m->leaving.begun = true;
	return line_of_stream(&m->asked, &m->leaving, e);
}

int output_on_begin(struct map *m, struct err *e)
{
	static const char *const drop[] = {"mapping", "mapping_change", NULL};
	const struct control *c = &m->arrived.in.control;
	struct buf *out = writer_buf(m->leaving.out);
	struct buf run = {0};

	if (m->leaving.begun)
		return err_names(e, ERR_DATA,
				 "line %ju: a begin line after data",
				 (uintmax_t)input_lineno(&m->arrived.in));
	if (slice_is(c->stream, "events") || slice_is(c->stream, "receipts"))
		return err_set(
			e, ERR_DATA,
			"expected rows or changes, but the input holds %.*s",
			SLICE_FMT(c->stream));
	if (deletes_begin(m, e) < 0 || mapping_change_begin(m, e) < 0)
		return -1;
	removal_guard_begin(&m->leaving.removals, m->arrived.in.controls,
			    m->base.changed);
	if (c->run.n > 0)
		buf_slice(&run, c->run);
	else
		buf_slice(&run, buf_all(&m->asked.run_id));
	set_sources(m, buf_all(&run), c->model);
	control_rewrite(out, c->body, "events", drop);
	if (c->run.n == 0)
		control_add_text(out, "run", buf_all(&run));
	mapping_change_show(m, out);
	if (m->asked.o->seal)
		buf_str(out, ",\"sealed\":true");
	control_close(out);
	buf_clear(&run);
	if (m->base.lacks.kind != ERR_NONE) {
		buf_slice(&m->leaving.held, buf_all(out));
		writer_undo(m->leaving.out);
		return 0;
	}
	m->leaving.begun = true;
	return line_of_stream(&m->asked, &m->leaving, e);
}

int output_held(struct map *m, struct err *e)
{
	if (m->leaving.begun || m->leaving.held.n == 0)
		return 0;
	buf_slice(writer_buf(m->leaving.out), buf_all(&m->leaving.held));
	m->leaving.begun = true;
	return line_of_stream(&m->asked, &m->leaving, e);
}

static void on_bytes(void *ctx, struct slice bytes)
{
	hash_long_add(ctx, bytes.p, bytes.n);
}

void output_seal(struct map_leaving *leaving)
{
	leaving->seal = hash_long_new(0);
	writer_tap(leaving->out, on_bytes, leaving->seal);
}

/* Ends the hash of all bytes before the end line. */
static int seal_of(struct map_leaving *leaving, struct hash *h, struct err *e)
{
	if (writer_flush(leaving->out, e) < 0)
		return -1;
	writer_tap(leaving->out, NULL, NULL);
	*h = hash_long_end(leaving->seal);
	leaving->seal = NULL;
	return 0;
}

int output_end(struct map *m, struct err *e)
{
	/* for changes, the number of rows is kept for the record of the run */
	bool is_changes = strcmp(m->arrived.in.stream, "changes") == 0;
	uint64_t blocked = m->leaving.removals.blocked;
	const char *const drop[] = {"changes",
				    "events",
				    "receipts",
				    "rejects",
				    "skips",
				    "map_ms",
				    is_changes ? "events" : "rows",
				    blocked > 0 ? "blocked" : NULL,
				    NULL};
	struct buf *out = writer_buf(m->leaving.out);
	struct hash seal;
	struct err why;

	if (m->leaving.seal && seal_of(&m->leaving, &seal, e) < 0)
		return -1;
	if (m->arrived.end.n > 0)
		control_rewrite(out, buf_all(&m->arrived.end), "events", drop);
	else
		control_end(out, "events");
	control_add_count(out, "events", m->leaving.events);
	control_add_count(out, "rejects",
			  m->arrived.in.rejects + m->leaving.rejects + blocked);
	control_add_count(out, "skips", m->arrived.in.skips + m->leaving.skips);
	if (blocked > 0)
		control_add_count(out, "blocked",
				  m->arrived.end_blocked + blocked);
	if (blocked > 0 && m->arrived.end_blocked == 0) {
		(void)removal_guard_explain(&m->leaving.removals, &why);
		control_add_text(out, "blocked_reason", slice_str(why.text));
	}
	control_add_own_ms(out, "map_ms");
	if (m->asked.o->seal) /* must be the last member: rudder plan expects it
				 there */
		buf_fmt(out, ",\"seal\":\"%016jx%016jx\"", (uintmax_t)seal.hi,
			(uintmax_t)seal.lo);
	control_close(out);
	return line_of_stream(&m->asked, &m->leaving, e);
}

int output_removed(struct map *m, const struct control_note *note,
		   struct slice row, uint64_t n, struct err *e)
{
	struct control_note blocked = *note;

	if (m->asked.o->preview > 0 || !m->leaving.removals.on) {
		m->leaving.events += n;
		return output_emit(m, row, e);
	}
	blocked.type = "reject";
	blocked.stage = "map";
	blocked.reason = removal_guard_why;
	blocked.record = row;
	blocked.blocked = true;
	return removal_guard_row(&m->leaving.removals, &m->leaving.out, n,
				 &blocked, e);
}

int output_pass(struct map *m, struct err *e)
{
	buf_slice(writer_buf(m->leaving.out), m->arrived.in.line);
	return line_of_stream(&m->asked, &m->leaving, e);
}

/* ---- rejects and skips ------------------------------------------------ */

/* Counts a reject. A message of libjq may contain a value of the row, so only
 * the reject line has it, not the log.
 */
static int count_reject(const struct map_asked *asked,
			struct map_leaving *leaving, uint64_t line,
			const char *reason, struct err *e)
{
	const char *jq = strstr(reason, "jq: ");
	size_t n = jq ? (size_t)(jq - reason) : strlen(reason);
	char why[REASONS_WHOLE];

	leaving->rejects++;
	snprintf(why, sizeof(why), "%.*s%s", (int)n, reason,
		 jq ? "the jq program failed" : "");
	reasons_add(&leaving->reasons, why, reason, 1, line);
	if (asked->max_rejects.percent ||
	    leaving->rejects <= asked->max_rejects.n)
		return 0; /* a percentage is checked at the end */
	return err_names(
		e, ERR_DATA,
		"line %ju: %s; more than %ju rejected rows (--max-rejects)",
		(uintmax_t)line, why, (uintmax_t)asked->max_rejects.n);
}

int output_bad(struct map *m, const char *reason, struct err *e)
{
	int rc;

	input_reject(&m->arrived.in, writer_buf(m->leaving.out), "map", reason);
	rc = m->asked.o->preview > 0
		     ? output_show(m, m->arrived.in.line, false, e)
		     : writer_line(m->leaving.out, e);
	if (rc < 0)
		return -1;
	return count_reject(&m->asked, &m->leaving,
			    input_lineno(&m->arrived.in), reason, e);
}

int output_row_note(struct map *m, const struct control_note *note,
		    struct slice line, bool lost, struct err *e)
{
	bool skip = strcmp(note->type, "skip") == 0;

	control_note(writer_buf(m->leaving.out), note);
	m->leaving.skips += skip;
	m->leaving.undeleted += skip && lost;
	if (output_emit(m, line, e) < 0)
		return -1;
	return skip ? 0
		    : count_reject(&m->asked, &m->leaving, note->line,
				   note->reason, e);
}
