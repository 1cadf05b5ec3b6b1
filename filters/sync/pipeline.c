#include "sync/pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/option_keys.h"
#include "core/tool.h"
#include "sync/option_table.h"
#include "sync/programs.h"
#include "sync/report/worst_status.h"

/* ---- start ------------------------------------------------------------ */

int pipeline_check(const struct stages *s, struct err *e)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *from = s->v[i].env.from;
		const char *value = from ? getenv(from) : "";

		if (!value || (from && !*value))
			return err_names(
				e, ERR_CONFIG,
				"the variable '%s' is not set: the sync "
				"file names it for %s",
				from,
				s->v[i].kind == SYNC_QUERY ? "the source"
							   : "the write key");
	}
	return 0;
}

/* Ends the child with an error. */
static NO_RETURN void cannot(const char *what, const char *path)
{
	tool_error("cannot %s '%s': %s", what, path, strerror(errno));
	_exit(127);
}

static bool has_stage(const struct stages *s, enum sync_stage kind)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].kind == kind)
			return true;
	}
	return false;
}

/* Whether the stage gets the run id. A commit without a begin line, because an
 * earlier stage failed at once, finds its run by the id that rudder-diff got as
 * well. Other stages must not pass it on to programs that they start.
 */
static bool gets_id(const struct stage *s)
{
	return s->kind == SYNC_QUERY || s->kind == SYNC_DIFF ||
	       s->kind == SYNC_COMMIT;
}

/* Passes the table of keys to the filter, so that its messages name keys of the
 * sync file. A project of rudder-cli has its own keys.
 */
static void name_keys(const struct sync_file *f)
{
	struct buf b = {0};

	if (!f || f->connection)
		return;
	option_table_text(&b, f);
	setenv(OPTION_KEYS, buf_cstr(&b), 1);
	buf_clear(&b);
}

/* Blocks signals until the filter can write an abort line for them
 * (wire/stream/abort.h): if it ended before, its stream would look truncated.
 * Not for a script, which may never start the filter.
 */
static void hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static NO_RETURN void become(const struct stage *s,
			     const struct pipeline_options *o, const char *id,
			     int in, int out)
{
	char **argv = mem_zero((s->argv.n + 1) * sizeof(*argv));

	memcpy(argv, s->argv.v, s->argv.n * sizeof(*argv));
	if (in < 0)
		in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (o->both)
		(void)!dup2(o->out, STDERR_FILENO);
	if (o->quiet)
		(void)!dup2(open("/dev/null", O_WRONLY | O_CLOEXEC),
			    STDERR_FILENO);
	if ((in != STDIN_FILENO && dup2(in, STDIN_FILENO) < 0) ||
	    (out != STDOUT_FILENO && dup2(out, STDOUT_FILENO) < 0))
		cannot("run", argv[0]);
	if (chdir(o->folder) < 0)
		cannot("enter the folder", o->folder);
	setenv("RUDDER_STAGE_TIMES", "1", 0);
	setenv(TOOL_STAGE, o->state ? o->state : "1", 1);
	if (!o->both) /* output that is parsed here has one form */
		tool_hand_on_log();
	name_keys(o->file);
	if (*id && gets_id(s))
		setenv("RUDDER_RUN_ID", id, 0);
	if (s->env.name)
		setenv(s->env.name, getenv(s->env.from), 1);
	if (o->mask)
		sigprocmask(SIG_SETMASK, o->mask, NULL);
	if (s->kind < SYNC_COMMIT && programs_is_binary(argv[0]))
		hold_signals();
	execvp(argv[0], argv);
	cannot("run", argv[0]);
}

/* Starts one stage between two pipes. */
static int start_stage(struct pipeline *p, const struct stage *s,
		       const struct pipeline_options *o, const char *id, int in,
		       int out, struct err *e)
{
	pid_t pid = fork();

	if (pid == 0)
		become(s, o, id, in, out);
	if (pid < 0)
		return err_sys(e, ERR_OS, "cannot start '%s'", s->argv.v[0]);
	p->stage[p->n++] = (struct pipeline_stage){.kind = s->kind, .pid = pid};
	p->left++;
	return 0;
}

