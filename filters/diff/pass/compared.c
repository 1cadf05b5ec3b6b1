#include "diff/pass/compared.h"

#include "diff/state/state_connection.h"

/* The form of the note: nothing if all columns are compared, else both lists.
 */
static void as_note(struct buf *b, const char *compare, const char *ignore)
{
	if (!compare && !ignore)
		return;
	buf_fmt(b, "%c%s", compare ? '+' : ' ', compare ? compare : "");
	buf_char(b, '\0');
	buf_fmt(b, "%c%s", ignore ? '-' : ' ', ignore ? ignore : "");
	buf_char(b, '\0');
}

/* Reads the lists of a note; they live in x->before. */
static void take(struct compared *x, struct slice note)
{
	const char *compare, *ignore;

	buf_slice(&x->before, note);
	compare = buf_cstr(&x->before);
	ignore = compare + strlen(compare) + 1;
	if (note.n < 4 || note.p[note.n - 1] != '\0' ||
	    (size_t)(ignore - compare) >= note.n)
		return;
	x->was.compare = *compare == '+' ? compare + 1 : NULL;
	x->was.ignore = *ignore == '-' ? ignore + 1 : NULL;
}

void compared_init(struct compared *x, const struct diff_options *o,
		   const struct slice note[SNAPSHOT_NOTES])
{
	*x = (struct compared){.compare = o->compare, .ignore = o->ignore};
	if (note && o->compare && strcmp(o->compare, "mapped") == 0) {
		state_connection_columns(note[SNAPSHOT_CONNECTION], &x->mapped);
		x->compare = x->mapped.n > 0 ? buf_cstr(&x->mapped) : NULL;
	}
	if (!note)
		return;
	as_note(&x->note, x->compare, x->ignore);
	if (slice_eq(buf_all(&x->note), note[SNAPSHOT_COMPARED]))
		return;
	x->again = true;
	take(x, note[SNAPSHOT_COMPARED]);
}

void compared_clear(struct compared *x)
{
	columns_clear(&x->was);
	buf_clear(&x->mapped);
	buf_clear(&x->before);
	buf_clear(&x->note);
	*x = (struct compared){0};
}
