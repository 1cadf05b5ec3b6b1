#include "sync/report/last_lines.h"

bool last_lines(struct slice *rest, struct slice *line)
{
	do {
		const char *lf;

		if (rest->n == 0)
			return false;
		lf = rest->n > 1 ? memrchr(rest->p, '\n', rest->n - 1) : NULL;
		*line = *rest;
		if (lf)
			*line = slice_of(lf + 1,
					 rest->n - (size_t)(lf + 1 - rest->p));
		rest->n -= line->n;
		if (line->n > 0 && line->p[line->n - 1] == '\n')
			line->n--;
	} while (line->n == 0);
	return true;
}
