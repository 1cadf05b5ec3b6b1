#include "sync/hook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/secrets.h"
#include "core/temp.h"
#include "sync/run_record.h"
#include "wire/json/json.h"

const struct sync_texts *hook_list(const struct sync_file *f, int status)
{
	enum sync_hook h = status == 0                        ? SYNC_SUCCESS
			   : status == err_status(ERR_EXPECT) ? SYNC_EXPECTATION
							      : SYNC_FAILURE;

	return f->hook[h].n > 0 ? &f->hook[h] : NULL;
}

/* ---- the record ------------------------------------------------------- */

static void add_text(struct buf *b, const char *name, const char *text)
{
	buf_fmt(b, "%s\"%s\":", b->n > 0 && b->p[b->n - 1] != '{' ? "," : "",
		name);
	json_string(b, slice_str(text));
}

static void add_time(struct buf *b, const char *name, uint64_t wall_ms)
{
	buf_fmt(b, ",\"%s\":\"", name);
	clock_stamp(b, wall_ms);
	buf_char(b, '"');
}

void hook_record(struct buf *b, const struct hook_run *r, const sigset_t *mask)
{
	const struct sync_file *f = r->file;
	struct buf run = {0};

	buf_char(b, '{');
	add_text(b, "sync", f->name);
	add_text(b, "file", f->path);
	add_time(b, "started", r->started_ms);
	add_time(b, "ended", r->ended_ms);
	buf_fmt(b, ",\"status\":%d,\"destinations\":[", r->status);
	for (size_t i = 0; i < f->n_destinations; i++) {
		const struct sync_destination *d = &f->destination[i];

		run.n = 0;
		run_record_newest(&run, f, d->state, r->started_ms, mask);
		buf_str(b, i > 0 ? ",{" : "{");
		add_text(b, "name", d->name);
		add_text(b, "state", d->state);
		buf_str(b, ",\"run\":");
		buf_slice(b, buf_all(&run));
		buf_char(b, '}');
	}
	buf_str(b, "]}\n");
	buf_clear(&run);
}

/* ---- the process ------------------------------------------------------ */

static NO_RETURN void become(const struct sync_file *f, const char *text,
			     int in, const sigset_t *mask)
{
	setpgid(0, 0);
	if (chdir(f->folder) == 0 && lseek(in, 0, SEEK_SET) == 0 &&
	    dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) {
		sigprocmask(SIG_SETMASK, mask, NULL);
		execle("/bin/sh", "sh", "-c", text, (char *)NULL,
		       secrets_command_env());
	}
	_exit(127);
}

pid_t hook_start(const struct sync_file *f, const char *text,
		 struct slice record, const sigset_t *mask, struct err *e)
{
	const char *dir = temp_dir(NULL);
	int fd = temp_file(dir, e);
	pid_t pid;

	if (fd < 0)
		return -1;
	if (temp_write(fd, record.p, record.n, 0, dir, e) < 0) {
		close(fd);
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(f, text, fd, mask);
	if (pid < 0)
		(void)err_sys(e, ERR_OS, "cannot start a hook");
	else
		setpgid(pid, pid); /* in both processes, so that the group
				    * exists in time to be signalled */
	close(fd);
	return pid;
}
