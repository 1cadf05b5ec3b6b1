#include "query/file/singer_version.h"

#include <string.h>

#include "core/clock.h"
#include "core/num.h"

static bool is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* Whether the text contains the number, not as a part of a longer one. */
static bool contains(struct slice text, struct slice number)
{
	const char *end = text.p + text.n, *p = text.p;

	while (p && (p = memmem(p, (size_t)(end - p), number.p, number.n))) {
		if ((p == text.p || !is_digit(p - 1, end)) &&
		    !is_digit(p + number.n, end))
			return true;
		p++;
	}
	return false;
}

/* Begins a new version. A version later than now proves nothing: another
 * machine's clock may be ahead.
 */
static void begin(struct singer_version *v, uint64_t number, bool opened)
{
	v->first = opened || (number >= v->run_ms && number <= clock_wall_ms());
	v->mixed = v->n > 0;
	v->number = number;
	v->known = true;
	v->whole = false;
}

enum singer_version_verdict singer_version_record(struct singer_version *v,
						  struct slice text)
{
	uint64_t number;

	if (num_uint(text, &number) < 0)
		v->mixed = true;
	else if (v->known && number < v->number)
		return SINGER_VERSION_OLD;
	else if (!v->known || number > v->number)
		begin(v, number, false);
	v->whole = false;
	v->n++;
	return SINGER_VERSION_ROW;
}

void singer_version_activate(struct singer_version *v, struct slice text,
			     struct slice state)
{
	uint64_t number;

	if (num_uint(text, &number) < 0 || (v->known && number < v->number))
		return;
	if (!v->known || number > v->number)
		begin(v, number, !contains(state, text));
	v->whole = v->n > 0;
}

bool singer_version_complete(const struct singer_version *v)
{
	return v->whole && v->first && !v->mixed;
}
