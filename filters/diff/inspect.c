#include "diff/inspect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/folder.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/pass/resend.h"
#include "diff/show_runs.h"
#include "diff/state/absent_runs.h"
#include "diff/state/apply.h"
#include "diff/state/base_file.h"
#include "diff/state/cursor_file.h"
#include "diff/state/erase.h"
#include "diff/state/history.h"
#include "diff/state/hold.h"
#include "diff/state/kept_values.h"
#include "diff/state/part_pin.h"
#include "diff/state/pending_write.h"
#include "diff/state/receipt_log.h"
#include "diff/state/receipts_file.h"
#include "diff/state/runs.h"
#include "diff/state/sample.h"
#include "diff/state/started.h"
#include "diff/state/state_connection.h"
#include "wire/json/json.h"

enum { OUTPUT = 256 * 1024 };

struct inspection {
	struct state s;
	struct key key;
	struct writer *out;
};

static int start(struct inspection *x, const char *dir, int out, struct err *e)
{
	*x = (struct inspection){.out = writer_new(out, OUTPUT)};
	if (state_open(&x->s, dir, false, e) < 0 ||
	    runs_check_snapshot(&x->s, e) < 0 || state_load(&x->s, e) < 0)
		return -1;
	return x->s.columns.n > 0 ? key_from_json(&x->key, x->s.columns, e) : 0;
}

static int finish(struct inspection *x, int rc, struct err *e)
{
	if (rc == 0)
		rc = writer_close(x->out, e);
	writer_free(x->out);
	key_clear(&x->key);
	state_close(&x->s);
	return rc;
}

static void add_time(struct buf *b, const char *name, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	buf_fmt(b, ",\"%s\":\"", name);
	clock_stamp(b, (uint64_t)st.st_mtim.tv_sec * 1000);
	buf_char(b, '"');
}

static void add_hold(struct buf *b, const char *dir)
{
	uint64_t expires = hold_expires(dir);
	char *path;

	if (!hold_is(dir))
		return;
	path = folder_file(dir, "hold");
	add_time(b, "hold_since", path);
	free(path);
	if (expires == 0)
		return;
	buf_str(b, ",\"hold_expires\":\"");
	clock_stamp(b, expires);
	buf_char(b, '"');
}

/* The generations that --between can name. */
static void add_history(struct buf *b, const struct state *s)
{
	struct history h;
	struct err why;

	if (!history_exists(s))
		return;
	if (history_list(&h, s, false, &why) < 0) {
		tool_warn("%s", why.text);
	} else {
		buf_str(b, ",\"history\":[");
		for (size_t i = 0; i < h.n; i++)
			buf_fmt(b,
				"%s{\"generation\":%ju,\"committed\":\"%s\"}",
				i > 0 ? "," : "",
				(uintmax_t)h.entry[i].generation,
				h.entry[i].stamp);
		buf_char(b, ']');
	}
	history_clear(&h);
}

static void add_note(struct buf *b, const char *name, struct slice note)
{
	if (note.n == 0)
		return;
	buf_fmt(b, ",\"%s\":", name);
	json_string(b, note);
}

/* Adds the connection, and how many rows must be resent. */
static void add_connection(struct buf *b, const struct state *state)
{
	const struct snapshot *s = &state->snapshot;

	if (s->note[SNAPSHOT_CONNECTION].n > 0) {
		buf_str(b, ",\"connection\":");
		buf_slice(b, s->note[SNAPSHOT_CONNECTION]);
	}
	if (s->note[SNAPSHOT_RESEND].n > 0 &&
	    !state_connection_only_inserts(s->note[SNAPSHOT_CONNECTION]))
		buf_fmt(b, ",\"resend\":%zu", s->n);
	if (resend_owed(state) > 0)
		buf_str(b, ",\"full_owed\":true");
}

