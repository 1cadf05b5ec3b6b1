#include "diff/diff.h"

#include <errno.h>
#include <unistd.h>

#include "core/tool.h"
#include "diff/keys/key_words.h"
#include "diff/pass/pass_run.h"
#include "diff/reach.h"
#include "diff/state/apply.h"
#include "diff/state/cursor_file.h"
#include "diff/state/hold.h"
#include "diff/state/runs.h"
#include "diff/state/state_connection.h"

/* Takes the mode from the begin line, unless an option sets it: the source may
 * know how its model is synced.
 */
static int take_mode(struct pass_asked *asked, struct pass_arrived *arrived,
		     struct err *e)
{
	struct buf mode = {0};
	int rc = 0;

	input_text(&arrived->in, "mode", &mode);
	if (mode.n > 0 && !asked->o->mode) {
		if (!pass_mode_read(buf_cstr(&mode), &asked->mode))
			rc = err_names(
				e, ERR_DATA,
				"unknown mode '%s' in the begin line: use "
				"--mode",
				buf_cstr(&mode));
		asked->every_row = asked->o->full || asked->mode == PASS_FULL;
		tool_info("mode %s, set by the source", buf_cstr(&mode));
	}
	buf_clear(&mode);
	return rc;
}

/* Warns if the source has a different key than the state. */
static void compare_key(const struct state *s, struct slice key)
{
	struct buf identified = {0}, here = {0}, known = {0};

	buf_fmt(&identified, "{\"key\":%.*s,", SLICE_FMT(key));
	if (!slice_eq(s->columns, key) &&
	    !slice_starts(s->columns, buf_cstr(&identified))) {
		key_words_of(key, &here);
		key_words_of(s->columns, &known);
		tool_warn("the source has %s and the state '%s' has %s; the "
			  "key of the state is used",
			  buf_cstr(&here), s->dir, buf_cstr(&known));
	}
	buf_clear(&identified);
	buf_clear(&here);
	buf_clear(&known);
}

/* Reads the begin line if it may have what no option sets; *key is its key, or
 * empty.
 */
static int read_begin(struct pass_asked *asked, struct pass_arrived *arrived,
		      const struct state *s, struct slice *key, struct err *e)
{
	int rc;

	*key = slice_of(NULL, 0);
	if (asked->o->mode && asked->o->key)
		return 0;
	rc = input_next(&arrived->in, e);
	if (rc < 0)
		return -1;
	arrived->ahead = rc > 0 ? PASS_LINE : PASS_END;
	if (rc == 0 || arrived->in.kind != INPUT_BEGIN)
		return 0;
	*key = control_member(arrived->in.controls, "key");
	if (key->n > 0 && !asked->o->key && s->columns.n > 0)
		compare_key(s, *key);
	return take_mode(asked, arrived, e);
}

/* Checks for a typing error in -k first, because a new state would not help
 * then. Reads up to the first row.
 */
static int typo_in_key(const struct pass_asked *asked,
		       struct pass_arrived *arrived, struct err *e)
{
	struct err ignored;
	bool at_row =
		arrived->ahead == PASS_LINE && arrived->in.kind == INPUT_DATA;
	int rc = arrived->ahead == PASS_END ? 0 : 1;

	while (rc > 0 && !at_row) {
		rc = input_next(&arrived->in, &ignored);
		at_row = rc > 0 && arrived->in.kind == INPUT_DATA;
	}
	return rc > 0 ? key_require(&asked->key, &arrived->in, e) : 0;
}

static int other_key(const struct pass_asked *asked,
		     struct pass_arrived *arrived, const struct state *s,
		     struct err *e)
{
	const char *advice =
		access(s->snapshot_path, F_OK) == 0
			? "every row would be deleted and inserted; use a new "
			  "state, or record the rows under the new key with "
			  "rudder-diff --rebase"
			: "no receipt has come to this state yet: if nothing "
			  "was sent, remove the folder and run again";

	struct buf known = {0}, here = {0};

	if (typo_in_key(asked, arrived, e) < 0)
		return -1;
	key_words_of(s->columns, &known);
	key_words(&asked->key, &here);
	err_names(e, ERR_CONFIG, "the state '%s' has %s, and this run %s: %s",
		  s->dir, buf_cstr(&known), buf_cstr(&here), advice);
	buf_clear(&known);
	buf_clear(&here);
	return -1;
}

/* Chooses the key columns: those of -k, which must be those of the state; or
 * those of the state, or of the begin line.
 */
