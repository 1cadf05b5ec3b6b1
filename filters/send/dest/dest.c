#include "send/dest/dest.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/opt.h"

/* One row for each destination, in the order of --help. */
#define DESTS(ROW)                                                             \
	ROW(rudder)                                                            \
	ROW(segment)                                                           \
	ROW(webhook)                                                           \
	ROW(kafka)                                                             \
	ROW(exec)                                                              \
	ROW(file)                                                              \
	ROW(stdout)                                                            \
	ROW(null)                                                              \
	ROW(declined)

#define DECLARED(name) extern const struct dest dest_##name;
DESTS(DECLARED)

#define LISTED(name) &dest_##name,
static const struct dest *const table[] = {DESTS(LISTED)};

static int unknown(const char *url, size_t n, struct err *e)
{
	const char *names[COUNT_OF(table) + 1] = {0}, *near;
	char word[32], all[200];
	size_t at = 0;

	snprintf(word, sizeof(word), "%.*s", (int)n, url);
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		names[i] = table[i]->scheme;
		at += (size_t)snprintf(all + at, sizeof(all) - at,
				       "%s%s:", i > 0 ? ", " : "", names[i]);
	}
	near = opt_nearest(word, names);
	if (strcmp(word, "https") == 0 || strcmp(word, "http") == 0)
		return err_names(
			e, ERR_USAGE,
			"destination '%s:...' needs a type: rudder:%s://..., "
			"segment:%s://... or webhook:%s://...",
			word, word, word, word);
	if (url[n] == '\0' && strpbrk(url, "/."))
		return err_names(e, ERR_USAGE,
				 "destination '%s': write 'file:%s' for a file",
				 word, word);
	if (near)
		return err_names(e, ERR_USAGE,
				 "destination '%s': did you mean '%s:'?", word,
				 near);
	if (url[n] == ':')
		return err_names(e, ERR_USAGE,
				 "unknown destination '%s:': use one of %s",
				 word, all);
	return err_names(e, ERR_USAGE,
			 "unknown destination '%s': use one of %s", word, all);
}

void dest_print(void)
{
	printf("\ndestinations:\n");
	for (size_t i = 0; i < COUNT_OF(table); i++)
		printf("  %s:%s\n", table[i]->scheme, table[i]->help);
}

void dest_schemes(struct buf *b)
{
	for (size_t i = 0; i < COUNT_OF(table); i++)
		buf_fmt(b, "%s%s:", i > 0 ? "|" : "", table[i]->scheme);
}

const struct dest *dest_find(const char *url, const char **rest, struct err *e)
{
	size_t n = strcspn(url, ":");

	for (size_t i = 0; i < COUNT_OF(table); i++) {
		const struct dest *d = table[i];

		if (url[n] &&
		    slice_eq(slice_of(url, n), slice_str(d->scheme))) {
			*rest = url + n + 1;
			return d;
		}
	}
	(void)unknown(url, n, e);
	return NULL;
}

size_t dest_rows(struct dest_given *g, struct opt *row, size_t max)
{
	for (size_t i = 0; i < COUNT_OF(table); i++)
		dest_option_add(g, table[i]->groups, table[i]->scheme);
	return dest_option_rows(g, row, max);
}