int inspect_status(const char *dir, uint64_t max_age_ms, int out, struct err *e)
{
	struct err old = {.kind = ERR_NONE};
	struct inspection x;
	int rc = start(&x, dir, out, e);

	if (rc == 0)
		rc = snapshot_sound(&x.s.snapshot, e);
	if (rc == 0) {
		const struct slice *note = x.s.snapshot.note;
		uint64_t postponed;
		struct buf *b = writer_buf(x.out);

		buf_str(b, "{\"state\":");
		json_string(b, slice_str(x.s.dir));
		buf_fmt(b, ",\"keys\":%zu,\"pending\":%zu,\"generation\":%ju",
			x.s.snapshot.n, x.s.unacked.n,
			(uintmax_t)x.s.generation);
		if (x.s.columns.n > 0) {
			buf_char(b, ',');
			key_show(&x.key, b);
		}
		add_history(b, &x.s);
		add_note(b, "keep", note[SNAPSHOT_KEEP]);
		add_note(b, "tag", note[SNAPSHOT_TAG]);
		add_note(b, "model", note[SNAPSHOT_MODEL]);
		add_connection(b, &x.s);
		cursor_file_show(&x.s, b);
		base_file_show(&x.s, b);
		part_pin_show(&x.s, b);
		started_show(&x.s, b);
		if (note[SNAPSHOT_POSTPONED].n == sizeof(postponed)) {
			memcpy(&postponed, note[SNAPSHOT_POSTPONED].p,
			       sizeof(postponed));
			buf_fmt(b, ",\"postponed\":%ju", (uintmax_t)postponed);
		}
		if (note[SNAPSHOT_MISSED].n > 0)
			buf_fmt(b, ",\"missed\":%zu",
				absent_runs_n(note[SNAPSHOT_MISSED]));
		buf_fmt(b, ",\"receipts_left\":%s",
			apply_due(&x.s) ? "true" : "false");
		add_time(b, "committed", x.s.snapshot_path);
		add_time(b, "pending_since", x.s.pending_path);
		add_hold(b, x.s.dir);
		rc = show_runs_status(&x.s, b, max_age_ms, &old, e);
		buf_char(b, '}');
		if (rc == 0)
			rc = writer_line(x.out, e);
	}
	rc = finish(&x, rc, e);
	if (rc == 0 && old.kind != ERR_NONE) {
		*e = old;
		rc = -1;
	}
	return rc;
}

static int dump_line(struct inspection *x, const char *kind,
		     const struct intent *i, struct err *e)
{
	struct slice kept = kept_values_object(slice_of(i->kept, i->kept_n));
	struct buf *b = writer_buf(x->out);

	buf_fmt(b, "{\"kind\":\"%s\",\"id\":", kind);
	key_id(&x->key, b, slice_of(i->text, i->text_n));
	buf_fmt(b, ",\"version\":%u,\"row\":\"%016jx\"", i->version,
		(uintmax_t)pending_mark_of(i).content);
	if (kept.n > 0) {
		buf_str(b, ",\"kept\":");
		buf_slice(b, kept);
	}
	buf_char(b, '}');
	return writer_line(x->out, e);
}

static int dump_all(struct inspection *x, struct err *e)
{
	const struct snapshot *s = &x->s.snapshot;
	struct unacked_walk w;
	struct intent t;
	int rc;

	if (snapshot_whole(&x->s.snapshot, e) < 0)
		return -1;

	for (size_t i = snapshot_live(s, 0); i < s->places;
	     i = snapshot_live(s, i + 1)) {
		struct slice text = snapshot_text(s, i);
		struct slice kept = snapshot_kept(s, i);
		const struct intent known = {
			.row = {.hi = snapshot_mark(s, i).content},
			.text = text.p,
			.kept = kept.p,
			.text_n = (uint32_t)text.n,
			.kept_n = (uint32_t)kept.n,
			.version = snapshot_version(s, i),
		};

		if (dump_line(x, "delivered", &known, e) < 0)
			return -1;
	}
	state_walk(&x->s, &w);
	while ((rc = state_next(&x->s, &w, &t, e)) > 0) {
		if (dump_line(x, pending_word(t.action), &t, e) < 0)
			return -1;
	}
	return rc;
}

