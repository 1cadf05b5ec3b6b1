#include "diff/compare.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/temp.h"
#include "diff/pass/pass_run.h"
#include "diff/pass/sorted_files.h"
#include "diff/pass/sorted_rows.h"

/* A file is complete at its end, unless it announces an end line. */
static int open_rows(struct pass *r, const char *path, struct err *e)
{
	struct input_options o = r->asked.o->input;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	o.is_file = true;
	input_init(&r->arrived.in, fd, &o, r->leaving.out ? writer_wait : NULL,
		   r->leaving.out);
	return fd;
}

/* Takes the key from the begin line of a file, if the file can be read twice:
 * 1, 0 if it has no key.
 */
static int find_key(struct pass *r, const char *path, struct err *e)
{
	struct slice begin = {0};
	struct stat st;
	int fd, rc = 0;

	if (r->asked.key.n > 0 || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return r->asked.key.n > 0;
	fd = open_rows(r, path, e);
	if (fd < 0)
		return -1;
	if (input_next(&r->arrived.in, &(struct err){0}) > 0 &&
	    r->arrived.in.kind == INPUT_BEGIN)
		begin = control_member(r->arrived.in.controls, "key");
	if (begin.n > 0)
		rc = key_from_begin(&r->asked.key, begin, e) < 0 ? -1 : 1;
	input_clear(&r->arrived.in);
	close(fd);
	return rc < 0 ? err_in(e, "'%s'", path) : rc;
}

/* The key of the options, else that of the old file, else that of the new one.
 */
static int choose_key(struct pass *r, const char *old_path,
		      const char *new_path, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	int rc = asked->o->key ? key_init(&asked->key, asked->o->key, e)
			       : find_key(r, old_path, e);

	if (rc == 0 && !asked->o->key)
		rc = find_key(r, new_path, e);
	if (rc == 0 && !asked->o->key)
		rc = err_set(e, ERR_USAGE, "two files need a key: -k COLUMN");
	return rc < 0 ? -1 : key_identify(&asked->key, asked->o->identity, e);
}

static int build_old(struct pass *r, struct snapshot *s, const char *path,
		     struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct sorted_rows_options how = {
		.key = &asked->key,
		.columns = &asked->columns,
		.keep = &r->base.keep,
		.seed = asked->seed,
		.marks = asked->marks,
		.memory = asked->o->memory,
		.dir = temp_dir(NULL),
	};
	struct sorted_rows t = {0};
	int fd = open_rows(r, path, e), rc;

	if (fd < 0)
		return -1;
	rc = sorted_rows_read(&t, &r->arrived.in, &how, e);
	if (rc == 0)
		rc = sorted_rows_snapshot(&t, s, how.dir, e);
	if (rc < 0)
		err_in(e, "'%s'", path);
	input_clear(&r->arrived.in);
	asked->key.shape = asked->columns.shape = 0; /* of another scanner */
	close(fd);
	sorted_rows_clear(&t);
	return rc;
}

/* Runs the pass over the new file, after the old one was read. */
static int compare_new(struct pass *r, const char *path, int out, struct err *e)
{
	int fd, rc;

	if (pass_choose_id(&r->asked, &r->base, slice_str(""), e) < 0)
		return -1;
	pass_run_output(r, out);
	fd = open_rows(r, path, e);
	rc = fd < 0 ? -1 : pass_run_all(r, e);
	if (fd >= 0)
		close(fd);
	return rc;
}

int compare_files(const struct diff_options *o, const char *old_path,
		  const char *new_path, int out, struct err *e)
{
	struct snapshot old = {0};
	struct sorted_files sorted = {.fd = -1};
	struct pass r;
	int rc = pass_run_init(&r, o, e);

	if (rc == 0)
		rc = choose_key(&r, old_path, new_path, e);
	if (rc == 0 && o->identity && o->sorted)
		rc = err_names(
			e, ERR_USAGE,
			"options '--identity' and '--sorted' exclude each "
			"other: all identities must be known before a "
			"change is written");
	if (rc == 0)
		rc = pass_run_notes(&r, NULL, e);
	if (rc == 0 && o->sorted)
		rc = sorted_files_open(&sorted, o,
				       buf_all(&r.asked.key.columns), old_path,
				       new_path, e);
	else if (rc == 0)
		rc = build_old(&r, &old, old_path, e);
	r.arrived.sorted = o->sorted ? &sorted : NULL;
	r.base.old = &old;
	if (rc == 0)
		rc = compare_new(&r, new_path, out, e);
	pass_run_clear(&r);
	snapshot_clear(&old);
	sorted_files_close(&sorted);
	return rc;
}
