#include "sync/check_steps.h"

#include <stdio.h>
#include <unistd.h>

#include "sync/report/screen_text.h"
#include "sync/report/worst_status.h"
#include "wire/stream/harmless.h"

enum { DETAIL = 400, INDENT = 2 + 12 + 1 + 8 + 1 };

static void show(struct check_steps *s, const char *step, const char *word,
		 const char *detail)
{
	struct screen_style style;
	struct buf b = {0};
	char text[DETAIL];

	s->n++;
	if (s->columns) {
		screen_text_style(&style, STDOUT_FILENO);
		screen_text_wrapped(&b, detail, INDENT, &style);
		printf("  %-12s %-8s %s", step, word,
		       b.n > INDENT ? buf_cstr(&b) + INDENT : "\n");
	} else {
		harmless(text, sizeof(text), slice_str(detail));
		printf("%s\t%s\t%s\n", step, word, text);
	}
	fflush(stdout);
	buf_clear(&b);
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
