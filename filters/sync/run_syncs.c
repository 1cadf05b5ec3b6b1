#include "sync/run_syncs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "sync/canary.h"
#include "sync/mapping_check.h"
#include "sync/pipeline.h"
#include "sync/report/worst_status.h"
#include "sync/run_print.h"
#include "sync/run_summary.h"
#include "sync/run_sync.h"
#include "sync/shared_states.h"
#include "sync/start_record.h"
#include "sync/sync_order.h"
#include "sync/sync_parts.h"

enum { SKIPPED = 75 };

/* Finds a waiting sync whose predecessors are done, or NULL. */
static struct run_sync *next_ready(const struct running *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct run_sync *s = &r->sync[i];
		bool ready = s->turn == TURN_WAITING;

		for (size_t j = 0; j < r->n && ready && !r->refused; j++)
			ready = r->sync[j].turn == TURN_DONE ||
				!sync_order_after(s->f, r->sync[j].f);
		if (ready)
			return s;
	}
	return NULL;
}

/* ---- one sync --------------------------------------------------------- */

/* Sets the sync's status if the new one is worse. */
static void worsen(struct run_sync *s, int status)
{
	if (worst_status_is(worst_status_kind(status),
			    worst_status_kind(s->status)))
		s->status = status;
}

static int start_canary(struct running *r, struct run_sync *s, struct err *e)
{
	struct stages_options o = r->o->stages;
	pid_t pid = fork();

	o.mapping = s->mapping;
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &r->mask, NULL);
		_exit(canary_run(s->f, s->first + s->at, &o, r->o->canary));
	}
	return pid < 0 ? err_sys(e, ERR_OS, "cannot start a process")
		       : (pipeline_adopt(&s->p, pid), 0);
}

/* Records a pipeline that could not start in its states, unless rudder-diff has
 * started, which has written its own record.
 */
static void record(const struct running *r, const struct run_sync *s,
		   const struct err *e)
{
	bool apart = run_sync_is_apart(r, s);

	if (!r->o->stages.dry_run && !pipeline_has(&s->p, SYNC_DIFF))
		start_record(s->f, apart ? s->first + s->at : s->first,
			     apart ? 1 : s->n, e, &r->mask);
}

/* The state of the pipeline, for messages of stages that fail before they have
 * read a begin line: it tells which of several syncs they belong to. Owned;
 * NULL for several destinations.
 */
static char *state_of(const struct running *r, const struct run_sync *s)
{
	bool apart = run_sync_is_apart(r, s);
	size_t at = apart ? s->first + s->at : s->first;
	const char *state = s->f->destination[at].state;
	char *folder = *state == '/' ? NULL : realpath(s->f->folder, NULL);
	struct buf path = {0};

	if ((apart || s->n == 1) && (folder || *state == '/'))
		buf_fmt(&path, "%s%s%s", folder ? folder : "",
			folder ? "/" : "", state);
	free(folder);
	return path.n > 0 ? buf_cstr(&path) : NULL;
}

/* Starts the pipeline. If that fails, the sync gets the status of the error. */
static void start_pipeline(struct running *r, struct run_sync *s)
{
	char *state = state_of(r, s);
	const struct pipeline_options o = {
		.folder = s->f->folder,
		.file = s->f,
		.state = state,
		.mask = &r->mask,
		.in = r->o->jobs > 1 ? -1 : 0,
	};
	struct stages stages = {0};
	struct err e;

	run_sync_stages(&stages, r, s);
	if (pipeline_check(&stages, &e) < 0 ||
	    (r->o->canary > 0 ? start_canary(r, s, &e)
			      : pipeline_start(&s->p, &stages, &o, &e)) < 0) {
		tool_error("'%s': %s", s->f->path, e.text);
		worsen(s, err_status(e.kind));
		record(r, s, &e);
	}
	stages_clear(&stages);
	free(state);
}

static void begin_sync(struct running *r, struct run_sync *s)
{
	if (!r->sums && r->n > 1 && r->o->jobs <= 1)
		tool_summary("sync '%s'", s->name);
	else
		tool_info("sync '%s' starts", s->name);
	s->turn = TURN_RUNNING;
	s->started_ms = clock_wall_ms();
	s->at = 0;
	s->mapping = mapping_check(s->f, s->first, s->n, &r->mask);
	r->running++;
	start_pipeline(r, s);
}

/* Whether the sync is skipped, because one that it runs after has failed, or
 * after a signal.
 */
static bool is_left_out(struct running *r, const struct run_sync *s)
{
	struct err e;

	if (r->stops > 0)
		return true;
	for (size_t i = 0; i < r->n; i++) {
		const struct run_sync *x = &r->sync[i];

		if (!sync_order_after(s->f, x->f) ||
		    x->status < err_status(ERR_USAGE))
			continue;
		err_names(&e, ERR_TEMP,
			  "skipped: it runs after '%s', which failed",
			  x->f->name);
		if (s->first == 0)
			tool_error("sync '%s' is %s", s->f->name, e.text);
		if (!r->o->stages.dry_run)
			start_record(s->f, s->first, s->n, &e, &r->mask);
		return true;
	}
	return false;
}