static int agree_on_key(struct pass_asked *asked, struct pass_arrived *arrived,
			const struct state *s, struct slice begin,
			struct err *e)
{
	if (!asked->o->key && s->columns.n == 0 && begin.n == 0)
		return arrived->in.kind == INPUT_ABORT &&
				       arrived->ahead == PASS_LINE
			       ? input_complete(&arrived->in, e)
			       : err_set(e, ERR_USAGE,
					 "a new state needs its key: -k "
					 "COLUMN");
	if (!asked->o->key && s->columns.n > 0 && asked->o->identity)
		return err_names(
			e, ERR_USAGE,
			"option '--identity' needs the key: -k COLUMN");
	if (!asked->o->key && s->columns.n > 0)
		return key_from_json(&asked->key, s->columns, e);
	if (!asked->o->key && key_from_begin(&asked->key, begin, e) < 0)
		return -1;
	if ((asked->o->key && key_init(&asked->key, asked->o->key, e) < 0) ||
	    key_identify(&asked->key, asked->o->identity, e) < 0)
		return -1;
	if (s->columns.n > 0 &&
	    !slice_eq(buf_all(&asked->key.columns), s->columns))
		return other_key(asked, arrived, s, e);
	return 0;
}

/* Whether this is a dry run before the first run: there is no state, and none
 * is created.
 */
static bool is_first_look(const struct diff_options *o)
{
	return o->dry_run && access(o->state, F_OK) < 0 && errno == ENOENT;
}

/* Reports a changed mode, once: the commit records the new one. */
static void say_mode(const struct pass_asked *asked,
		     const struct pass_base *base)
{
	const char *now = pass_mode_word(asked->mode);
	struct buf was = {0};

	state_connection_mode(base->old->note[SNAPSHOT_CONNECTION], &was);
	if (was.n > 0 && !slice_is(buf_all(&was), now))
		tool_warn("the mode is %s; it was %s at the last delivery", now,
			  buf_cstr(&was));
	buf_clear(&was);
}

/* Marks a plan before its first change leaves. Removes the mark of an earlier
 * plan, of which nothing is pending.
 */
static int mark_plan(const struct diff_options *o, const struct state *s,
		     struct err *e)
{
	return o->hold ? hold_place(s->dir, e) : hold_lift(s->dir, e);
}

/* Removes the mark of a plan without any change. */
static int unmark_empty_plan(const struct diff_options *o,
			     const struct state *s, struct err *e)
{
	if (!o->hold || !s->dir || s->writing || s->resumed)
		return 0;
	return hold_lift(s->dir, e);
}

static int load(struct pass *r, struct state *s, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_base *base = &r->base;
	struct slice key;

	s->memory = asked->o->memory;
	if (runs_check_snapshot(s, e) < 0)
		return -1;
	if (!asked->o->dry_run) {
		if (state_lock_run(s, asked->o->lock_wait_ms, e) < 0 ||
		    apply_left(s, e) < 0)
			return -1;
		base->state = s;
	}
	if (!is_first_look(asked->o) && state_load(s, e) < 0)
		return -1;
	if (base->state) {
		runs_add_missing(s);
		if (mark_plan(asked->o, s, e) < 0)
			return -1;
	}
	if (base->state && cursor_file_check(s, e) < 0)
		return -1;
	base->known = s;
	base->old = &s->snapshot;
	asked->seed = s->seed;
	if (pass_choose_id(asked, base, slice_str(""), e) < 0)
		return -1;
	if (base->state)
		state_name_run(s, asked->id);
	if (read_begin(asked, &r->arrived, s, &key, e) < 0 ||
	    agree_on_key(asked, &r->arrived, s, key, e) < 0)
		return -1;
	say_mode(asked, base);
	return pass_run_notes(r, s->snapshot.note, e);
}

int diff_run(const struct diff_options *o, int in, int out, struct err *e)
{
	struct state s = {.dir_fd = -1, .lock_fd = -1};
	struct err ignored;
	struct pass r;
	int rc = pass_run_init(&r, o, e);

	if (rc == 0 && !is_first_look(o))
		rc = state_open(&s, o->state, !o->dry_run, e);
	if (rc == 0 && o->confine)
		reach_state(&(struct reach){.state = s.dir,
					    .state_fd = s.dir_fd,
					    .stats = o->stats,
					    .end_from = o->end_from});
	if (rc == 0) {
		pass_run_output(&r, out);
		input_init(&r.arrived.in, in, &o->input, writer_wait,
			   r.leaving.out);
		rc = load(&r, &s, e);
	}
	if (rc == 0)
		rc = pass_run_all(&r, e);
	if (rc < 0 && r.base.state && !r.leaving.begun)
		state_forget_token(&s);
	if (r.base.state && unmark_empty_plan(o, &s, &ignored) < 0)
		tool_warn("%s", ignored.text);
	pass_run_clear(&r);
	state_close(&s);
	return rc;
}
