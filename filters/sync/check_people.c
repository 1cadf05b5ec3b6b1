#include "sync/check_people.h"

#include <string.h>

#include "wire/settings/doc.h"

/* Parses the first begin line of an output. Returns NULL, or a tree to free. */
static struct doc *begin_of(struct slice output)
{
	static const char type[] = "{\"_rudder\":{\"type\":\"begin\"";
	const char *from = memmem(output.p, output.n, type, sizeof(type) - 1);
	const char *end = output.p + output.n, *lf;
	struct doc *d = NULL;
	struct err ignored;

	if (!from)
		return NULL;
	lf = memchr(from, '\n', (size_t)(end - from));
	return doc_parse(&d, slice_of(from, (size_t)((lf ? lf : end) - from)),
			 &ignored) == 0
		       ? d
		       : NULL;
}

/* Whether a list of texts, or of objects with a name, contains the name. */
static bool has(const struct doc *list, const char *name)
{
	for (const struct doc *c = list ? list->first : NULL; c; c = c->next) {
		const struct doc *m = doc_get(c, "name");
		const char *text = m ? m->text : c->text;

		if (text && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

/* Whether all types of events describe a user. */
static bool is_of_users(const struct doc *types)
{
	const struct doc *c = types ? types->first : NULL;
	bool are = c != NULL;

	for (; c; c = c->next)
		are = are && c->text &&
		      (strcmp(c->text, "identify") == 0 ||
		       strcmp(c->text, "record") == 0);
	return are;
}

/* As check_people_stay, for the _rudder member of the begin line and its
 * mapping.
 */
static bool stay(struct buf *why, const struct doc *rows,
		 const struct doc *mapping)
{
	const struct doc *list = doc_get(mapping, "identifiers");
	struct buf names = {0};
	bool any = false, known = is_of_users(doc_get(mapping, "types"));

	for (const struct doc *c = list ? list->first : NULL; c; c = c->next) {
		known = known && c->text &&
			has(doc_get(rows, "columns"), c->text) &&
			!has(doc_get(rows, "key"), c->text) &&
			!has(doc_get(rows, "identity"), c->text);
		buf_fmt(&names, "%s%s", any ? "," : "", known ? c->text : "");
		any = true;
	}
	if (any && known)
		buf_fmt(why,
			"users are known by %s, which is not in the key: when "
			"it changes in a row, the old user stays; use a column "
			"of the key, or mode: mirror with identity: %s",
			buf_cstr(&names), buf_cstr(&names));
	buf_clear(&names);
	return any && known;
}

bool check_people_stay(struct buf *why, struct slice rows, struct slice events)
{
	struct doc *r = begin_of(rows), *e = begin_of(events);
	const struct doc *of_rows = r ? doc_get(r, "_rudder") : NULL;
	const struct doc *mapping =
		e ? doc_get(doc_get(e, "_rudder"), "mapping") : NULL;
	bool is = of_rows && mapping && stay(why, of_rows, mapping);

	doc_free(r);
	doc_free(e);
	return is;
}