static void end_sync(struct running *r, struct run_sync *s)
{
	s->turn = TURN_DONE;
	r->running--;
	if (r->refused)
		return;
	tool_info("sync '%s' ended with status %d", s->name, s->status);
	if (s->status > 1 && r->n > 1)
		tool_error("sync '%s' ended with status %d", s->name,
			   s->status);
}

/* Whether all other parts of the sync have ended. Then *h covers all parts. */
static bool is_last_part(const struct running *r, const struct run_sync *s,
			 struct hook_run *h)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct run_sync *x = &r->sync[i];

		if (x->f != s->f || x == s)
			continue;
		if (x->turn == TURN_RUNNING ||
		    (x->turn == TURN_WAITING && r->stops == 0))
			return false;
		if (worst_status_is(worst_status_kind(x->status),
				    worst_status_kind(h->status)))
			h->status = x->status;
		if (x->started_ms > 0 && x->started_ms < h->started_ms)
			h->started_ms = x->started_ms;
	}
	return true;
}

/* Starts the hooks once for a sync, after the last of its parts. */
static void begin_hooks(struct running *r, struct run_sync *s)
{
	struct hook_run h = {
		.file = s->f,
		.started_ms = s->started_ms,
		.ended_ms = clock_wall_ms(),
		.status = s->status,
	};
	const struct sync_texts *hooks = NULL;

	if (is_last_part(r, s, &h) && !r->o->stages.dry_run)
		hooks = hook_list(s->f, h.status);
	if (hooks) {
		s->turn = TURN_HOOK;
		hook_queue_begin(&s->hooks, &h, hooks, &r->mask);
	}
	if (s->hooks.pid == 0)
		end_sync(r, s);
}

/* Ends a sync that is not run, because none can be: it gets a record, and its
 * hooks for a failure run.
 */
static void refuse_sync(struct running *r, struct run_sync *s)
{
	s->turn = TURN_RUNNING;
	s->started_ms = clock_wall_ms();
	r->running++;
	worsen(s, err_status(r->refused->kind));
	if (!r->o->stages.dry_run)
		start_record(s->f, s->first, s->n, r->refused, &r->mask);
	begin_hooks(r, s);
}

/* Called when a pipeline has ended or could not start: starts the next one, or
 * the hooks.
 */
static void end_pipeline(struct running *r, struct run_sync *s)
{
	if (s->p.n > 0)
		worsen(s, pipeline_status(&s->p));
	pipeline_clear(&s->p);
	if (run_sync_is_apart(r, s) && s->at + 1 < s->n && r->stops == 0) {
		s->at++;
		start_pipeline(r, s);
		if (s->p.left == 0)
			end_pipeline(r, s);
		return;
	}
	if (r->sums && (s->status <= err_status(ERR_PARTIAL) || r->stops > 0))
		run_summary(s->f, s->first, s->n, s->mapping, s->started_ms,
			    &r->mask);
	begin_hooks(r, s);
}

/* ---- all syncs -------------------------------------------------------- */

static void start_syncs(struct running *r)
{
	uint64_t jobs = r->o->jobs > 0 ? r->o->jobs : 1;
	struct run_sync *s;

	while (r->running < jobs && (s = next_ready(r))) {
		if (r->refused) {
			refuse_sync(r, s);
			continue;
		}
		if (is_left_out(r, s)) {
			s->turn = TURN_DONE;
			s->status = SKIPPED;
			continue;
		}
		begin_sync(r, s);
		if (s->p.left == 0)
			end_pipeline(r, s);
	}
}

static void reap(struct running *r)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < r->n; i++) {
			struct run_sync *s = &r->sync[i];

			if (s->turn == TURN_HOOK &&
			    hook_queue_ended(&s->hooks, pid, status)) {
				if (s->hooks.pid == 0)
					end_sync(r, s);
				break;
			}
			if (s->turn != TURN_RUNNING ||
			    !pipeline_ended(&s->p, pid, status))
				continue;
			if (s->p.left == 0)
				end_pipeline(r, s);
			break;
		}
	}
}

/* Milliseconds to the next deadline of a hook, or -1. */
static int64_t check_hooks(struct running *r)
{
	int64_t wait = -1;

	for (size_t i = 0; i < r->n; i++) {
		int64_t ms = hook_queue_check(&r->sync[i].hooks);

		if (ms >= 0 && (wait < 0 || ms < wait))
			wait = ms;
	}
	return wait;
}

