#include "sync/check_changes.h"

#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/opt.h"
#include "core/temp.h"
#include "sync/check_command.h"
#include "sync/check_people.h"
#include "sync/report/worst_status.h"
#include "wire/settings/doc.h"

enum { COLUMNS = 1024 };

/* A folder below the destination's state that is never a state: for a run
 * without earlier rows.
 */
#define NO_STATE "/.check"

/* Options to read one row, which shows the columns. */
static const char *const one[] = {"--limit", "1", NULL};

/* Reads the column names in the begin line in b. They belong to *d, which the
 * caller frees. Returns their number, 0 if there is no begin line with columns.
 */
static size_t columns_of(struct buf *b, struct doc **d,
			 const char *name[COLUMNS + 1])
{
	const char *from =
		strstr(buf_cstr(b), "{\"_rudder\":{\"type\":\"begin\"");
	const struct doc *c;
	size_t n = 0;
	struct err e;

	*d = NULL;
	if (from &&
	    doc_parse(d, slice_of(from, strcspn(from, "\n")), &e) == 0) {
		c = doc_get(doc_get(*d, "_rudder"), "columns");
		for (c = c ? c->first : NULL; c && n < COLUMNS; c = c->next) {
			const struct doc *m = doc_get(c, "name");

			if (m && m->text)
				name[n++] = m->text;
		}
	}
	name[n] = NULL;
	return n;
}

/* Appends "the model has no column 'x'; did you mean 'y'?" if that is the
 * reason. Returns whether it is.
 */
static bool explain(struct buf *b, const struct sync_file *f,
		    const struct sync_setting *cursor)
{
	const char *want = cursor->value.v[0], *name[COLUMNS + 1], *near;
	struct stages s = {0};
	struct doc *d;
	struct buf rows = {0};
	size_t n, i = 0;

	stages_of_rows(&s, f);
	stages_add(&s, one);
	(void)check_command(f, &s, &rows);
	n = columns_of(&rows, &d, name);
	while (i < n && strcmp(name[i], want) != 0)
		i++;
	if (i == n && n > 0) {
		near = opt_nearest(want, name);
		buf_fmt(b, "line %u: the model has no column '%s'%s%s%s",
			cursor->line, want, near ? "; did you mean '" : "",
			near ? near : "", near ? "'?" : "");
	}
	doc_free(d);
	stages_clear(&s);
	buf_clear(&rows);
	return b->n > 0;
}

/* Checks that the query of a run works with the cursor or base of a state. */
static void check_since(struct check_steps *steps, const struct sync_file *f,
			const char *option)
{
	static const char *const check[] = {"--check", NULL};
	const struct sync_setting *x =
		sync_file_setting(f, NULL, SYNC_QUERY, option);
	bool cursor = strcmp(option, "cursor") == 0;
	struct stages s = {0};
	struct buf b = {0}, why = {0};
	int status;

	if (!x)
		return;
	stages_of_cursor(&s, f, 0);
	stages_add(&s, check);
	status = check_command(f, &s, &b);
	if (status == 0)
		check_steps_ok(steps, option,
			       cursor ? x->value.v[0]
				      : "the database finds the changes");
	else
		check_steps_failed(steps, option, worst_status_kind(status),
				   cursor && explain(&why, f, x)
					   ? buf_cstr(&why)
					   : check_command_message(&b));
	stages_clear(&s);
	buf_clear(&b);
	buf_clear(&why);
}

/* Checks the statement of if_changed by running it as a model. */
static void check_if_changed(struct check_steps *steps,
			     const struct sync_file *f)
{
	const struct sync_setting *sql =
		sync_file_setting(f, NULL, SYNC_QUERY, "if-changed");
	const char *const words[] = {"--limit", "1", "--sql",
				     sql ? sql->value.v[0] : "", NULL};
	struct sync_file plain = *f;
	struct stages s = {0};
	struct buf b = {0};
	int status;

	if (!sql || sync_file_setting(f, NULL, SYNC_QUERY, "param"))
		return;
	plain.model_kind = SYNC_MODEL_SOURCE;
	stages_of_rows(&s, &plain);
	stages_add(&s, words);
	status = check_command(f, &s, &b);
	if (status == 0)
		check_steps_ok(steps, "if_changed", "");
	else
		check_steps_failed(steps, "if_changed",
				   worst_status_kind(status),
				   check_command_message(&b));
	stages_clear(&s);
	buf_clear(&b);
}

