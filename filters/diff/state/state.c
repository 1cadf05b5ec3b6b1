#include "diff/state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/lock.h"
#include "core/mem.h"
#include "core/temp.h"
#include "core/tool.h"
#include "diff/keys/spool.h"
#include "diff/state/hold.h"
#include "diff/state/pending_write.h"
#include "diff/state/state_folder.h"
#include "wire/state/sent.h"

int state_open(struct state *s, const char *dir, bool create, struct err *e)
{
	*s = (struct state){.dir_fd = -1, .lock_fd = -1, .journal.fd = -1};
	s->dir_fd = state_folder_open(dir, create, e);
	if (s->dir_fd < 0)
		return -1;
	s->dir = realpath(dir, NULL);
	if (!s->dir)
		return err_sys(e, ERR_INPUT, "cannot find the state '%s'", dir);
	tool_set_owner(slice_str(s->dir), slice_of(NULL, 0));
	s->snapshot_path = folder_file(s->dir, "snapshot");
	s->pending_path = folder_file(s->dir, "pending");
	s->receipts_path = folder_file(s->dir, "receipts");
	s->answers_path = folder_file(s->dir, "answers");
	s->lock_path = folder_file(s->dir, "lock");
	return 0;
}

void state_unload(struct state *s)
{
	snapshot_clear(&s->snapshot);
	pending_clear(&s->pending);
	unacked_clear(&s->unacked);
	s->columns = slice_of(NULL, 0);
}

void state_close(struct state *s)
{
	state_unload(s);
	if (s->writing)
		journal_close(&s->journal);
	/* dir_fd first: whoever gets the lock next needs both at once */
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s->dir);
	free(s->snapshot_path);
	free(s->pending_path);
	free(s->receipts_path);
	free(s->answers_path);
	free(s->lock_path);
	*s = (struct state){.dir_fd = -1, .lock_fd = -1, .journal.fd = -1};
}

/* ---- locks ------------------------------------------------------------- */

static int open_lock(struct state *s, struct err *e)
{
	if (s->lock_fd >= 0)
		return 0;
	s->lock_fd =
		file_open_own(s->lock_path, O_RDWR | O_CREAT, ERR_CREATE, e);
	return s->lock_fd < 0 ? -1 : 0;
}

/* The first line of the file: "TOKEN pid N", with " (rebase)" after it if it
 * was not a run. A second line may have the id of the run, and a third the id
 * of RUDDER_RUN_ID.
 */
enum { LOCK_TEXT = 80, LOCK_RUN = 20 };

