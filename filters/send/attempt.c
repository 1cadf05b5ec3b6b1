#include "send/attempt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "core/folder.h"
#include "core/lock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/tool.h"
#include "wire/json/json.h"

/* ---- the lock ---------------------------------------------------------- */

static int newer_run(const char *path, struct err *e)
{
	return err_names(e, ERR_TEMP,
			 "'%s': a newer run has taken over; nothing was sent",
			 path);
}

/* Moves the lock to a high descriptor. A command that inherits it may redirect
 * low descriptors (exec 3>file), which would close the lock.
 */
static int move_descriptor_up(int fd)
{
	enum { HIGH = 64 };
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	if (high >= 0)
		close(fd);
	return high >= 0 ? high : fd;
}

static int open_lock(struct attempt *a, const char *path, struct err *e)
{
	a->lock_fd =
		move_descriptor_up(file_open_own(path, O_RDWR, ERR_CONFIG, e));
	if (a->lock_fd < 0)
		return err_in(
			e, "the lock of the state that these events come from");
	return 0;
}

/* Takes a shared lock on the file `lock` of the state, and checks that the
 * token in it is still that of the run that these events come from.
 */
static int take_lock(struct attempt *a, struct slice token, struct err *e)
{
	char text[SENT_ATTEMPT], *path = folder_file(a->dir, "lock");
	int got, rc = -1;
	ssize_t n;

	if (open_lock(a, path, e) < 0)
		goto out;
	got = lock_take(a->lock_fd, false, 0, e);
	if (got < 0) {
		rc = err_in(e, "'%s'", path);
	} else if (got == 0) {
		rc = err_names(e, ERR_TEMP,
			       "'%s' is locked: a newer run has taken over; "
			       "nothing was sent",
			       path);
	} else {
		n = pread(a->lock_fd, text, sizeof(text), 0);
		if (n < 0)
			rc = err_sys(e, ERR_IO, "cannot read '%s'", path);
		else if (!slice_eq(slice_of(text, (size_t)n), token))
			rc = newer_run(path, e);
		else
			rc = 0;
	}
out:
	free(path);
	return rc;
}

int attempt_begin(struct attempt *a, const struct control *c,
		  const struct control_reader *controls, bool no_lock,
		  struct err *e)
{
	struct slice refused = control_member(controls, "failed_by");
	struct buf dir = {0};
	int rc;

	a->doubted = c->state.n > 0;
	if (c->state.n == 0 || c->attempt.n == 0 || no_lock)
		return 0;
	a->doubted = false;
	json_decode(&dir, json_inner(c->state));
	free(a->dir);
	a->dir = mem_copy(dir.p, dir.n);
	buf_clear(&dir);
	a->refused.n = 0;
	if (refused.n > 2 && *refused.p == '"')
		buf_slice(&a->refused, json_inner(refused));
	sent_id(a->id);
	if (a->lock_fd >= 0)
		close(a->lock_fd);
	rc = take_lock(a, c->attempt, e);
	if (rc == 0) /* it equals the token in the lock file, so it has this
		      * length
		      */
		memcpy(a->token, c->attempt.p, SENT_ATTEMPT);
	return rc;
}

/* ---- who else sent these events ---------------------------------------- */

/* Refuses events of a run that is already committed. rudder-diff writes
 * `pending` before it outputs a change, and a commit removes it. After the
 * commit the state would not learn what was sent.
 */
static int check_pending(const struct attempt *a, struct err *e)
{
	char *path = folder_file(a->dir, "pending");
	bool waits = access(path, F_OK) == 0;

	free(path);
	if (waits)
		return 0;
	return err_set(e, ERR_USAGE,
		       "these events belong to a run that is already "
		       "committed: nothing was sent; the next run of "
		       "rudder-diff resends what failed");
}

/* Waits for the lock of the folder, which a commit holds while it applies
 * receipts. Returns the descriptor of the lock, or -1.
 */
