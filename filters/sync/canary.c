#include "sync/canary.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/temp.h"
#include "core/tool.h"
#include "sync/pipeline.h"
#include "sync/run_record.h"
#include "sync/shell_text.h"

struct canary {
	const struct sync_file *f;
	size_t destination;
	int events; /* temporary file */
	bool not_started;
	sigset_t set, mask;
};

/* Adds the stages from rows to events. */
static void events_stages(struct stages *s, const struct sync_file *f,
			  size_t destination, const struct stages_options *o)
{
	stages_of_changes(s, f, destination, o);
	stages_of_events(s, f, destination);
}

/* Adds the stages from events to the state. n is the maximum of events to send,
 * or NULL.
 */
static void delivery_stages(struct stages *s, const struct sync_file *f,
			    size_t destination, const char *n)
{
	const char *const words[] = {"--max-events", n, NULL};
	struct stages commit = {0};

	stages_of_send(s, f, destination);
	if (n)
		stages_add(s, words);
	stages_of_delivery(&commit, f, destination, NULL);
	stages_move(s, &commit, 1);
}

static int run_stages(struct canary *c, struct stages *s, int in, int out)
{
	const struct pipeline_options o = {
		.folder = c->f->folder,
		.file = c->f,
		.mask = &c->mask,
		.in = in,
		.out = out,
	};
	struct err e;
	int status = pipeline_run(s, &o, &c->set, &e);

	stages_clear(s);
	c->not_started = status < 0;
	if (status < 0) {
		tool_error("%s", e.text);
		status = err_status(e.kind);
	}
	return status;
}

static int deliver(struct canary *c, const char *n)
{
	struct stages s = {0};

	if (lseek(c->events, 0, SEEK_SET) < 0) {
		tool_error("cannot read the events again");
		return err_status(ERR_IO);
	}
	delivery_stages(&s, c->f, c->destination, n);
	return run_stages(c, &s, c->events, 0);
}

/* Whether the record of the first part reports no failure. */
static bool went_well(struct canary *c, uint64_t since_ms)
{
	struct buf b = {0};
	bool well;

	run_record_newest(&b, c->f, c->f->destination[c->destination].state,
			  since_ms, &c->mask);
	well = strstr(buf_cstr(&b), "\"failed\":0,") != NULL;
	buf_clear(&b);
	return well;
}

int canary_run(const struct sync_file *f, size_t destination,
	       const struct stages_options *o, uint64_t n)
{
	struct canary c = {.f = f, .destination = destination};
	uint64_t since_ms = clock_wall_ms();
	struct stages s = {0};
	struct buf number = {0};
	struct err e;
	int status, made;

	c.events = temp_file(temp_dir(NULL), &e);
	if (c.events < 0) {
		tool_error("%s", e.text);
		return err_status(e.kind);
	}
	pipeline_signals(&c.set, &c.mask);
	events_stages(&s, f, destination, o);
	made = run_stages(&c, &s, 0, c.events);
	buf_uint(&number, n);
	/* a failed stage has written its error to the events, and the commit
	 * reports it; if no stage could start, there is nothing to report
	 */
	status = c.not_started ? made
			       : deliver(&c, made >= err_status(ERR_USAGE)
						     ? NULL
						     : buf_cstr(&number));
	if (status > 0 && status < err_status(ERR_USAGE) &&
	    made < err_status(ERR_USAGE)) {
		if (went_well(&c, since_ms))
			status = deliver(&c, NULL);
		else
			tool_error("sync '%s': not all of the first %ju "
				   "event%s accepted; the others are not sent "
				   "and stay pending for the next run",
				   f->name, (uintmax_t)n,
				   counts_word(n, " was", "s were"));
	}
	buf_clear(&number);
	close(c.events);
	return status;
}

void canary_text(struct buf *b, const struct sync_file *f, size_t destination,
		 const struct stages_options *o, uint64_t n)
{
	struct stages events = {0}, first = {0}, rest = {0};
	struct buf number = {0};

	buf_uint(&number, n);
	events_stages(&events, f, destination, o);
	delivery_stages(&first, f, destination, buf_cstr(&number));
	delivery_stages(&rest, f, destination, NULL);
	buf_str(b, "events=$(mktemp) && {\n");
	stages_text(b, &events);
	buf_str(b, " >\"$events\"\n<\"$events\" ");
	stages_text(b, &first);
	buf_str(b, "; status=$?\nif [ $status -gt 0 ] && [ $status -lt 64 ] "
		   "&&\n    rudder-diff --runs --state ");
	shell_text_word(b, f->destination[destination].state);
	buf_str(b,
		" | tail -n 1 | grep -q '\"failed\":0,'; then\n<\"$events\" ");
	stages_text(b, &rest);
	buf_str(b, "; status=$?\nfi\nrm -f \"$events\"; (exit $status); }");
	stages_clear(&events);
	stages_clear(&first);
	stages_clear(&rest);
	buf_clear(&number);
}