/* Stops the pipelines. A signal from the terminal reaches the stages too. */
static void stop_pipelines(struct running *r, const siginfo_t *info)
{
	bool again = r->stops++ > 0;
	uint64_t now = clock_mono_ms();

	if (!again)
		r->stop_ms = now;
	else if (now - r->stop_ms < TOOL_AGAIN_MS)
		return;
	if (info->si_code == SI_KERNEL && !again)
		return;
	for (size_t i = 0; i < r->n; i++) {
		if (r->sync[i].turn == TURN_RUNNING)
			pipeline_stop(&r->sync[i].p, again);
	}
}

static void await(struct running *r, const sigset_t *set)
{
	int64_t ms = check_hooks(r);
	const struct timespec t = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};
	siginfo_t info;
	int sig =
		ms < 0 ? sigwaitinfo(set, &info) : sigtimedwait(set, &info, &t);

	if (sig == SIGCHLD)
		reap(r);
	else if (sig > 0)
		stop_pipelines(r, &info);
}

static void run_all(struct running *r)
{
	sigset_t set;

	pipeline_signals(&set, &r->mask);
	start_syncs(r);
	while (r->running > 0) {
		await(r, &set);
		start_syncs(r);
	}
	sigprocmask(SIG_SETMASK, &r->mask, NULL);
}

static int verdict(const struct running *r, struct err *e)
{
	enum err_kind kind = ERR_NONE;
	const struct run_sync *worst = NULL;
	size_t failed = 0, parts = 0;

	for (size_t i = 0; i < r->n; i++) {
		enum err_kind k = worst_status_kind(r->sync[i].status);

		failed += k != ERR_NONE;
		parts += r->sync[i].f->parts > 0;
		if (!worst_status_is(k, kind))
			continue;
		kind = k;
		worst = &r->sync[i];
	}
	if (!worst)
		return 0;
	err_set(e, kind, "%s", "");
	if (r->n > 1)
		err_set(e, kind,
			"%zu of %zu %s did not end with status 0; the exit "
			"status is that of '%s'",
			failed, r->n,
			parts == r->n ? "parts"
			: parts > 0   ? "syncs and parts"
				      : "syncs",
			worst->name);
	return -1;
}

/* Adds a sync, or each of its parts. */
static void add_sync(struct running *r, const struct sync_file *f)
{
	unsigned parts = f->parts > 0 ? f->parts : 1;
	size_t width = sync_file_width(f);

	r->sync = mem_resize(r->sync, (r->n + parts) * sizeof(*r->sync));
	for (unsigned i = 0; i < parts; i++) {
		struct buf name = {0};

		buf_str(&name, f->name);
		if (f->parts > 0)
			buf_fmt(&name, "/%u", i);
		r->sync[r->n++] = (struct run_sync){
			.f = f,
			.name = buf_cstr(&name),
			.first = i * width,
			.n = width,
		};
	}
}

static void clear_syncs(struct running *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->sync[i].name);
		free(r->sync[i].mapping);
		hook_queue_clear(&r->sync[i].hooks);
	}
	free(r->sync);
}

/* Records the error e for all syncs that were selected; none of them is run. */
static void refuse_all(const struct run_options *o, char *const *paths,
		       const struct err *e)
{
	struct running r = {.o = o, .refused = e};
	struct sync_files all;
	struct err ignored;

	(void)!sync_files_guess(&all, paths, &ignored);
	for (size_t i = 0; i < all.n; i++) {
		if (sync_order_selects(&o->select, &all.v[i]))
			add_sync(&r, &all.v[i]);
	}
	run_all(&r);
	clear_syncs(&r);
	sync_files_clear(&all);
}

static int run_these(struct running *r, const struct sync_files *all,
		     bool *refused, struct err *e)
{
	const struct sync_file **order;
	size_t n;
	int rc = sync_order(&order, &n, all, &r->o->select, e);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = sync_parts_check(order[i], e);
		add_sync(r, order[i]);
	}
	free(order);
	*refused = rc < 0;
	if (rc == 0 && r->o->print)
		rc = run_print_all(r, e);
	else if (rc == 0) {
		r->sums = !r->o->stages.dry_run && run_summary_begin();
		run_all(r);
		rc = verdict(r, e);
	}
	return rc;
}

int run_syncs(const struct run_options *o, char *const *paths, struct err *e)
{
	struct running r = {.o = o};
	struct sync_files all;
	int rc = sync_files_read(&all, paths, e);
	bool refused = rc < 0;

	if (rc == 0 && !paths[0])
		sync_order_warn(&all);
	if (rc == 0)
		shared_states_warn(&all);
	if (rc == 0 && all.n > 0)
		rc = run_these(&r, &all, &refused, e);
	if (refused && !o->print && !o->stages.dry_run)
		refuse_all(o, paths, e);
	clear_syncs(&r);
	sync_files_clear(&all);
	return rc;
}