static void read_text(int fd, char text[LOCK_TEXT])
{
	ssize_t n = fd < 0 ? 0 : pread(fd, text, 79, 0);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static void read_lock(const struct state *s, char text[80])
{
	read_text(s->lock_fd, text);
}

/* The id at that offset, or "". */
static void read_id(int fd, off_t at, char id[LOCK_RUN + 1])
{
	ssize_t n = pread(fd, id, LOCK_RUN, at);

	id[n == LOCK_RUN && clock_is_run_id(slice_of(id, LOCK_RUN)) ? n : 0] =
		'\0';
}

static void read_token(int fd, struct state_token *t)
{
	char text[LOCK_TEXT], *end;
	struct stat st;

	*t = (struct state_token){.pid = 0};
	read_text(fd, text);
	if (strlen(text) < 32 || fstat(fd, &st) < 0)
		return;
	memcpy(t->attempt, text, 32);
	t->taken_ms = (uint64_t)st.st_mtim.tv_sec * 1000 +
		      (uint64_t)st.st_mtim.tv_nsec / 1000000;
	if (strncmp(text + 32, " pid ", 5) == 0) {
		t->pid = strtol(text + 37, &end, 10);
		t->other = *end != '\0';
	}
	read_id(fd, (off_t)strlen(text) + 1, t->run);
	read_id(fd, (off_t)strlen(text) + 1 + LOCK_RUN + 1, t->given);
}

void state_name_run(const struct state *s, const char *run)
{
	const char *given = getenv("RUDDER_RUN_ID");
	char text[LOCK_TEXT];
	struct buf b = {0};
	off_t at;

	read_text(s->lock_fd, text);
	at = (off_t)strlen(text) + 1;
	buf_fmt(&b, "%s\n", run);
	if (given && clock_is_run_id(slice_str(given)) &&
	    strcmp(given, run) != 0)
		buf_fmt(&b, "%s\n", given);
	if (pwrite(s->lock_fd, b.p, b.n, at) != (ssize_t)b.n)
		tool_debug("the id of the run is not in '%s'", s->lock_path);
	buf_clear(&b);
}

void state_last(const struct state *s, struct state_token *t)
{
	struct err ignored;
	int fd = file_open_own(s->lock_path, O_RDONLY, ERR_IO, &ignored);

	read_token(fd, t);
	t->held = lock_held(fd);
	if (fd >= 0)
		close(fd);
}

void state_forget_token(const struct state *s)
{
	if (s->lock_fd >= 0 && s->attempt[0] != '\0' &&
	    ftruncate(s->lock_fd, 0) < 0)
		return; /* the next run records it as not committed */
}

/* The pid of a rudder-send of the last run that was killed after it had started
 * commands (exec:), which hold the lock until they end; 0 if no rudder-send was
 * killed like that.
 */
static long orphans_of(const struct state *s, const char text[80])
{
	struct sent sent;
	struct err ignored;
	long pid = 0;

	if (strlen(text) < SENT_ATTEMPT ||
	    sent_read(&sent, s->dir, slice_of(text, SENT_ATTEMPT), &ignored) <
		    0)
		return 0;
	for (size_t i = 0; i < sent.n; i++) {
		const struct sent_sender *x = &sent.sender[i];

		if (x->command && !x->ended && kill((pid_t)x->pid, 0) < 0 &&
		    errno == ESRCH)
			pid = x->pid;
	}
	sent_clear(&sent);
	return pid;
}

static int locked(const struct state *s, struct err *e)
{
	char text[80];
	long sender;

	read_lock(s, text);
	sender = orphans_of(s, text);
	if (sender > 0)
		return err_names(
			e, ERR_TEMP,
			"a command of the last run (exec:) is still "
			"running although its rudder-send (pid %ld) was "
			"killed: try later, or wait with --lock-wait",
			sender);
	return err_names(e, ERR_TEMP,
			 "another run is still active (its rudder-diff had%s): "
			 "try later, or wait with --lock-wait",
			 strlen(text) > 32 ? text + 32 : " no pid");
}

static int write_token(struct state *s, struct err *e)
{
	unsigned char random[16];
	struct buf b = {0};
	int rc = 0;

	clock_random(random, sizeof(random));
	buf_hex(&b, random, sizeof(random));
	memcpy(s->attempt, b.p, 32);
	s->attempt[32] = '\0';
	buf_fmt(&b, " pid %ld", (long)getpid());
	if (s->use)
		buf_fmt(&b, " (%s)", s->use);
	buf_char(&b, '\n');
	if (ftruncate(s->lock_fd, 0) < 0 ||
	    pwrite(s->lock_fd, b.p, b.n, 0) != (ssize_t)b.n)
		rc = err_sys(e, ERR_IO, "cannot write '%s'", s->lock_path);
	buf_clear(&b);
	return rc;
}

int state_lock_run(struct state *s, uint64_t wait_ms, struct err *e)
{
	char text[80];
	int got;

	if (open_lock(s, e) < 0)
		return -1;
	got = lock_take(s->lock_fd, true, wait_ms, e);
	if (got <= 0)
		return got < 0 ? -1 : locked(s, e);
	/* with a new token no sender would accept the plan any more */
	if (!s->use && hold_check(s->dir, e) < 0)
		return -1;
	read_token(s->lock_fd, &s->before);
	if (write_token(s, e) < 0)
		return -1;
	/* Linux releases the lock before it takes the other kind: another run
	 * may have taken it in between, and then the token is that run's
	 */
	got = lock_take(s->lock_fd, false, 0, e);
	if (got < 0)
		return -1;
	read_lock(s, text);
	if (got == 0 || strncmp(text, s->attempt, 32) != 0)
		return locked(s, e);
	return state_lock_writing(s, wait_ms, e);
}

int state_lock_shared(struct state *s, uint64_t wait_ms, struct err *e)
{
	int got;

	if (open_lock(s, e) < 0)
		return -1;
	got = lock_take(s->lock_fd, false, wait_ms, e);
	return got > 0 ? 0 : got < 0 ? -1 : locked(s, e);
}

bool state_is_attempt(const struct state *s, struct slice token)
{
	char text[80];

	read_lock(s, text);
	return token.n == 32 && strncmp(text, token.p, 32) == 0;
}

int state_lock_writing(struct state *s, uint64_t wait_ms, struct err *e)
{
	int got = lock_take(s->dir_fd, true, wait_ms, e);

	return got > 0 ? 0 : got < 0 ? -1 : locked(s, e);
}

/* ---- contents ---------------------------------------------------------- */

static int mixed_up(const struct state *s, struct err *e)
{
	return err_names(e, ERR_CONFIG,
			 "'%s' contains files of two different states; see "
			 "'damaged state' in rudder-sync(7)",
			 s->dir);
}

static int not_newer(void *ctx, const struct intent *i, struct err *e)
{
	const struct state *s = ctx;

	return i->version < s->snapshot.generation ? 0 : mixed_up(s, e);
}

/* After a rebase to other key columns that was killed, `pending` still has
 * intents of the old key. Drops them if all are older than the snapshot.
 */
static int drop_outlived(struct state *s, struct err *e)
{
	struct pending p;
	int rc;

	pending_clear(&s->pending);
	rc = pending_open(&p, s->pending_path, e);
	if (rc > 0)
		rc = pending_scan(&p, not_newer, s, e);
	pending_clear(&p);
	return rc;
}

typedef int load_fn(struct pending *p, const char *path, struct err *e);

static int load(struct state *s, load_fn *load_pending, struct err *e)
{
	int has_snapshot = snapshot_open(&s->snapshot, s->snapshot_path, e);
	int has_pending;

	if (has_snapshot < 0)
		return -1;
	has_pending = load_pending(&s->pending, s->pending_path, e);
	if (has_pending < 0)
		return -1;
	if (has_snapshot && has_pending && s->snapshot.seed != s->pending.seed)
		return mixed_up(s, e);
	if (has_snapshot && has_pending &&
	    !slice_eq(s->snapshot.columns, s->pending.columns) &&
	    drop_outlived(s, e) < 0)
		return -1;
	/* many look-ups are faster after everything is checked and indexed */
	if (!state_is_few(&s->snapshot, s->pending.n) &&
	    snapshot_whole(&s->snapshot, e) < 0)
		return -1;
	s->resumed = s->pending.n > s->pending.n_same;
	if (has_snapshot) {
		s->seed = s->snapshot.seed;
		s->columns = s->snapshot.columns;
		s->generation = s->snapshot.generation;
	} else if (has_pending) {
		s->seed = s->pending.seed;
		s->columns = s->pending.columns;
	} else {
		clock_random(&s->seed, sizeof(s->seed));
	}
	s->ids = s->pending.n > 0 ? s->pending.ids : s->seed;
	return 0;
}

int state_load(struct state *s, struct err *e)
{
	if (load(s, pending_read, e) < 0)
		return -1;
	return unacked_load(&s->unacked, &s->pending, &s->snapshot,
			    (s->memory + 3) / 4, temp_dir(s->dir), e);
}

int state_load_head(struct state *s, struct err *e)
{
	return load(s, pending_open, e);
}

int state_prepare(struct state *s, struct err *e)
{
	struct snapshot *x = &s->snapshot;
	bool ours = s->columns.p == x->columns.p;

	if (!s->pending.has_note[SNAPSHOT_KEEP])
		return 0;
	if (snapshot_update_merge(x, s->snapshot_path, e) < 0)
		return -1;
	if (ours)
		s->columns = x->columns;
	return 0;
}

int state_tidy(const struct state *s, struct err *e)
{
	return snapshot_update_tidy(s->dir, &s->snapshot_path, 1, e);
}

int state_next(const struct state *s, struct unacked_walk *w, struct intent *i,
	       struct err *e)
{
	int rc;

	while ((rc = unacked_next(&s->unacked, w, i, e)) > 0) {
		if (unacked_newest(&s->unacked, i))
			break;
	}
	return rc;
}

/* Whether the open intent would send the same event: an insert or update of the
 * same row, or a delete with the same values, under whatever --keep. Two
 * intents that park the key say the same only if their line is equal too: it
 * tells whether the key may have been sent last (parked.c).
 */
static bool is_again(const struct intent *i, const struct intent *open)
{
	bool deletes = i->action == PENDING_DELETE;

	if (!hash_eq(open->row, i->row) ||
	    (open->action == PENDING_DELETE) != deletes)
		return false;
	if (!deletes)
		return !hash_eq(i->row, (struct hash){0}) ||
		       i->line == open->line;
	return slice_eq(slice_of(open->kept, open->kept_n),
			slice_of(i->kept, i->kept_n));
}

const struct intent *state_version(struct intent *i, const struct intent *open,
				   uint64_t version)
{
	i->version = (uint32_t)version;
	if (!open)
		return NULL;
	if (is_again(i, open)) {
		i->version = open->version;
		i->action = open->action;
		return open;
	}
	if (open->version >= i->version)
		i->version = open->version + 1;
	return NULL;
}

int state_write_ahead(struct state *s, struct slice run, struct slice columns,
		      struct err *e)
{
	uint64_t salt;
	int rc;

	if (s->writing)
		return 0;
	if (s->resumed) {
		clock_random(&s->salt, sizeof(s->salt));
		rc = journal_resume(&s->journal, s->pending_path,
				    s->pending.valid, e);
		if (rc == 0)
			rc = pending_write_mark(&s->journal, e);
		/* the mark puts everything sent so far in doubt, so `sent` is
		 * not needed
		 */
		if (rc == 0)
			rc = sent_remove(s->dir, e);
	} else {
		clock_random(&salt, sizeof(salt));
		s->ids = s->seed ^ salt;
		rc = pending_write_start(&s->journal, s->pending_path, s->seed,
					 salt, run, columns, e);
		if (rc == 0)
			rc = sent_remove(s->dir, e);
	}
	s->writing = rc == 0;
	return rc;
}

void state_id(const struct state *s, struct buf *b)
{
	static const char what[] = "rudder state";
	unsigned char text[sizeof(what) + sizeof(s->seed)];
	unsigned char digest[EVP_MAX_MD_SIZE];

	memcpy(text, what, sizeof(what));
	memcpy(text + sizeof(what), &s->seed, sizeof(s->seed));
	EVP_Digest(text, sizeof(text), digest, NULL, EVP_sha256(), NULL);
	buf_hex(b, digest, STATE_ID / 2);
}
