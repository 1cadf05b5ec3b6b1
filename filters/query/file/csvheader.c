#include "query/file/csvheader.h"

#include <stdlib.h>

#include "core/mem.h"
#include "query/names.h"
#include "wire/stream/control.h"

#define CURE "select columns with -c, or name all of them with --names"

static int malformed(const char *option, const char *list, struct err *e)
{
	return err_names(e, ERR_USAGE, "%s: '%s' is not a list of names",
			 option, list);
}

/* Takes the names of --names, which must be as many as the columns. */
static int take_given_names(struct csvheader *h, const char *list,
			    struct err *e)
{
	struct buf part = {0};
	const char *p = list;
	size_t n = 0;

	while ((p = names_part(p, ',', &part))) {
		buf_slice(&h->text, buf_all(&part));
		buf_char(&h->text, '\0');
		n++;
		if (*p++ == '\0')
			break;
	}
	buf_clear(&part);
	if (!p)
		return malformed("--names", list, e);
	if (n != h->n)
		return err_names(e, ERR_CONFIG,
				 "--names has %zu names, the file has %zu "
				 "columns",
				 n, h->n);
	return 0;
}

static int take_names(struct csvheader *h, const struct csvheader_options *o,
		      const char *names, struct err *e)
{
	const char *p;

	if (o->names && take_given_names(h, o->names, e) < 0)
		return -1;
	for (size_t i = 0; i < h->n && !o->names; i++) {
		if (o->no_header)
			buf_fmt(&h->text, "c%zu", i + 1);
		else
			buf_str(&h->text, names);
		buf_char(&h->text, '\0');
		names += strlen(names) + 1;
	}
	p = buf_cstr(&h->text);
	for (size_t i = 0; i < h->n; i++) {
		h->column[i] = (struct csvheader_column){
			p, csvtype_find(slice_str("string")), SIZE_MAX};
		p += strlen(p) + 1;
	}
	return 0;
}

/* Finds the index of a column. Returns 0, or -1 with *e set. */
static int find(const struct csvheader *h, struct slice name,
		const char *option, size_t *at, struct err *e)
{
	*at = SIZE_MAX;
	for (size_t i = 0; i < h->n; i++) {
		if (!slice_is(name, h->column[i].name))
			continue;
		if (*at != SIZE_MAX)
			return err_names(
				e, ERR_CONFIG,
				"%s: two columns are named '%.*s'; name "
				"all columns with --names",
				option, SLICE_FMT(name));
		*at = i;
	}
	if (*at == SIZE_MAX)
		return err_names(e, ERR_CONFIG, "%s: there is no column '%.*s'",
				 option, SLICE_FMT(name));
	return 0;
}

static int choose(struct csvheader *h, const char *list, struct err *e)
{
	struct buf part = {0};
	const char *p = list;
	size_t at, out = 0;
	int rc = 0;

	while (rc == 0 && (p = names_part(p, ',', &part))) {
		rc = find(h, buf_all(&part), "-c", &at, e);
		if (rc == 0)
			h->column[at].out = 0;
		if (*p++ == '\0')
			break;
	}
	buf_clear(&part);
	if (rc < 0)
		return -1;
	for (size_t i = 0; i < h->n; i++) {
		if (h->column[i].out == 0)
			h->column[i].out = out++;
	}
	return p ? 0 : malformed("-c", list, e);
}

/* Selects all columns; each must have a different name. */
static int choose_all(struct csvheader *h, struct err *e)
{
	for (size_t i = 0; i < h->n; i++) {
		const char *name = h->column[i].name;

		h->column[i].out = i;
		if (*name == '\0')
			return err_names(e, ERR_CONFIG,
					 "column %zu has no name: " CURE,
					 i + 1);
		if (strcmp(name, CONTROL_NAME) == 0)
			return err_names(
				e, ERR_CONFIG,
				"column %zu: the name '%s' is reserved: " CURE,
				i + 1, name);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(name, h->column[k].name) == 0)
				return err_names(e, ERR_CONFIG,
						 "columns %zu and %zu are both "
						 "named '%s': " CURE,
						 k + 1, i + 1, name);
		}
	}
	return 0;
}

/* Parses the list of name=type. */
static int read_types(struct csvheader *h, const char *p, struct err *e)
{
	while (p && *p) {
		const char *end = p + strcspn(p, ",");
		const char *eq = memrchr(p, '=', (size_t)(end - p));
		struct slice name, word;
		const struct csvtype *type;
		size_t at;

		if (!eq)
			return err_names(e, ERR_USAGE,
					 "--types: '%.*s' is not name=type",
					 (int)(end - p), p);
		name = slice_of(p, (size_t)(eq - p));
		word = slice_of(eq + 1, (size_t)(end - eq - 1));
		while (word.n > 0 && word.p[word.n - 1] == ' ')
			word.n--;
		type = csvtype_find(word);
		if (find(h, name, "--types", &at, e) < 0)
			return -1;
		if (!type)
			return err_names(e, ERR_USAGE,
					 "--types: unknown type '%.*s'; use "
					 "string, int, decimal, float, "
					 "boolean, date, datetime, time or "
					 "json",
					 SLICE_FMT(word));
		h->column[at].type = type;
		p = *end ? end + 1 : end;
		p += strspn(p, " ");
	}
	return 0;
}

int csvheader_make(struct csvheader *h, const struct csvheader_options *o,
		   const char *names, size_t n, struct err *e)
{
	int rc;

	h->n = n;
	h->column = mem_zero((n + 1) * sizeof(*h->column));
	if (take_names(h, o, names, e) < 0)
		return -1;
	rc = o->columns ? choose(h, o->columns, e) : choose_all(h, e);
	return rc < 0 ? -1 : read_types(h, o->types, e);
}

void csvheader_clear(struct csvheader *h)
{
	buf_clear(&h->text);
	free(h->column);
}

int csvheader_begin(const struct csvheader *h, struct rows *rows, struct err *e)
{
	struct rows_column *c = mem_zero((h->n + 1) * sizeof(*c));
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < h->n; i++) {
		if (h->column[i].out != SIZE_MAX)
			c[n++] = (struct rows_column){
				.name = h->column[i].name,
				.type = h->column[i].type->word,
			};
	}
	rc = rows_begin(rows, c, n, e);
	free(c);
	return rc;
}