void check_changes_cursor(struct check_steps *steps, const struct sync_file *f)
{
	check_since(steps, f, "cursor");
	check_since(steps, f, "delta");
	check_if_changed(steps, f);
}

/* Checks the options of rudder-diff --commit, with a path that cannot be a
 * state.
 */
static bool check_commit(struct buf *why, const struct sync_file *f,
			 const struct sync_destination *t, enum err_kind *kind)
{
	struct sync_destination none = *t;
	char nowhere[] = "/dev/null/none";
	struct stages s = {0};
	struct buf b = {0};
	int status;

	none.state = nowhere;
	stages_commit(&s, f, &none);
	status = check_command(f, &s, &b);
	if (worst_status_kind(status) == ERR_USAGE) {
		*kind = ERR_USAGE;
		buf_str(why, check_command_message(&b));
	}
	stages_clear(&s);
	buf_clear(&b);
	return why->n == 0;
}

/* Copies the begin line in rows, marked as that of a run with a state. */
static void take_begin(struct buf *begin, struct buf *rows)
{
	static const char type[] = "{\"_rudder\":{\"type\":\"begin\",";
	const char *from = strstr(buf_cstr(rows), type);

	if (!from || !strstr(from, "\"columns\":[{"))
		return;
	buf_fmt(begin, "%s\"state\":\"check\",", type);
	from += strlen(type);
	buf_add(begin, from, strcspn(from, "\n"));
	buf_char(begin, '\n');
}

/* Whether a column of the key is missing. rudder-diff does not notice if there
 * are no rows.
 */
static bool key_is_missing(struct buf *why, struct buf *rows,
			   const struct sync_setting *key)
{
	const char *name[COLUMNS + 1], *near;
	struct doc *d;
	size_t n = columns_of(rows, &d, name), i = 0;
	const char *want = key ? key->value.v[0] : "";

	while (i < n && strcmp(name[i], want) != 0)
		i++;
	if (n > 0 && i == n && *want && !strpbrk(want, ",\"")) {
		near = opt_nearest(want, name);
		buf_fmt(why, "line %u: the rows have no key column '%s'%s%s%s",
			key->line, want, near ? "; did you mean '" : "",
			near ? near : "", near ? "'?" : "");
	}
	doc_free(d);
	return why->n > 0;
}