static int wait_for_commit(const struct attempt *a, struct err *e)
{
	enum { APPLIES_MS = 600 * 1000 };
	int fd = open(a->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int got = fd < 0 ? 0 : lock_take(fd, false, APPLIES_MS, e);

	if (got > 0)
		return fd;
	if (fd < 0)
		return err_sys(e, ERR_IO, "cannot open '%s'", a->dir);
	close(fd);
	return got < 0 ? -1
		       : err_names(e, ERR_TEMP,
				   "a commit on '%s' is still running", a->dir);
}

/* Loads the open changes from `pending`, but only if a commit may have settled
 * some of them; otherwise all are open.
 */
static int find_open(struct attempt *a, const struct sent *s, struct err *e)
{
	char *path;
	int rc, lock = -1;

	if (!s->committed && !s->damaged)
		return 0;
	/* before the first commit rudder-diff may still hold the lock */
	if (s->committed && (lock = wait_for_commit(a, e)) < 0)
		return -1;
	path = folder_file(a->dir, "pending");
	rc = intent_set_load(&a->open, path, e);
	free(path);
	if (lock >= 0)
		close(lock);
	return rc;
}

bool attempt_waits(const struct attempt *a, struct slice message)
{
	uint64_t i, n, first;
	char change[32];

	return !a->open.id || !control_change_of(message, change, &i, &n) ||
	       num_hex(change, &first) < 0 || intent_set_has(&a->open, first);
}

bool attempt_is_late(struct attempt *a, struct slice change)
{
	struct sent s;
	struct err ignored;
	uint64_t first;

	if (!a->dir || change.n != 32 || num_hex(change.p, &first) < 0)
		return false;
	if (!a->started && !a->looked) {
		a->looked = true;
		if (sent_read(&s, a->dir, slice_str(a->token), &ignored) < 0 ||
		    find_open(a, &s, &ignored) < 0)
			intent_set_clear(&a->open);
		sent_clear(&s);
	}
	return a->open.id && !intent_set_has(&a->open, first);
}

int attempt_start(struct attempt *a, bool command, struct err *e)
{
	struct sent s;
	int rc;

	if (!attempt_must_start(a))
		return 0;
	/* write our line before reading the others: if two senders start at the
	 * same time, at least one sees the other
	 */
	if (check_pending(a, e) < 0 ||
	    sent_start(a->dir, a->token, a->id, command, e) < 0 ||
	    sent_read(&s, a->dir, slice_str(a->token), e) < 0)
		return -1;
	a->started = true;
	a->doubted = sent_by_others(&s, a->id, buf_all(&a->refused));
	intent_set_clear(&a->open);
	rc = find_open(a, &s, e);
	sent_clear(&s);
	/* a commit may have ended meanwhile, and removed `sent` */
	if (rc == 0)
		rc = check_pending(a, e);
	if (a->doubted)
		tool_info("an earlier rudder-send of this run may have "
			  "delivered some of these events: failures are "
			  "reported as unknown");
	return rc;
}

void attempt_end(const struct attempt *a, uint64_t taken, uint64_t doubt)
{
	struct err e;

	/* without the end, later runs only report more events as unknown */
	if (a->started &&
	    sent_end(a->dir, a->token, a->id, taken, doubt, &e) < 0)
		tool_debug("%s", e.text);
}

/* ---- begin lines ------------------------------------------------------- */

void attempt_receipts(const struct attempt *a, struct slice body,
		      struct slice destination, struct buf *b)
{
	static const char *const drop[] = {"sender", "destination", "sealed",
					   NULL};

	control_rewrite(b, body, "receipts", drop);
	if (a->dir)
		control_add_text(b, "sender", slice_str(a->id));
	if (destination.n > 0) {
		buf_str(b, ",\"destination\":");
		buf_slice(b, destination);
	}
	control_close(b);
}

void attempt_failed(const struct attempt *a, struct slice body, struct buf *b)
{
	static const char *const drop[] = {"failed_by", "sealed", NULL};
	struct buf by = {0};

	control_rewrite(b, body, "events", drop);
	if (a->refused.n > 0)
		buf_fmt(&by, "%.*s ", SLICE_FMT(buf_all(&a->refused)));
	if (a->dir)
		buf_str(&by, a->id);
	control_add_text(b, "failed_by", buf_all(&by));
	control_close(b);
	buf_clear(&by);
}

void attempt_clear(struct attempt *a)
{
	if (a->lock_fd >= 0)
		close(a->lock_fd);
	free(a->dir);
	intent_set_clear(&a->open);
	buf_clear(&a->refused);
	*a = (struct attempt){.lock_fd = -1};
}
