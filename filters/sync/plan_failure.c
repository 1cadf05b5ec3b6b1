#include "sync/plan_failure.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "sync/start_record.h"
#include "wire/settings/doc.h"
#include "wire/stream/harmless.h"

enum { BEGIN_MAX = 1024 * 1024, TAIL = 4 * ABORT_TEXT };

static void take_text(char *to, size_t size, const struct doc *d,
		      const char *name)
{
	const struct doc *m = doc_get(d, name);

	if (m && m->text)
		harmless(to, size, slice_str(m->text));
}

/* The object of a control line of that type, and in *tree the tree it belongs
 * to; NULL for another line.
 */
static const struct doc *control_of(struct doc **tree, struct slice line,
				    const char *type)
{
	struct err ignored;
	const struct doc *c, *t;

	*tree = NULL;
	if (line.n == 0 || doc_parse(tree, line, &ignored) < 0)
		return NULL;
	c = doc_get(*tree, "_rudder");
	t = doc_get(c, "type");
	return t && t->text && strcmp(t->text, type) == 0 ? c : NULL;
}

/* Takes the ids of the run that rudder-diff has begun; false if it has not. */
static bool take_run(struct abort_line *a, int changes)
{
	struct buf b = {0};
	struct doc *tree = NULL;
	const struct doc *begin;
	const char *lf;
	ssize_t got = pread(changes, buf_room(&b, BEGIN_MAX), BEGIN_MAX, 0);

	lf = got > 0 ? memchr(b.p, '\n', (size_t)got) : NULL;
	begin = lf ? control_of(&tree, slice_of(b.p, (size_t)(lf - b.p)),
				"begin")
		   : NULL;
	take_text(a->run, sizeof(a->run), begin, "run");
	take_text(a->attempt, sizeof(a->attempt), begin, "attempt");
	doc_free(tree);
	buf_clear(&b);
	return a->attempt[0] != '\0';
}

/* The last line of a file, read into b. The space for the header of the plan is
 * NUL bytes.
 */
static struct slice last_line(struct buf *b, int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	off_t from = end > TAIL ? end - TAIL : 0;
	ssize_t got = end > 0 ? pread(fd, buf_room(b, TAIL), TAIL, from) : 0;
	size_t n = got > 0 ? (size_t)got : 0, at;

	while (n > 0 && b->p[n - 1] == '\n')
		n--;
	at = n;
	while (at > 0 && b->p[at - 1] != '\n' && b->p[at - 1] != '\0')
		at--;
	return slice_of(n > 0 ? b->p + at : "", n - at);
}

static bool take_abort(struct abort_line *a, int fd)
{
	struct buf b = {0};
	struct doc *tree;
	const struct doc *abort = control_of(&tree, last_line(&b, fd), "abort");

	if (abort) {
		take_text(a->stage, sizeof(a->stage), abort, "stage");
		take_text(a->reason, sizeof(a->reason), abort, "reason");
	}
	doc_free(tree);
	buf_clear(&b);
	return abort != NULL;
}

void plan_failure_record(const struct plan_failure *p,
			 const struct sync_file *f, size_t destination,
			 const sigset_t *mask)
{
	struct abort_line a = {.status = p->status};
	bool found = false;

	if (!take_run(&a, p->changes))
		return;
	for (size_t i = p->n; i > 0 && !found; i--)
		found = p->files[i - 1] >= 0 && take_abort(&a, p->files[i - 1]);
	if (!found) {
		snprintf(a.stage, sizeof(a.stage), "plan");
		if (p->e->text[0])
			abort_reason_of(a.reason, p->e);
		else
			snprintf(a.reason, sizeof(a.reason),
				 "the plan could not be made");
	}
	start_record_abort(f, destination, &a, mask);
}
