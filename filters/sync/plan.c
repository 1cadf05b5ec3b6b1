#include "sync/plan.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/temp.h"
#include "core/tool.h"
#include "core/writer.h"
#include "sync/mapping_check.h"
#include "sync/new_state.h"
#include "sync/pipeline.h"
#include "sync/plan_failure.h"
#include "sync/plan_file.h"
#include "sync/plan_targets.h"
#include "sync/plan_text.h"
#include "sync/report/screen_text.h"
#include "sync/report/worst_status.h"
#include "sync/sync_parts.h"
#include "wire/state/planning.h"

enum { HOLD_MAX = 4096 };

struct planning_run {
	const struct plan_options *o;
	const struct plan_target *target;
	const struct sync_file *file; /* the target's sync file */
	size_t at;                    /* index of its destination */
	const char *output;           /* file for the plan, or NULL */
	enum mapping_state *mapping;
	int changes, events, requests; /* temporary files */
	struct planning mark;
	struct file_new new; /* file of the plan; all-zero: not written */
	struct plan_sample sample;
	sigset_t set, mask;
	int status; /* the worst status of the steps: 0, 1 or 3 */
	uint64_t expires_ms;
};

/* ---- the steps -------------------------------------------------------- */

/* Runs a step from one file to another. Returns 0, or -1 if the step failed;
 * p->status is then its status.
 */
static int step(struct planning_run *p, const struct stages *s, int in, int out,
		struct err *e)
{
	const struct pipeline_options o = {
		.folder = p->file->folder,
		.file = p->file,
		.mask = &p->mask,
		.in = in,
		.out = out,
	};
	int status = pipeline_run(s, &o, &p->set, e);

	if (status < 0)
		return -1;
	if (status >= err_status(ERR_USAGE)) {
		err_set(e, ERR_ABORT, "%s", "");
		p->status = status;
		return -1;
	}
	p->status = status > p->status ? status : p->status;
	return 0;
}

static int make_changes(struct planning_run *p, struct err *e)
{
	struct stages_options o = p->o->stages;
	struct stages s = {0};
	int rc;

	o.hold = p->output != NULL;
	o.dry_run = !o.hold;
	o.mapping = p->mapping;
	stages_of_changes(&s, p->file, p->at, &o);
	rc = step(p, &s, 0, p->changes, e);
	stages_clear(&s);
	return rc;
}

