#include "sync/sync_value.h"

#include <stdio.h>
#include <string.h>

#include "core/num.h"
#include "core/opt.h"

enum { WORDS = 32, WORD = 32 };

/* The counts of a run that --expect accepts before its operator. */
#define EXPECTED                                                               \
	"rows|inserts|updates|deletes|changes|unchanged|ignored|blocked|"      \
	"postponed|deferred|receipts|succeeded|skipped|failed|rejected|"       \
	"unknown|untried|pending|failing|duration|query_ms|diff_ms|map_ms|"    \
	"send_ms|"                                                             \
	"commit_ms"

/* The words of "a|b"; list is ended by NULL. */
struct words {
	char text[WORDS][WORD];
	const char *list[WORDS + 1];
	size_t n;
};

static void split(struct words *w, const char *text)
{
	w->n = 0;
	while (*text && w->n < WORDS) {
		size_t n = strcspn(text, "|");

		snprintf(w->text[w->n], WORD, "%.*s", (int)n, text);
		w->list[w->n] = w->text[w->n];
		w->n++;
		text += n + (text[n] == '|');
	}
	w->list[w->n] = NULL;
}

static bool has(const struct words *w, const char *text, size_t n)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strlen(w->list[i]) == n && memcmp(w->list[i], text, n) == 0)
			return true;
	}
	return false;
}

static int wrong(const struct doc *d, const char *want, const char *near,
		 struct err *e)
{
	struct buf b = {0};

	buf_str(&b, want);
	if (near)
		buf_fmt(&b, "; did you mean '%s'?", near);
	sync_text_wrong(d, buf_cstr(&b), e);
	buf_clear(&b);
	return -1;
}

bool sync_value_is_word(const struct sync_key *k, const char *text,
			struct buf *want)
{
	const char *near;
	struct words w;

	split(&w, k->words);
	if (has(&w, text, strlen(text)))
		return true;
	for (size_t i = 0; i < w.n; i++)
		buf_fmt(want, "%s%s",
			i == 0         ? ""
			: i + 1 == w.n ? " or "
				       : ", ",
			w.list[i]);
	near = opt_nearest(text, w.list);
	if (near)
		buf_fmt(want, "; did you mean '%s'?", near);
	return false;
}

static int check_word(const struct sync_key *k, const char *text,
		      const struct doc *d, struct err *e)
{
	struct buf want = {0};
	int rc = 0;

	if (!sync_value_is_word(k, text, &want))
		rc = sync_text_wrong(d, buf_cstr(&want), e);
	buf_clear(&want);
	return rc;
}

/* Whether the text is a value of an expectation: 5, 5%, 0.8*last, last or 10m.
 */
static bool is_expected(const char *text)
{
	const char *end = text + strspn(text, "0123456789.");
	uint64_t ms;

	return strcmp(text, "last") == 0 ||
	       (end > text && (*end == '\0' || strcmp(end, "%") == 0 ||
			       strcmp(end, "*last") == 0 ||
			       num_msec(slice_str(text), &ms) == 0));
}

/* Checks an expectation: a name, an operator and a value. */
static int check_expected(const char *text, const struct doc *d, struct err *e)
{
	size_t n = strcspn(text, "<>=");
	char name[WORD];
	struct words w;

	split(&w, EXPECTED);
	if (text[n] && has(&w, text, n) &&
	    is_expected(text + n + strspn(text + n, "<>=")))
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)n, text);
	if (strchr(text, ' '))
		return wrong(d,
			     "expectations without blanks, such as failed<1%",
			     NULL, e);
	return wrong(d,
		     "expectations such as failed<1%, rows>=0.8*last, "
		     "deletes<=100 or duration<10m",
		     has(&w, text, n) ? NULL : opt_nearest(name, w.list), e);
}

static int check_text(const struct sync_key *k, const char *text,
		      const struct doc *d, struct err *e)
{
	const struct slice s = slice_str(text);
	struct num_share share;
	uint64_t n;

	if (k->words)
		return check_word(k, text, d, e);
	switch (k->kind) {
	case SYNC_KEY_COUNT:
		return num_size(s, &n) == 0
			       ? 0
			       : wrong(d, "a count such as 250, 64K or 2M",
				       NULL, e);
	case SYNC_KEY_TIME:
		return num_msec(s, &n) == 0
			       ? 0
			       : wrong(d, "a time such as 250ms, 30s or 10m",
				       NULL, e);
	case SYNC_KEY_SHARE:
		return num_share(s, &share) == 0
			       ? 0
			       : wrong(d, "a count or a percentage like 10%",
				       NULL, e);
	case SYNC_KEY_EXPECT:
		return check_expected(text, d, e);
	default:
		return 0;
	}
}

int sync_value_check(const struct sync_key *k, const struct sync_texts *t,
		     const struct doc *d, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!strstr(t->v[i], "${") && check_text(k, t->v[i], d, e) < 0)
			return -1;
	}
	return 0;
}
