#include "diff/compare.h"

#include <fcntl.h>
#include <unistd.h>

#include "diff/pass/run.h"
#include "diff/pass/sorted.h"
#include "diff/pass/table.h"

/* A file is complete by itself, unless it says that it has an end line. */
static int open_rows(struct run *r, const char *path, struct err *e)
{
	struct input_options o = r->o->input;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	o.is_file = true;
	input_init(&r->in, fd, &o, r->out ? writer_wait : NULL, r->out);
	return fd;
}

static int build_old(struct run *r, struct snapshot *s, const char *path,
		     struct err *e)
{
	struct table_options how = {
		.key = &r->key,
		.columns = &r->columns,
		.keep = &r->keep,
		.seed = r->seed,
		.marks = r->marks,
		.memory = r->o->memory,
		.dir = spool_dir(NULL),
	};
	struct table t = {0};
	int fd = open_rows(r, path, e), rc;

	if (fd < 0)
		return -1;
	rc = table_read(&t, &r->in, &how, e);
	if (rc == 0)
		rc = table_snapshot(&t, s, how.dir, e);
	if (rc < 0)
		err_in(e, "'%s'", path);
	input_clear(&r->in);
	r->key.shape = r->columns.shape = 0; /* of another scanner */
	close(fd);
	table_clear(&t);
	return rc;
}

/* The new file through the run, once the old one is known. */
static int compare_new(struct run *r, const char *path, int out, struct err *e)
{
	int fd, rc;

	if (run_choose_id(r, slice_str(""), e) < 0)
		return -1;
	run_output(r, out);
	fd = open_rows(r, path, e);
	rc = fd < 0 ? -1 : run_all(r, e);
	if (fd >= 0)
		close(fd);
	return rc;
}

int compare_files(const struct diff_options *o, const char *old_path,
		  const char *new_path, int out, struct err *e)
{
	struct snapshot old = {0};
	struct sorted sorted = {.fd = -1};
	struct run r;
	int rc = run_init(&r, o, e);

	if (rc == 0 && !o->key)
		rc = err_set(e, ERR_USAGE, "two files need a key: -k COLUMN");
	if (rc == 0)
		rc = key_init(&r.key, o->key, e);
	if (rc == 0)
		rc = key_identify(&r.key, o->identity, e);
	if (rc == 0 && o->identity && o->sorted)
		rc = err_set(e, ERR_USAGE,
			     "option '--identity': all identities must be "
			     "known before any leaves, so not with --sorted");
	if (rc == 0)
		rc = run_notes(&r, NULL, e);
	if (rc == 0 && o->sorted)
		rc = sorted_open(&sorted, o, old_path, new_path, e);
	else if (rc == 0)
		rc = build_old(&r, &old, old_path, e);
	r.sorted = o->sorted ? &sorted : NULL;
	r.old = &old;
	if (rc == 0)
		rc = compare_new(&r, new_path, out, e);
	run_clear(&r);
	snapshot_clear(&old);
	sorted_close(&sorted);
	return rc;
}
