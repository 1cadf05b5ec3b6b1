#include "diff/commit_open.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/tool.h"
#include "wire/stream/abort.h"
#include "wire/stream/control.h"

/* Whether rudder run started a rudder-diff beside this commit. It cannot open
 * the state either, but if a later stage fails too, that abort line arrives
 * instead.
 */
static bool is_of_whole_run(void)
{
	const char *given = getenv("RUDDER_RUN_ID");

	return given && clock_is_run_id(slice_str(given));
}

/* Reports why the state cannot be opened, unless the abort line of rudder-diff
 * has the same reason. Receipts show that rudder-diff could open it. A signal
 * ends the wait, because no receipt is lost by it.
 */
static int cannot_open(const struct commit_options *o, int in, struct err *e)
{
	char reason[ABORT_REASON + 1];
	bool opened = false;
	struct input x;
	struct err ignored;

	if (e->kind != ERR_CREATE && e->kind != ERR_DENIED &&
	    e->kind != ERR_CONFIG)
		return -1;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	abort_reason_of(reason, e);
	input_init(&x, in, &o->input, NULL, NULL);
	while (input_next(&x, &ignored) > 0 && x.kind != INPUT_DATA &&
	       x.kind != INPUT_BAD)
		opened = opened ||
			 (x.kind == INPUT_BEGIN && x.control.state.n > 0);
	if (x.abort.status == err_status(e->kind) &&
	    strcmp(x.abort.reason, reason) == 0)
		(void)!input_complete(&x, e);
	else if (x.abort.status > 0 && !opened && is_of_whole_run())
		e->text[0] = '\0';
	input_clear(&x);
	return -1;
}

static bool is_missing(const char *dir)
{
	return access(dir, F_OK) < 0 && errno == ENOENT;
}

/* Whether the folder exists, or is created by the first line of the input. */
static bool await_folder(const char *dir, int in)
{
	enum { WAIT_MS = 500, STEP_MS = 10 };
	struct pollfd p = {.fd = in, .events = POLLIN};
	struct stat st;

	if (!is_missing(dir))
		return true;
	if (isatty(in))
		return false;
	(void)!poll(&p, 1, -1);
	for (int ms = 0; is_missing(dir); ms += STEP_MS) {
		if (ms >= WAIT_MS || fstat(in, &st) < 0 ||
		    !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
			return false;
		(void)!poll(NULL, 0, STEP_MS);
	}
	return true;
}

/* There is no state to commit into. If a stage failed before rudder-diff could
 * create it, that stage has reported it; a dry run creates none.
 */
static int no_state(const struct commit_options *o, int in, struct err *e)
{
	struct input x;
	struct err ignored;
	int rc = -1;

	if (isatty(in))
		return -1;
	input_init(&x, in, &o->input, NULL, NULL);
	if (input_next(&x, &ignored) > 0 && x.kind == INPUT_BEGIN &&
	    slice_is(control_member(x.controls, "dry_run"), "true")) {
		while (input_next(&x, &ignored) > 0)
			;
		rc = input_complete(&x, e) < 0 ? -1 : 1;
	} else if (x.abort.status > 0) {
		(void)!input_complete(&x, e);
	}
	input_clear(&x);
	return rc;
}

int commit_open(struct state *s, const struct commit_options *o, int in,
		struct err *e)
{
	bool create = tool_is_stage() || await_folder(o->state, in);

	if (state_open(s, o->state, create, e) == 0)
		return 0;
	return create ? cannot_open(o, in, e) : no_state(o, in, e);
}