static int make_events(struct planning_run *p, struct err *e)
{
	struct stages s = {0};
	int rc;

	if (lseek(p->changes, 0, SEEK_SET) < 0 ||
	    lseek(p->events, PLAN_FILE_HEAD, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read the changes again");
	stages_of_events(&s, p->file, p->at);
	rc = step(p, &s, p->changes, p->events, e);
	stages_clear(&s);
	return rc;
}

/* Checks what rudder-send would refuse, so that the plan does not show events
 * that cannot be sent.
 */
static int make_requests(struct planning_run *p, struct err *e)
{
	static const char *const dry_run[] = {"--dry-run", "--compare", NULL};
	struct stages s = {0};
	int rc;

	if (lseek(p->events, PLAN_FILE_HEAD, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read the events again");
	p->requests = temp_file(temp_dir(NULL), e);
	if (p->requests < 0)
		return -1;
	stages_of_send(&s, p->file, p->at);
	stages_add(&s, dry_run);
	rc = step(p, &s, p->events, p->requests, e);
	stages_clear(&s);
	return rc;
}

static int take_sample(struct planning_run *p, struct err *e)
{
	if (lseek(p->changes, 0, SEEK_SET) < 0 ||
	    lseek(p->events, PLAN_FILE_HEAD, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read the changes again");
	return plan_sample_read(&p->sample, p->changes, p->events, p->o->sample,
				e);
}

/* ---- the file of the plan --------------------------------------------- */

/* Copies the temporary file to the new one. */
static int copy_events(const struct planning_run *p, struct err *e)
{
	enum { PART = 64 * 1024 };
	char *part = mem_resize(NULL, PART);
	off_t at = 0;
	ssize_t got;
	int rc = 0;

	while (rc == 0 && (got = pread(p->events, part, PART, at)) != 0) {
		if (got < 0)
			rc = err_sys(e, ERR_IO, "cannot read the events again");
		else if (writer_all(p->new.fd, part, (size_t)got, e) < 0)
			rc = err_sys(e, ERR_IO, "cannot write '%s'", p->output);
		at += got;
	}
	free(part);
	return rc;
}

static int write_plan(struct planning_run *p, struct err *e)
{
	const char *name = plan_targets_name(p->target);
	char *real = realpath(p->file->path, NULL);
	struct buf text = {0}, stamp = {0};
	struct stages s = {0};
	struct plan_file head = {.events = p->sample.events,
				 .expires_ms = p->expires_ms};
	int rc;

	if (!real)
		return err_sys(e, ERR_INPUT, "cannot find '%s'", p->file->path);
	stages_of_delivery(&s, p->file, p->at, NULL);
	stages_text(&text, &s);
	clock_stamp(&stamp, clock_wall_ms());
	head.file = real;
	head.destination = mem_copy(name, strlen(name));
	head.delivery = plan_file_delivery(buf_all(&text));
	head.created = buf_cstr(&stamp);
	rc = plan_file_write(p->events, &head, e);
	if (rc == 0)
		rc = copy_events(p, e);
	if (rc == 0)
		rc = file_commit(&p->new, e);
	free(real);
	free(head.delivery);
	free(head.destination);
	stages_clear(&s);
	buf_clear(&text);
	buf_clear(&stamp);
	return rc;
}

static char *state_path(const struct planning_run *p, const char *name)
{
	const char *state = p->file->destination[p->at].state;
	struct buf path = {0};

	sync_file_path(p->file, state, &path);
	buf_fmt(&path, "%s%s", *name ? "/" : "", name);
	return buf_cstr(&path);
}

/* Removes the hold after a failure: a plan that could not be made does not
 * block its state (rudder-sync(7), PLANS). The hold of another plan stays.
 */
static void lift_hold(const struct planning_run *p)
{
	char *path = state_path(p, "hold");
	struct buf b = {0};
	struct err ignored;

	if (file_read(path, HOLD_MAX, &b, &ignored) == 0 &&
	    planning_is_ours(&p->mark, buf_all(&b)))
		(void)unlink(path);
	buf_clear(&b);
	free(path);
}

/* Records the run that rudder-diff has begun as failed, not as killed. */
static void record_failure(const struct planning_run *p, const struct err *e)
{
	const int files[] = {p->changes, p->events, p->requests};
	const struct plan_failure failure = {
		.changes = p->changes,
		.files = files,
		.n = COUNT_OF(files),
		.e = e,
		.status =
			e->kind == ERR_ABORT ? p->status : err_status(e->kind),
	};

	plan_failure_record(&failure, p->file, p->at, &p->mask);
}

static int begin_mark(struct planning_run *p, struct err *e)
{
	char *state = state_path(p, "");
	int rc = planning_begin(&p->mark, state, e);
	struct buf expires = {0};

	if (rc == 0) {
		buf_fmt(&expires, "%ju", (uintmax_t)p->expires_ms);
		setenv(PLANNING_VARIABLE, p->mark.token, 1);
		setenv(PLANNING_EXPIRES, buf_cstr(&expires), 1);
	}
	buf_clear(&expires);
	free(state);
	return rc;
}

/* ---- the whole plan --------------------------------------------------- */

static int show(const struct planning_run *p, int out, struct err *e)
{
	const char *format = p->o->format ? p->o->format : "text";
	struct screen_style style;
	struct plan_text t = {
		.file = p->file,
		.to = &p->file->destination[p->at],
		.sample = &p->sample,
		.output = p->output,
		.expires_ms = p->expires_ms,
		.changed = p->mapping[p->at] == MAPPING_DUE ||
			   p->mapping[p->at] == MAPPING_CHANGED,
	};
	struct buf b = {0};
	int rc = 0;

	screen_text_style(&style, out);
	t.width = isatty(out) && strcmp(format, "text") == 0 ? style.width : 0;
	if (strcmp(format, "json") == 0)
		plan_text_json(&b, &t);
	else if (strcmp(format, "markdown") == 0)
		plan_text_markdown(&b, &t);
	else
		plan_text_plain(&b, &t);
	if (writer_all(out, b.p, b.n, e) < 0)
		rc = err_sys(e, ERR_IO, "cannot write to standard output");
	buf_clear(&b);
	return rc;
}

static int open_files(struct planning_run *p, struct err *e)
{
	const char *dir = temp_dir(NULL);

	p->changes = temp_file(dir, e);
	if (p->changes < 0)
		return -1;
	/* check that the plan can be written before anything is held */
	if (p->output && file_begin(&p->new, p->output, e) < 0)
		return -1;
	p->events = temp_file(dir, e);
	return p->events < 0 ? -1 : 0;
}

static void warn_of_new_state(const struct planning_run *p)
{
	struct buf b = {0};

	if (p->mapping[p->at] == MAPPING_NEW)
		new_state_renamed(&b, "", p->file, p->at);
	if (b.n > 0)
		tool_warn("this sync has no state: %s", buf_cstr(&b));
	buf_clear(&b);
}

static int make(struct planning_run *p, int out, struct err *e)
{
	int rc = p->output ? begin_mark(p, e) : 0;

	if (rc == 0)
		rc = make_changes(p, e);
	if (rc == 0)
		rc = make_events(p, e);
	if (rc == 0)
		rc = make_requests(p, e);
	if (rc == 0)
		rc = take_sample(p, e);
	if (rc == 0 && p->output)
		rc = write_plan(p, e);
	if (rc < 0 && p->output) {
		lift_hold(p);
		record_failure(p, e);
	}
	planning_end(&p->mark, rc == 0);
	if (rc == 0)
		warn_of_new_state(p);
	return rc == 0 ? show(p, out, e) : -1;
}

/* Returns the status of the steps, whose tools have printed their errors. */
static int verdict(const struct planning_run *p, int rc, struct err *e)
{
	if (rc < 0 && e->kind != ERR_ABORT)
		return -1;
	return worst_status_pass(p->status, e);
}

/* Makes the plan of one destination. */
static int plan_one(const struct plan_options *o, const struct plan_target *t,
		    const char *output, int out, struct err *e)
{
	struct planning_run p = {.o = o,
				 .target = t,
				 .file = t->f,
				 .at = t->at,
				 .output = output,
				 .changes = -1,
				 .events = -1,
				 .requests = -1};
	int rc;

	p.expires_ms = clock_wall_ms() + o->expires_ms;
	pipeline_signals(&p.set, &p.mask);
	rc = open_files(&p, e);
	if (rc == 0) {
		p.mapping = mapping_check(t->f, t->at, 1, &p.mask);
		rc = make(&p, out, e);
	}
	rc = verdict(&p, rc, e);
	sigprocmask(SIG_SETMASK, &p.mask, NULL);
	if (p.events >= 0)
		close(p.events);
	if (p.requests >= 0)
		close(p.requests);
	file_abandon(&p.new);
	if (p.changes >= 0)
		close(p.changes);
	free(p.mapping);
	plan_sample_clear(&p.sample);
	return rc;
}

/* The plan's file: "users.plan.crm" if there are several destinations. */
static char *output_of(const struct plan_options *o,
		       const struct plan_targets *all, size_t i)
{
	struct buf b = {0};
	size_t from;

	if (!o->output)
		return NULL;
	buf_str(&b, o->output);
	from = b.n;
	if (all->n > 1)
		buf_fmt(&b, ".%s", plan_targets_name(&all->v[i]));
	for (; from < b.n; from++) {
		if (b.p[from] == '/')
			b.p[from] = '.';
	}
	return buf_cstr(&b);
}

/* Makes the plans one after the other; a failure does not stop the others. */
static int plan_all(const struct plan_options *o,
		    const struct plan_targets *all, int out, struct err *e)
{
	struct err worst = {0}, one;

	for (size_t i = 0; i < all->n; i++) {
		if ((i == 0 || all->v[i].f != all->v[i - 1].f) &&
		    sync_parts_check(all->v[i].f, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < all->n; i++) {
		char *output = output_of(o, all, i);

		if (i > 0 && (!o->format || strcmp(o->format, "json") != 0))
			(void)!write(out, "\n", 1);
		if (plan_one(o, &all->v[i], output, out, &one) < 0) {
			struct err *less = worst_status_is(one.kind, worst.kind)
						   ? &worst
						   : &one;

			if (less->kind != ERR_NONE && less->text[0])
				tool_error("%s", less->text);
			if (less == &worst)
				worst = one;
		}
		free(output);
	}
	if (worst.kind == ERR_NONE)
		return 0;
	*e = worst;
	return -1;
}

int plan_make(const struct plan_options *o, int out, struct err *e)
{
	char path[PATH_MAX];
	char *const paths[] = {path, NULL};
	struct sync_files all = {0};
	struct plan_targets targets = {0};
	int rc = 0;

	if (snprintf(path, sizeof(path), "%s", o->path) >= (int)sizeof(path))
		return err_set(e, ERR_INPUT, "the path is too long");
	setenv(TOOL_SUMMARY, "0", 1); /* the plan shows all counts of the
				       * filters */
	rc = sync_files_read(&all, paths, e);
	if (rc == 0)
		rc = plan_targets_find(&targets, &all, o->path, o->destination,
				       e);
	if (rc == 0)
		rc = plan_all(o, &targets, out, e);
	plan_targets_clear(&targets);
	sync_files_clear(&all);
	return rc;
}
