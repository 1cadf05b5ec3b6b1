#include "map/test_run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/counts.h"
#include "core/file.h"
#include "core/linux.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/udiff.h"
#include "core/writer.h"
#include "map/screen/preview.h"
#include "wire/stream/control.h"

#define RUN_ID   "cm90100000000000test" /* of 2024-01-01T00:00:00Z */
#define START_MS UINT64_C(1704067200000)
#define VERSION  "test"
#define FILE_MAX ((size_t)64 * 1024 * 1024)

struct test_run {
	const struct map_options *o;
	const char *dir;
	bool update;
	struct buf name;         /* name of the test, without the suffix */
	struct buf rows, events; /* paths */
	struct buf said;         /* text for standard output */
	size_t tests, failed;
};

/* ---- one test --------------------------------------------------------- */

/* Maps the rows in the child process. Returns its exit status. */
static int map_rows(const struct test_run *g, int to)
{
	struct map_options o = *g->o;
	struct err e = {0};
	int fd = open(g->rows.p, O_RDONLY | O_CLOEXEC);
	int rc;

	o.trust_eof = true;
	o.preview = 0;
	o.check = o.print_mapping = o.print_columns = false;
	o.stats = NULL;
	o.plain_ids = true; /* otherwise each mapping change alters all ids */
	o.version = VERSION;
	o.now_ms = START_MS;
	setenv("RUDDER_RUN_ID", RUN_ID, 1);
	if (fd < 0)
		rc = err_sys(&e, ERR_INPUT, "cannot open '%s'", g->rows.p);
	else
		rc = map_run(&o, fd, to, &e);
	if (rc < 0 && e.kind == ERR_PARTIAL)
		return 0; /* the rejects are in the events */
	return tool_end(rc, &e);
}

static int read_all(int fd, struct buf *b, struct err *e)
{
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read the events");
	do {
		char *p = buf_room(b, 64 * 1024);

		got = read(fd, p, 64 * 1024);
		if (got > 0)
			b->n += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return got < 0 ? err_sys(e, ERR_IO, "cannot read the events") : 0;
}

/* Maps the rows in a child. Returns 1 with the text of their events; 0 if the
 * mapping failed and has printed why.
 */
static int make(const struct test_run *g, struct buf *text, struct err *e)
{
	int fd = linux_memory_file("events"), status, rc;
	pid_t child = fd < 0 ? -1 : fork();

	if (child < 0)
		return err_sys(e, ERR_OS, "cannot start a test");
	if (child == 0) {
		int to = dup(fd);

		_exit(map_rows(g, to));
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	rc = read_all(fd, text, e);
	close(fd);
	if (rc < 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_edge(struct slice line)
{
	static const char *const starts[] = {
		"{\"" CONTROL_NAME "\":{\"type\":\"begin\"",
		"{\"" CONTROL_NAME "\":{\"type\":\"end\"",
	};

	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		size_t n = strlen(starts[i]);

		if (line.n > n && memcmp(line.p, starts[i], n) == 0)
			return true;
	}
	return false;
}

/* Indents each line, and omits the begin and end lines. */
static void lay_out(struct buf *b, struct slice text)
{
	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;
		struct slice line = slice_of(text.p, n);

		if (!is_edge(line)) {
			preview_pretty(b, line);
			buf_char(b, '\n');
		}
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
	}
}

static int write_events(const struct test_run *g, struct slice text,
			struct err *e)
{
	struct file_new f = {0};
	int rc = -1;

	if (file_begin(&f, g->events.p, e) < 0)
		return -1;
	if (fchmod(f.fd, 0644) < 0)
		rc = err_sys(e, ERR_CREATE, "cannot write '%s'", g->events.p);
	else if (writer_all(f.fd, text.p, text.n, e) == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}

static void report(struct test_run *g, const char *what)
{
	buf_fmt(&g->said, "%-5s %s\n", what, g->name.p);
}

/* Reports that the file of events differs from the result, or updates it. */
static int differs(struct test_run *g, bool there, struct slice want,
		   struct slice got, struct err *e)
{
	const struct udiff_text from = {there ? g->events.p : "/dev/null",
					want};
	const struct udiff_text to = {"what the mapping makes", got};

	if (g->update) {
		report(g, there ? "wrote" : "new");
		return write_events(g, got, e);
	}
	g->failed++;
	report(g, "FAIL");
	if (!there)
		buf_fmt(&g->said,
			"%s does not exist (--test-update creates it)\n",
			g->events.p);
	udiff(&g->said, &from, &to);
	return 0;
}

static int one_test(struct test_run *g, struct err *e)
{
	struct buf lines = {0}, got = {0}, want = {0};
	bool there = access(g->events.p, F_OK) == 0;
	int rc = make(g, &lines, e);

	g->tests++;
	if (rc == 0) {
		g->failed++;
		report(g, "FAIL");
		buf_str(&g->said, "the rows were not mapped completely\n");
	} else if (rc > 0) {
		lay_out(&got, buf_all(&lines));
		rc = there ? file_read(g->events.p, FILE_MAX, &want, e) : 0;
		if (rc == 0 && there && slice_eq(buf_all(&want), buf_all(&got)))
			report(g, "ok");
		else if (rc == 0)
			rc = differs(g, there, buf_all(&want), buf_all(&got),
				     e);
	}
	if (rc == 0)
		rc = writer_all(STDOUT_FILENO, g->said.p, g->said.n, e);
	g->said.n = 0;
	buf_clear(&lines);
	buf_clear(&got);
	buf_clear(&want);
	return rc;
}

/* ---- all of them ------------------------------------------------------ */

static int is_rows(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot && strcmp(dot, ".rows") == 0;
}

static void set_names(struct test_run *g, const char *file)
{
	g->name.n = g->rows.n = g->events.n = 0;
	buf_add(&g->name, file, strlen(file) - strlen(".rows"));
	buf_cstr(&g->name);
	buf_fmt(&g->rows, "%s/%s", g->dir, file);
	buf_cstr(&g->rows);
	buf_fmt(&g->events, "%s/%s.events", g->dir, g->name.p);
	buf_cstr(&g->events);
}

static int verdict(const struct test_run *g, struct err *e)
{
	if (g->tests == 0)
		return err_names(e, ERR_INPUT,
				 "folder '%s' has no file NAME.rows", g->dir);
	if (g->failed > 0)
		return err_names(e, ERR_PARTIAL, "%zu of %zu tests failed",
				 g->failed, g->tests);
	tool_summary("%zu test%s passed", g->tests, COUNTS_S(g->tests));
	return 0;
}

int test_run(const struct map_options *o, const char *dir, bool update,
	     struct err *e)
{
	struct test_run g = {.o = o, .dir = dir, .update = update};
	struct dirent **file = NULL;
	int n = scandir(dir, &file, is_rows, alphasort), rc = 0;

	if (n < 0)
		return err_sys(e, ERR_INPUT, "cannot read '%s'", dir);
	for (int i = 0; i < n; i++) {
		set_names(&g, file[i]->d_name);
		if (rc == 0)
			rc = one_test(&g, e);
		free(file[i]);
	}
	free(file);
	buf_clear(&g.name);
	buf_clear(&g.rows);
	buf_clear(&g.events);
	buf_clear(&g.said);
	return rc < 0 ? -1 : verdict(&g, e);
}
