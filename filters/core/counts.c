#include "core/counts.h"

void counts_add(struct buf *b, uint64_t n, const char *noun)
{
	buf_fmt(b, "%ju %s%s", (uintmax_t)n, noun, n == 1 ? "" : "s");
}

void counts_also(struct buf *b, uint64_t n, const char *noun)
{
	if (n == 0)
		return;
	buf_str(b, ", ");
	counts_add(b, n, noun);
}

void counts_as(struct buf *b, uint64_t n, const char *word)
{
	if (n > 0)
		buf_fmt(b, ", %ju %s", (uintmax_t)n, word);
}
