#include "query/mysql/myending.h"

#include <strings.h>

#include "query/sqltoken.h"

static const char no_limit[] = "\nLIMIT 18446744073709551615\n";

/* Iterates over the tokens of a model, without white space. */
struct walk {
	struct sqltokens x;
	struct slice before, text, next; /* .p NULL: missing */
	enum sqltoken kind, next_kind;
	int depth; /* number of open parentheses at text */
};

static void look_ahead(struct walk *w)
{
	do {
		if (!sqltoken_next(&w->x, &w->next_kind)) {
			w->next = slice_of(NULL, 0);
			return;
		}
		w->next = w->x.text;
	} while (w->next_kind == SQLTOKEN_SPACE);
}

static void walk_start(struct walk *w, struct slice text,
		       const struct model_sql *sql)
{
	*w = (struct walk){
		.x = {.sql = sql, .p = text.p, .end = text.p + text.n}};
	look_ahead(w);
}

static bool walk_next(struct walk *w)
{
	w->before = w->text;
	w->text = w->next;
	w->kind = w->next_kind;
	if (!w->text.p)
		return false;
	w->depth += w->kind == SQLTOKEN_OPEN;
	w->depth -= w->kind == SQLTOKEN_CLOSE;
	look_ahead(w);
	return true;
}

static bool is_word(struct slice s, const char *word)
{
	return s.p && s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Whether the token is this keyword, and not the column of t.limit or the
 * variable @limit.
 */
static bool is(const struct walk *w, const char *word)
{
	return w->kind == SQLTOKEN_WORD && is_word(w->text, word) &&
	       !slice_is(w->before, ".") && !slice_is(w->before, "@");
}

static bool is_lock(const struct walk *w)
{
	return (is(w, "FOR") &&
		(is_word(w->next, "UPDATE") || is_word(w->next, "SHARE"))) ||
	       (is(w, "LOCK") && is_word(w->next, "IN"));
}

static const char *leaves_out(const struct walk *w, bool offset)
{
	if (is(w, "ROWS") && is_word(w->next, "EXAMINED"))
		return "ROWS EXAMINED leaves out rows without an error; use "
		       "--timeout to limit the work";
	if (offset && (is(w, "ROWS") || is(w, "ROW")) &&
	    !is_word(w->next, "FETCH"))
		return "MariaDB may ignore an OFFSET without FETCH; write "
		       "LIMIT 18446744073709551615 OFFSET n";
	return NULL;
}

int myending_check(const struct model *m, const struct model_sql *sql,
		   struct err *e)
{
	struct walk w;
	bool offset = false; /* OFFSET was two tokens ago */

	walk_start(&w, buf_all(&m->base), sql);
	for (bool was = false; walk_next(&w);) {
		const char *why = leaves_out(&w, offset);

		if (why)
			return err_names(e, ERR_CONFIG, "model '%s': %s",
					 m->name, why);
		offset = was;
		was = is(&w, "OFFSET");
	}
	return 0;
}

/* Only keywords outside parentheses, strings and names belong to the end of the
 * model itself.
 */
void myending_put(struct buf *b, struct slice text, const struct model_sql *sql)
{
	size_t lock = text.n; /* offset of the locking clause */
	bool order = false, limited = false;
	struct walk w;

	walk_start(&w, text, sql);
	while (walk_next(&w)) {
		order = order || is(&w, "ORDER");
		if (w.depth != 0)
			continue;
		limited = limited || is(&w, "LIMIT") || is(&w, "FETCH");
		if (is_lock(&w) && lock == text.n)
			lock = (size_t)(w.text.p - text.p);
	}
	buf_add(b, text.p, lock);
	if (order && !limited)
		buf_str(b, no_limit);
	buf_add(b, text.p + lock, text.n - lock);
}
