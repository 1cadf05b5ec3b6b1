#include "sync/check_steps.h"

#include <stdio.h>
#include <unistd.h>

#include "sync/report/worst_status.h"
#include "wire/stream/harmless.h"

enum { DETAIL = 400 };

static void show(struct check_steps *s, const char *step, const char *word,
		 const char *detail)
{
	char text[DETAIL];

	harmless(text, sizeof(text), slice_str(detail));
	s->n++;
	printf(s->columns ? "  %-12s %-8s %s\n" : "%s\t%s\t%s\n", step, word,
	       text);
	fflush(stdout);
}

void check_steps_ok(struct check_steps *s, const char *step, const char *detail)
{
	show(s, step, "ok", detail);
}

void check_steps_left_out(struct check_steps *s, const char *step,
			  const char *detail)
{
	show(s, step, "skipped", detail);
}

void check_steps_warn(struct check_steps *s, const char *step,
		      const char *detail)
{
	show(s, step, "warning", detail);
}

void check_steps_failed(struct check_steps *s, const char *step,
			enum err_kind kind, const char *detail)
{
	s->failed++;
	if (worst_status_is(kind, s->worst))
		s->worst = kind;
	show(s, step, "failed", detail);
}
