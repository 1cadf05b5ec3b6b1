#include "sync/start_record.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/temp.h"
#include "sync/pipeline.h"
#include "wire/stream/abort.h"

enum { OUTPUT = 4096 };

/* A temporary file with the abort line, at its start; or -1. */
static int write_line(const struct abort_line *a)
{
	const char *dir = temp_dir(NULL);
	char text[ABORT_TEXT];
	struct err ignored;
	int fd = temp_file(dir, &ignored);

	if (fd >= 0 &&
	    (temp_write(fd, text, abort_text(text, a), 0, dir, &ignored) < 0 ||
	     lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Whether the folder, a state of f, contains the file. */
static bool has(const struct sync_file *f, struct slice folder,
		const char *file)
{
	struct buf path = {0};
	bool is;

	if (folder.n > 0 && *folder.p != '/')
		buf_fmt(&path, "%s/", f->folder);
	buf_slice(&path, folder);
	buf_fmt(&path, "/%s", file);
	is = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return is;
}

/* Whether to write a record: not if that would make a state for a guessed sync,
 * or the state of a part inside that of a whole table.
 */
static bool is_wanted(const struct sync_file *f, const char *state)
{
	const char *part = f->parts > 0 ? strrchr(state, '/') : NULL;

	if (f->wrong)
		return has(f, slice_str(state), "runs");
	return !part ||
	       !has(f, slice_of(state, (size_t)(part - state)), "snapshot");
}

void start_record_abort(const struct sync_file *f, size_t destination,
			const struct abort_line *a, const sigset_t *mask)
{
	const char *state = f->destination[destination].state;
	const char *const words[] = {"rudder-diff", "--commit", "--state",
				     state, NULL};
	const struct pipeline_options o = {
		.folder = f->folder,
		.mask = mask,
		.in = write_line(a),
		.quiet = true,
	};
	struct stages commit = {0};
	struct buf out = {0};
	struct err ignored;

	if (o.in < 0)
		return;
	stages_command(&commit, SYNC_COMMIT, words);
	(void)!pipeline_capture(&out, &commit, &o, OUTPUT, &ignored);
	close(o.in);
	buf_clear(&out);
	stages_clear(&commit);
}

void start_record(const struct sync_file *f, size_t first, size_t n,
		  const struct err *e, const sigset_t *mask)
{
	struct abort_line a = {.stage = "run", .status = err_status(e->kind)};
	struct buf id = {0};

	clock_run_id(&id);
	memcpy(a.run, buf_cstr(&id), id.n < ABORT_RUN ? id.n : ABORT_RUN);
	buf_clear(&id);
	abort_reason_of(a.reason, e);
	for (size_t i = first; i < first + n; i++) {
		if (is_wanted(f, f->destination[i].state))
			start_record_abort(f, i, &a, mask);
	}
}
