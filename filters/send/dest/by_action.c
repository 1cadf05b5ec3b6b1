#include "send/dest/by_action.h"

#include <string.h>

#include "core/num.h"

static const char *const names[] = {
	[BY_INSERT] = "insert",
	[BY_UPDATE] = "update",
	[BY_DELETE] = "delete",
};

enum by_action_which by_action_of(struct slice json)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t n = strlen(names[i]);

		if (json.n == n + 2 && memcmp(json.p + 1, names[i], n) == 0)
			return (enum by_action_which)i;
	}
	return BY_OTHERS;
}

const char *by_action_text(const char *value, enum by_action_which *which)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t n = strlen(names[i]);

		if (strncmp(value, names[i], n) == 0 && value[n] == '=') {
			*which = (enum by_action_which)i;
			return value + n + 1;
		}
	}
	*which = BY_OTHERS;
	return value;
}

static int take(struct by_action *x, const char *option, const char *value,
		struct err *e)
{
	enum by_action_which which;
	const char *text = by_action_text(value, &which);

	if (x->own[which])
		return err_names(e, ERR_USAGE,
				 "option '--%s' is given twice for %s", option,
				 which == BY_OTHERS ? "all" : names[which]);
	x->own[which] = true;
	x->v[which] = text;
	return 0;
}

/* Appends all words of the values, each ended by a NUL. */
static void split(struct buf *b, const struct opt_list *list)
{
	for (size_t i = 0; list && i < list->n; i++)
		buf_add(b, list->v[i], strlen(list->v[i]) + 1);
	for (size_t i = 0; i < b->n; i++) {
		if (b->p[i] == ',')
			b->p[i] = '\0';
	}
}

int by_action_read(struct by_action *x, const char *option,
		   const struct opt_list *list, bool words, struct err *e)
{
	*x = (struct by_action){0};
	if (words)
		split(&x->text, list);
	for (size_t at = 0; at < x->text.n; at += strlen(x->text.p + at) + 1) {
		if (take(x, option, x->text.p + at, e) < 0)
			return -1;
	}
	for (size_t i = 0; !words && list && i < list->n; i++) {
		if (take(x, option, list->v[i], e) < 0)
			return -1;
	}
	for (size_t i = 0; i < BY_OTHERS; i++) {
		if (!x->own[i])
			x->v[i] = x->v[BY_OTHERS];
	}
	return 0;
}

void by_action_clear(struct by_action *x)
{
	buf_clear(&x->text);
	*x = (struct by_action){0};
}

static int take_status(struct by_action_statuses *x, const char *option,
		       enum by_action_which which, const char *text,
		       struct err *e)
{
	uint64_t status = 0;
	size_t *n = &x->n[which];

	if (num_uint(slice_str(text), &status) < 0 || status < 200 ||
	    status > 599)
		return err_names(e, ERR_USAGE,
				 "option '--%s': '%s' is not a status such as "
				 "404",
				 option, text);
	if (*n == COUNT_OF(x->v[which]))
		return err_names(e, ERR_USAGE,
				 "option '--%s': more than %zu statuses",
				 option, COUNT_OF(x->v[which]));
	x->v[which][(*n)++] = (unsigned)status;
	return 0;
}

int by_action_read_statuses(struct by_action_statuses *x, const char *option,
			    const struct opt_list *list, struct err *e)
{
	struct buf text = {0};
	int rc = 0;

	*x = (struct by_action_statuses){0};
	split(&text, list);
	for (size_t at = 0; rc == 0 && at < text.n;
	     at += strlen(text.p + at) + 1) {
		enum by_action_which which;
		const char *word = by_action_text(text.p + at, &which);

		rc = take_status(x, option, which, word, e);
	}
	buf_clear(&text);
	return rc;
}

bool by_action_has_status(const struct by_action_statuses *x,
			  enum by_action_which which, unsigned status)
{
	for (size_t i = 0; i < x->n[which]; i++) {
		if (x->v[which][i] == status)
			return true;
	}
	return which != BY_OTHERS && by_action_has_status(x, BY_OTHERS, status);
}

bool by_action_differs(const struct opt_list *list, bool words)
{
	enum by_action_which which = BY_OTHERS;

	for (size_t i = 0; i < list->n; i++) {
		const char *next = list->v[i];

		while (next && which == BY_OTHERS) {
			(void)by_action_text(next, &which);
			next = words ? strchr(next, ',') : NULL;
			next += next != NULL;
		}
	}
	return which != BY_OTHERS;
}
