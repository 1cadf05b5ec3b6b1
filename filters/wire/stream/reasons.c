#include "wire/stream/reasons.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/counts.h"
#include "core/mem.h"
#include "core/tool.h"
#include "wire/stream/harmless.h"

enum { SAID = 5 };

void reasons_clear(struct reasons *r)
{
	for (size_t i = 0; i < r->kinds; i++) {
		free(r->one[i].shown);
		free(r->one[i].whole);
	}
	*r = (struct reasons){0};
}

/* Ends a text of n bytes, which may have been truncated, with "…". */
static void mark_cut(char *shown, size_t n)
{
	static const char more[] = "\xe2\x80\xa6"; /* … */
	size_t at = strlen(shown);

	if (at + 4 <= n) /* a character that did not fit was left out */
		return;
	while (at > n - strlen(more) || (shown[at] & 0xc0) == 0x80)
		at--;
	memcpy(shown + at, more, sizeof(more));
}

static void add(struct reasons *r, char *shown, const char *all, uint64_t n,
		uint64_t line)
{
	char whole[REASONS_WHOLE + 1];
	size_t i = 0;

	mark_cut(shown, REASONS_SHOWN);

	while (i < r->kinds && strcmp(r->one[i].shown, shown) != 0)
		i++;
	if (i == REASONS_KEPT) {
		r->others += n;
		return;
	}
	if (i == r->kinds) {
		harmless(whole, sizeof(whole), slice_str(all));
		r->one[r->kinds++] = (struct reasons_one){
			.shown = mem_copy(shown, strlen(shown)),
			.whole = mem_copy(whole, strlen(whole)),
			.line = line,
		};
	}
	r->one[i].n += n;
	if (line > 0 && line < r->one[i].line)
		r->one[i].line = line;
}

/* The text after "byte 7: ", which differs between equal errors. */
static const char *behind_place(const char *why)
{
	size_t n;

	if (strncmp(why, "byte ", 5) != 0)
		return why;
	n = 5 + strspn(why + 5, "0123456789");
	return strncmp(why + n, ": ", 2) == 0 ? why + n + 2 : why;
}

void reasons_add(struct reasons *r, const char *why, const char *whole,
		 uint64_t n, uint64_t line)
{
	char shown[REASONS_SHOWN + 1];

	harmless(shown, sizeof(shown), slice_str(behind_place(why)));
	add(r, shown, whole ? whole : why, n, line);
}

void reasons_add_foreign(struct reasons *r, const char *why, uint64_t n,
			 uint64_t line)
{
	char shown[REASONS_SHOWN + 1];

	harmless_hidden(shown, sizeof(shown), why, HARMLESS_VALUES);
	add(r, shown, why, n, line);
}

/* The most frequent reason that is not yet taken; of equal ones the first in
 * the input.
 */
static const struct reasons_one *next_of(const struct reasons *r, bool *taken)
{
	size_t best = r->kinds;

	for (size_t i = 0; i < r->kinds; i++) {
		if (!taken[i] &&
		    (best == r->kinds || r->one[i].n > r->one[best].n))
			best = i;
	}
	if (best == r->kinds)
		return NULL;
	taken[best] = true;
	return &r->one[best];
}

static size_t put_one(char *to, size_t size, const char *text, const char *unit,
		      const struct reasons_one *o)
{
	char place[48] = "";
	int n;

	if (o->line > 0)
		snprintf(place, sizeof(place), " (%s%s %ju)",
			 o->n > 1 ? "from " : "", unit ? unit : "line",
			 (uintmax_t)o->line);
	n = snprintf(to, size, "%ju \xc3\x97 %s%s", (uintmax_t)o->n, text,
		     place);
	return n > 0 && (size_t)n < size ? (size_t)n : size;
}

void reasons_say(const struct reasons *r, char text[REASONS_TEXT])
{
	bool taken[REASONS_KEPT] = {false};
	const struct reasons_one *o;
	uint64_t rest = r->others;
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < r->kinds; i++)
		rest += r->one[i].n;
	for (size_t i = 0; i < SAID && (o = next_of(r, taken)); i++) {
		char one[2 * REASONS_WHOLE];
		size_t n;

		if (put_one(one, sizeof(one), o->whole, r->unit, o) <
		    sizeof(one))
			tool_info("%s", one);
		n = put_one(one, sizeof(one), o->shown, r->unit, o);
		if (at + n + 32 >= REASONS_TEXT)
			break;
		at += (size_t)snprintf(text + at, REASONS_TEXT - at, "%s%s",
				       at > 0 ? ", " : "", one);
		rest -= o->n;
	}
	if (rest > 0)
		snprintf(text + at, REASONS_TEXT - at, "%s%ju other%s",
			 at > 0 ? ", " : "", (uintmax_t)rest, COUNTS_S(rest));
}
