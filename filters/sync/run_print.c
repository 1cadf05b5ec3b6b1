#include "sync/run_print.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sync/canary.h"
#include "sync/mapping_check.h"
#include "sync/shell_text.h"

static void print_pipeline(const struct running *r, const struct run_sync *s,
			   const struct stages *stages, struct buf *b)
{
	struct stages_options o = r->o->stages;

	o.mapping = s->mapping;
	if (r->o->canary > 0)
		canary_text(b, s->f, s->first + s->at, &o, r->o->canary);
	else
		stages_text(b, stages);
}

static void print_sync(const struct running *r, struct run_sync *s,
		       struct buf *b)
{
	bool here = strcmp(s->f->folder, ".") == 0;
	size_t n = run_sync_is_apart(r, s) ? s->n : 1;
	struct stages stages = {0};

	s->mapping = mapping_check(s->f, s->first, s->n, &r->mask);
	if (s->f->schedule) {
		buf_fmt(b, "# crontab: %s rudder run --select %s ",
			s->f->schedule, s->f->name);
		shell_text_word(b, s->f->path);
		buf_char(b, '\n');
	}
	for (size_t i = 0; i < n; i++) {
		s->at = i;
		run_sync_stages(&stages, r, s);
		if (!here) {
			buf_str(b, "(cd ");
			shell_text_word(b, s->f->folder);
			buf_str(b, " &&\n    ");
		}
		print_pipeline(r, s, &stages, b);
		buf_str(b, here ? "\n" : ")\n");
		stages_clear(&stages);
	}
}

int run_print_all(struct running *r, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	sigprocmask(SIG_SETMASK, NULL, &r->mask);
	for (size_t i = 0; i < r->n; i++) {
		if (r->n > 1)
			buf_fmt(&b, "%s# %s\n", i > 0 ? "\n" : "",
				r->sync[i].name);
		print_sync(r, &r->sync[i], &b);
	}
	if (fwrite(b.p, 1, b.n, stdout) != b.n || fflush(stdout) != 0)
		rc = err_sys(e, ERR_IO, "cannot write to standard output");
	buf_clear(&b);
	return rc;
}