/* The mapping of the state and whether a resend is due, as if the receipts of a
 * killed commit were applied: 0, or -1 with ERR_CONFIG.
 */
static int find_mapping(const struct state *s, struct buf *connection,
			bool *resend, struct err *e)
{
	struct slice noted = s->snapshot.note[SNAPSHOT_CONNECTION];
	struct state_connection left = {0};
	struct err ignored;

	*resend = s->snapshot.note[SNAPSHOT_RESEND].n > 0;
	if (receipts_file_connection(s, connection, e) < 0)
		return -1;
	state_connection_take(&left, buf_all(connection));
	if (left.mapping.n == 0 || strcmp(left.how, "none") == 0) {
		connection->n = 0;
		buf_slice(connection, noted);
	} else if (state_connection_changes(noted, buf_all(&left.mapping),
					    &ignored) > 0) {
		*resend = true;
	}
	state_connection_clear(&left);
	return 0;
}

static int show_mapping(struct inspection *x, const char *record, bool there,
			struct err *e)
{
	struct buf connection = {0};
	bool resend = false;
	int rc = there ? find_mapping(&x->s, &connection, &resend, e) : 0;

	if (rc == 0)
		rc = state_connection_changes(buf_all(&connection),
					      slice_str(record), e);
	buf_clear(&connection);
	if (rc < 0)
		return -1;
	buf_fmt(writer_buf(x->out),
		"{\"changed\":%s,\"resend\":%s,\"rows\":%zu}",
		rc > 0 ? "true" : "false", resend ? "true" : "false",
		there ? x->s.snapshot.n : 0);
	return writer_line(x->out, e);
}

int inspect_mapping(const char *dir, const char *record, int out, struct err *e)
{
	struct inspection x = {.out = writer_new(out, OUTPUT)};
	int rc = state_open(&x.s, dir, false, e);
	bool there = rc == 0;

	if (rc < 0 && e->kind == ERR_INPUT)
		rc = 0;
	if (rc == 0 && there)
		rc = state_load_head(&x.s, e);
	if (rc == 0)
		rc = show_mapping(&x, record, there, e);
	return finish(&x, rc, e);
}

int inspect_dump(const char *dir, int out, struct err *e)
{
	struct inspection x;
	int rc = start(&x, dir, out, e);

	if (rc == 0)
		rc = dump_all(&x, e);
	return finish(&x, rc, e);
}

/* ---- forgetting -------------------------------------------------------- */

/* Writes the intents of other keys into a new file, if there are any or a
 * resend is owed; *left is their number.
 */
static int write_others(const struct state *s, const struct key *k,
			const char *id, size_t *left, struct err *e)
{
	struct pending_walk w;
	struct pending_new new;
	struct intent i;
	int rc = pending_write_begin(&new, &s->pending, s->pending_path, e);

	*left = 0;
	pending_walk(&s->pending, &w);
	while (rc >= 0 && (rc = pending_next(&w, &i, e)) > 0) {
		if (erase_has_id(k, slice_of(i.text, i.text_n), id))
			continue;
		++*left;
		rc = pending_write_keep(&new, &i, e);
	}
	if (rc == 0 && (*left > 0 || s->pending.owed > 0))
		rc = pending_write_done(&new, e);
	pending_write_drop(&new);
	return rc;
}

/* Whether the key has pending changes; *above is set above their versions: 1,
 * 0, -1.
 */
static int find_pending(const struct state *s, const struct key *k,
			const char *id, uint64_t *above, struct err *e)
{
	struct pending_walk w;
	struct intent i;
	int rc, any = 0;

	pending_walk(&s->pending, &w);
	while ((rc = pending_next(&w, &i, e)) > 0) {
		if (!erase_has_id(k, slice_of(i.text, i.text_n), id))
			continue;
		any = 1;
		if (i.version >= *above)
			*above = (uint64_t)i.version + 1;
	}
	return rc < 0 ? -1 : any;
}

