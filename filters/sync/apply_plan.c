#include "sync/apply_plan.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/tool.h"
#include "sync/pipeline.h"
#include "sync/plan_file.h"
#include "sync/plan_targets.h"
#include "sync/report/worst_status.h"

struct applying {
	const struct apply_options *o;
	struct plan_file plan;
	struct sync_files all;
	struct plan_targets targets;
	const struct sync_file *file;
	size_t at; /* index of the destination */
	int fd;
};

/* Checks that the destination's URL, options and state are those of the plan.
 */
static int check_delivery(const struct applying *a, struct err *e)
{
	struct stages s = {0};
	struct buf text = {0};
	char *now;
	bool same;

	stages_of_delivery(&s, a->file, a->at, NULL);
	stages_text(&text, &s);
	now = plan_file_delivery(buf_all(&text));
	same = strcmp(now, a->plan.delivery) == 0;
	free(now);
	buf_clear(&text);
	stages_clear(&s);
	if (same || a->o->decline)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "'%s': the destination, its options or the state "
			 "changed after the plan was made: change them back, "
			 "or decline the plan (rudder apply --decline %s) and "
			 "make a new one",
			 a->plan.file, a->o->plan);
}

/* Checks that the state still holds the changes for a plan. */
static int check_hold(const struct applying *a, struct err *e)
{
	const char *state = a->file->destination[a->at].state;
	struct buf path = {0};
	bool held;

	sync_file_path(a->file, state, &path);
	buf_str(&path, "/hold");
	held = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return held ? 0
		    : err_set(e, ERR_TEMP,
			      "the plan was applied or declined before: make a "
			      "new one by rudder plan");
}

static int check(struct applying *a, struct err *e)
{
	if (check_delivery(a, e) < 0)
		return -1;
	if (clock_wall_ms() > a->plan.expires_ms && !a->o->decline)
		return err_names(
			e, ERR_TEMP,
			"the plan of %s has expired: decline it "
			"(rudder apply --decline %s) and make a new one",
			a->plan.created, a->o->plan);
	return check_hold(a, e);
}

/* The commit reports declined events as failed: with --decline that is success.
 */
static int verdict(const struct applying *a, int status, struct err *e)
{
	if (a->o->decline && status == err_status(ERR_PARTIAL))
		return 0;
	return worst_status_pass(status, e);
}

static int deliver(const struct applying *a, struct err *e)
{
	sigset_t set, mask;
	struct stages s = {0};
	struct pipeline_options o = {
		.folder = a->file->folder, .file = a->file, .in = a->fd};
	int rc;

	if (lseek(a->fd, PLAN_FILE_HEAD, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read '%s'", a->o->plan);
	pipeline_signals(&set, &mask);
	o.mask = &mask;
	o.quiet = a->o->decline;
	stages_of_delivery(&s, a->file, a->at,
			   a->o->decline ? "declined:" : NULL);
	rc = pipeline_run(&s, &o, &set, e);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	stages_clear(&s);
	if (rc >= 0)
		rc = verdict(a, rc, e);
	return rc;
}

/* Finds the sync file and destination of the plan. */
static int find_target(struct applying *a, struct err *e)
{
	const char *name = a->plan.destination;

	if (plan_targets_find(&a->targets, &a->all, a->plan.file,
			      *name ? name : NULL, e) < 0)
		return -1;
	if (a->targets.n > 1)
		return err_names(e, ERR_CONFIG,
				 "'%s' has %zu destinations now, and had one "
				 "when the plan was made",
				 a->plan.file, a->targets.n);
	a->file = a->targets.v[0].f;
	a->at = a->targets.v[0].at;
	return 0;
}

static int apply_open(struct applying *a, struct err *e)
{
	char *paths[] = {NULL, NULL};
	int rc = plan_file_read(a->fd, &a->plan, e);

	if (rc < 0)
		return err_in(e, "'%s'", a->o->plan);
	paths[0] = a->plan.file;
	rc = sync_files_read(&a->all, paths, e);
	if (rc == 0)
		rc = find_target(a, e);
	if (rc < 0)
		return -1;
	if (a->plan.events == 0) {
		tool_summary("the plan has no events: nothing to do");
		return 0;
	}
	rc = check(a, e);
	return rc == 0 ? deliver(a, e) : -1;
}

int apply_plan(const struct apply_options *o, struct err *e)
{
	struct applying a = {.o = o};
	int rc;

	a.fd = open(o->plan, O_RDONLY | O_CLOEXEC);
	if (a.fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", o->plan);
	rc = apply_open(&a, e);
	close(a.fd);
	plan_file_clear(&a.plan);
	plan_targets_clear(&a.targets);
	sync_files_clear(&a.all);
	return rc;
}