/* A temporary file with the text, at its start; or -1. */
static int file_with(struct slice text)
{
	const char *dir = temp_dir(NULL);
	struct err ignored;
	int fd = temp_file(dir, &ignored);

	if (fd >= 0 && (temp_write(fd, text.p, text.n, 0, dir, &ignored) < 0 ||
			lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Whether there is a readable state. If it is not readable, the step "state"
 * says so.
 */
static bool has_state(const struct sync_file *f, const char *state)
{
	const char *const words[] = {"rudder-diff", "--status", "--state",
				     state, NULL};
	struct stages s = {0};
	struct buf b = {0};
	int status;

	stages_command(&s, SYNC_DIFF, words);
	status = check_command(f, &s, &b);
	stages_clear(&s);
	buf_clear(&b);
	return status == 0;
}

/* Checks the begin line against the state, which may have a different key or
 * mapping and needs no rows for that. Returns false if a run would fail.
 */
static bool check_known(const struct check_steps *steps, struct buf *why,
			const struct sync_file *f,
			const struct sync_destination *t, struct buf *begin,
			enum err_kind *kind)
{
	static const char first[] = "{\"_rudder\":{\"type\":\"begin\"";
	static const char *const accept[] = {"--accept-connection", NULL};
	struct stages rows = {0}, s = {0};
	struct buf b = {0};
	const char *from;
	int fd, status;

	if (!has_state(f, t->state))
		return true;
	stages_of_rows(&rows, f);
	stages_partition(&rows, f, (size_t)(t - f->destination));
	stages_add(&rows, one);
	(void)check_command(f, &rows, &b);
	from = strstr(buf_cstr(&b), first);
	fd = from ? file_with(slice_of(from, strcspn(from, "\n") + 1)) : -1;
	stages_clear(&rows);
	if (fd >= 0) {
		stages_diff(&s, f, t);
		if (steps->accept_connection)
			stages_add(&s, accept);
		status = check_command_of(f, &s, fd, &b);
		*kind = worst_status_kind(status);
		if (*kind == ERR_USAGE || *kind == ERR_CONFIG)
			buf_str(why, check_command_message(&b));
		else if (strstr(buf_cstr(&b), first))
			begin->n = 0;
		take_begin(begin, &b);
		stages_clear(&s);
		close(fd);
	}
	buf_clear(&b);
	return why->n == 0;
}

bool check_changes(struct check_steps *steps, const struct sync_file *f,
		   size_t destination, const char *step, struct buf *begin)
{
	const struct sync_destination *t = &f->destination[destination];
	const struct sync_setting *key =
		sync_file_setting(f, t, SYNC_DIFF, "key");
	struct buf state = {0}, b = {0}, why = {0};
	struct sync_destination none = *t;
	struct stages s = {0};
	enum err_kind kind;
	int status;

	buf_fmt(&state, "%s%s", t->state, NO_STATE);
	none.state = buf_cstr(&state);
	stages_of_rows(&s, f);
	stages_add(&s, one);
	stages_diff(&s, f, &none);
	status = check_command(f, &s, &b);
	kind = worst_status_kind(status);
	take_begin(begin, &b);
	if (key_is_missing(&why, &b, key))
		check_steps_failed(steps, step, ERR_CONFIG, buf_cstr(&why));
	else if (kind == ERR_USAGE || kind == ERR_CONFIG)
		check_steps_failed(steps, step, kind,
				   check_command_message(&b));
	else if (!check_known(steps, &why, f, t, begin, &kind) ||
		 !check_commit(&why, f, t, &kind))
		check_steps_failed(steps, step, kind, buf_cstr(&why));
	else
		check_steps_ok(steps, step, "columns and options fit");
	stages_clear(&s);
	buf_clear(&state);
	buf_clear(&b);
	status = why.n == 0 && kind != ERR_USAGE && kind != ERR_CONFIG;
	buf_clear(&why);
	return status;
}

/* Warns of old users that a mapping would leave in the destination. */
static void check_people(struct check_steps *steps, const struct sync_file *f,
			 size_t destination, const char *step,
			 struct slice begin)
{
	int fd = file_with(begin);
	struct stages s = {0};
	struct buf b = {0}, why = {0};

	stages_map(&s, f, destination);
	if (fd >= 0)
		(void)check_command_of(f, &s, fd, &b);
	if (check_people_stay(&why, begin, buf_all(&b)))
		check_steps_warn(steps, step, buf_cstr(&why));
	if (fd >= 0)
		close(fd);
	stages_clear(&s);
	buf_clear(&b);
	buf_clear(&why);
}

bool check_changes_mapping(struct check_steps *steps, const struct sync_file *f,
			   size_t destination, const char *step,
			   struct slice begin)
{
	static const char *const check[] = {"--check", "--any-counts", NULL};
	struct stages s = {0};
	struct buf b = {0};
	int fd = begin.n > 0 ? file_with(begin) : -1, status;

	if (fd < 0) {
		stages_of_rows(&s, f);
		stages_add(&s, one);
	}
	stages_map(&s, f, destination);
	stages_add(&s, check);
	status = check_command_of(f, &s, fd, &b);
	if (status == 0)
		check_steps_ok(steps, step, "fits the columns");
	else
		check_steps_failed(steps, step, worst_status_kind(status),
				   check_command_message(&b));
	if (fd >= 0)
		close(fd);
	if (status == 0 && begin.n > 0)
		check_people(steps, f, destination, step, begin);
	stages_clear(&s);
	buf_clear(&b);
	return status == 0;
}

bool check_changes_destination(struct buf *why, const struct sync_file *f,
			       size_t destination, struct slice begin)
{
	static const char *const compare[] = {"--dry-run", "--compare",
					      "--quiet", NULL};
	int fd = begin.n > 0 ? file_with(begin) : -1, status;
	struct stages s = {0};
	struct buf b = {0};

	if (fd < 0)
		return true;
	stages_map(&s, f, destination);
	stages_of_send(&s, f, destination);
	stages_add(&s, compare);
	status = check_command_of(f, &s, fd, &b);
	if (worst_status_kind(status) == ERR_CONFIG)
		buf_str(why, check_command_message(&b));
	close(fd);
	stages_clear(&s);
	buf_clear(&b);
	return why->n == 0;
}