int pipeline_start(struct pipeline *p, const struct stages *s,
		   const struct pipeline_options *o, struct err *e)
{
	const int out = o->out > 0 ? o->out : STDOUT_FILENO;
	int in = o->in, rc = 0;
	struct buf id = {0};

	*p = (struct pipeline){0};
	if (pipeline_check(s, e) < 0)
		return -1;
	if (has_stage(s, SYNC_DIFF) && has_stage(s, SYNC_COMMIT))
		clock_run_id(&id);
	p->stage = mem_zero(s->n * sizeof(*p->stage));
	for (size_t i = 0; rc == 0 && i < s->n; i++) {
		int to[2] = {-1, out};
		bool last = i + 1 == s->n;

		if (!last && pipe2(to, O_CLOEXEC) < 0)
			rc = err_sys(e, ERR_OS, "cannot make a pipe");
		if (rc == 0)
			rc = start_stage(p, &s->v[i], o, buf_cstr(&id), in,
					 to[1], e);
		if (i > 0 && in >= 0)
			close(in);
		if (!last && to[1] >= 0 && to[0] >= 0)
			close(to[1]);
		in = to[0];
	}
	if (rc < 0 && in > STDIN_FILENO)
		close(in);
	buf_clear(&id);
	return rc;
}

/* ---- end -------------------------------------------------------------- */

void pipeline_adopt(struct pipeline *p, pid_t pid)
{
	*p = (struct pipeline){.n = 1, .left = 1};
	p->stage = mem_zero(sizeof(*p->stage));
	p->stage[0] = (struct pipeline_stage){.kind = SYNC_STAGES, .pid = pid};
}

bool pipeline_has(const struct pipeline *p, enum sync_stage kind)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->stage[i].kind == kind)
			return true;
	}
	return false;
}

/* Reports a stage that was killed by a signal: the next stage only sees a
 * truncated input.
 */
static void say_killed(const struct pipeline_stage *s, int status)
{
	static const char *const programs[] = {
		[SYNC_QUERY] = "rudder-query",
		[SYNC_DIFF] = "rudder-diff",
		[SYNC_MAP] = "rudder-map",
		[SYNC_SEND] = "rudder-send",
		[SYNC_COMMIT] = "rudder-diff --commit",
		[SYNC_STAGES] = "rudder",
	};
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (sig == 0 || sig == SIGINT || sig == SIGTERM || sig == SIGHUP ||
	    sig == SIGPIPE)
		return;
	tool_error("%s (pid %ld) was killed by signal %d%s", programs[s->kind],
		   (long)s->pid, sig,
		   sig == SIGKILL ? ", as the kernel does when memory runs out"
				  : "");
}

bool pipeline_ended(struct pipeline *p, pid_t pid, int status)
{
	for (size_t i = 0; i < p->n; i++) {
		struct pipeline_stage *s = &p->stage[i];

		if (s->pid != pid || s->ended)
			continue;
		say_killed(s, status);
		s->status = status;
		s->ended = true;
		p->left--;
		return true;
	}
	return false;
}

void pipeline_stop(struct pipeline *p, bool again)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct pipeline_stage *s = &p->stage[i];

		if (s->ended || s->kind == SYNC_COMMIT)
			continue;
		if (again || s->kind == SYNC_QUERY || s->kind == SYNC_SEND ||
		    s->kind == SYNC_STAGES)
			kill(s->pid, SIGTERM);
	}
}

static enum err_kind kind_of(const struct pipeline_stage *s)
{
	return worst_status_kind(WIFEXITED(s->status) ? WEXITSTATUS(s->status)
						      : -1);
}

/* Whether the stage ended because the next one stopped reading; that one has
 * its own status.
 */
static bool lost_its_reader(const struct pipeline_stage *s)
{
	return WIFSIGNALED(s->status) && WTERMSIG(s->status) == SIGPIPE;
}