static int forget_pending(const struct state *s, const struct key *k,
			  const char *id, struct err *e)
{
	size_t left;

	if (write_others(s, k, id, &left, e) < 0)
		return -1;
	if (left > 0 || s->pending.owed > 0)
		return 0;
	(void)unlinkat(s->dir_fd, "pending.new", 0);
	return file_remove(s->pending_path, e);
}

/* Removes files whose names end in .tmp, from the state or a folder in it. */
static int remove_temporary(const struct state *s, const char *folder,
			    struct err *e)
{
	int fd = openat(s->dir_fd, folder,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const char *in = strcmp(folder, ".") == 0 ? "" : folder;
	const struct dirent *entry;
	int rc = 0;

	if (!d) {
		rc = errno == ENOENT
			     ? 0
			     : err_sys(e, ERR_IO, "cannot read '%s%s%s'",
				       s->dir, *in ? "/" : "", in);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while (rc == 0 && (entry = readdir(d))) {
		const char *end = strrchr(entry->d_name, '.');

		if (end && strcmp(end, ".tmp") == 0 &&
		    unlinkat(fd, entry->d_name, 0) < 0 && errno != EISDIR)
			rc = err_sys(e, ERR_IO, "cannot remove '%s%s%s/%s'",
				     s->dir, *in ? "/" : "", in, entry->d_name);
	}
	closedir(d);
	return rc;
}

/* Removes files of processes that were killed while writing them. */
static int remove_left(const struct state *s, struct err *e)
{
	(void)unlinkat(s->dir_fd, "pending.new", 0);
	if (remove_temporary(s, ".", e) < 0 ||
	    remove_temporary(s, "history", e) < 0 ||
	    remove_temporary(s, "log", e) < 0)
		return -1;
	return state_tidy(s, e);
}

static int forget(struct state *s, const struct key *k, const char *id,
		  struct err *e)
{
	/* Versions continue above those of changes that may have been
	 * delivered: otherwise a change id would be used twice when the key
	 * reappears.
	 */
	uint64_t above = s->generation + 1;
	int waits = find_pending(s, k, id, &above, e);
	bool found = waits > 0;

	if (waits < 0 || remove_left(s, e) < 0)
		return -1;
	s->snapshot.seed = s->seed;
	s->snapshot.columns = s->columns;
	if (history_forget(s, id, &found, e) < 0 ||
	    erase_key(&s->snapshot, id, above, s->snapshot_path, waits > 0,
		      &found, e) < 0 ||
	    state_tidy(s, e) < 0)
		return -1;
	if (failing_forget(s, k, id, &found, e) < 0 ||
	    receipt_log_forget(s, k, id, &found, e) < 0)
		return -1;
	/* the notes of the last run may contain the key, so they are dropped */
	if ((waits > 0 || (found && s->pending.attempt.n > 0)) &&
	    forget_pending(s, k, id, e) < 0)
		return -1;
	if (!found)
		return err_set(e, ERR_INPUT, "the state '%s' has no such key",
			       s->dir);
	return 0;
}

int inspect_forget(const char *dir, const char *id, uint64_t memory,
		   uint64_t wait_ms, struct err *e)
{
	struct state s;
	struct key key = {0};
	int rc = state_open(&s, dir, false, e);

	s.memory = memory;
	s.use = "forget";
	if (rc == 0)
		rc = state_lock_run(&s, wait_ms, e);
	if (rc == 0)
		rc = runs_check_snapshot(&s, e);
	if (rc == 0)
		rc = apply_left(&s, e);
	if (rc == 0)
		rc = state_load(&s, e);
	if (rc == 0) {
		runs_add_missing(&s);
		rc = hold_lift(s.dir, e); /* its plan is void */
	}
	if (rc == 0)
		rc = base_file_void(&s, e);
	if (rc == 0 && s.columns.n > 0)
		rc = key_from_json(&key, s.columns, e);
	if (rc == 0)
		rc = forget(&s, &key, id, e);
	key_clear(&key);
	state_close(&s);
	return rc;
}