/* Whether the last stage counts what was rejected or blocked before it, as a
 * commit does (or not, with --rejected accept).
 */
static bool knows_all(const struct pipeline_stage *last)
{
	return last->kind == SYNC_COMMIT || last->kind == SYNC_STAGES;
}

int pipeline_status(const struct pipeline *p)
{
	const struct pipeline_stage *last = &p->stage[p->n - 1];
	enum err_kind kind = kind_of(last);

	if (WIFEXITED(last->status) && kind != ERR_NONE)
		return err_status(kind);
	for (size_t i = 0; i < p->n; i++) {
		enum err_kind k = kind_of(&p->stage[i]);

		if (knows_all(last) && err_status(k) < err_status(ERR_USAGE))
			continue;
		if (!lost_its_reader(&p->stage[i]) && worst_status_is(k, kind))
			kind = k;
	}
	return err_status(kind);
}

void pipeline_clear(struct pipeline *p)
{
	free(p->stage);
	*p = (struct pipeline){0};
}

/* ---- one pipeline, or one command -------------------------------------- */

/* Reads everything from fd; keeps the first max bytes or, if newest, the last.
 */
static void take_all(struct buf *b, int fd, size_t max, bool newest)
{
	char part[4096];
	ssize_t got;

	for (;;) {
		do
			got = read(fd, part, sizeof(part));
		while (got < 0 && errno == EINTR);
		if (got <= 0)
			return;
		if (newest || b->n + (size_t)got <= max)
			buf_add(b, part, (size_t)got);
		if (b->n > max) {
			memmove(b->p, b->p + b->n - max, max);
			b->n = max;
		}
	}
}

static void add_signal(sigset_t *set, int sig)
{
	struct sigaction now;

	if (sigaction(sig, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		sigaddset(set, sig);
}

void pipeline_signals(sigset_t *set, sigset_t *was)
{
	sigemptyset(set);
	add_signal(set, SIGINT);
	add_signal(set, SIGTERM);
	add_signal(set, SIGHUP);
	(void)signal(SIGCHLD, SIG_DFL);
	sigaddset(set, SIGCHLD);
	sigprocmask(SIG_BLOCK, set, was);
}

int pipeline_run(const struct stages *s, const struct pipeline_options *o,
		 const sigset_t *set, struct err *e)
{
	struct pipeline p;
	int rc = pipeline_start(&p, s, o, e), status;
	uint64_t first = 0;

	while (p.left > 0) {
		siginfo_t info;
		int sig = sigwaitinfo(set, &info);
		uint64_t now = clock_mono_ms();
		pid_t pid;

		while (sig == SIGCHLD &&
		       (pid = waitpid(-1, &status, WNOHANG)) > 0)
			(void)pipeline_ended(&p, pid, status);
		if (sig <= 0 || sig == SIGCHLD ||
		    (first && now - first < TOOL_AGAIN_MS))
			continue;
		/* a signal from the terminal reaches the stages too */
		if (first || info.si_code != SI_KERNEL)
			pipeline_stop(&p, first > 0);
		first = first ? first : now;
	}
	if (rc == 0)
		rc = pipeline_status(&p);
	pipeline_clear(&p);
	return rc;
}

int pipeline_capture(struct buf *b, const struct stages *s,
		     const struct pipeline_options *o, size_t max,
		     struct err *e)
{
	struct pipeline_options to = *o;
	struct pipeline p;
	int fd[2], rc;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, ERR_OS, "cannot make a pipe");
	to.out = fd[1];
	to.in = o->in > 0 ? o->in : -1;
	rc = pipeline_start(&p, s, &to, e);
	close(fd[1]);
	take_all(b, fd[0], max, o->newest);
	close(fd[0]);
	for (size_t i = 0; i < p.n; i++) {
		pid_t got;

		do
			got = waitpid(p.stage[i].pid, &p.stage[i].status, 0);
		while (got < 0 && errno == EINTR);
	}
	if (rc == 0)
		rc = pipeline_status(&p);
	pipeline_clear(&p);
	return rc;
}
