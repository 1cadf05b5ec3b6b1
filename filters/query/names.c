#include "query/names.h"

static const char *skip_blanks(const char *p, char between)
{
	while (between == ',' && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

const char *names_part(const char *p, char between, struct buf *name)
{
	name->n = 0;
	p = skip_blanks(p, between);
	if (*p == '"') {
		for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
			p += *p == '"';
			buf_char(name, *p);
		}
		if (*p++ != '"')
			return NULL;
		p = skip_blanks(p, between);
	} else {
		for (; *p && *p != between && *p != '"'; p++)
			buf_char(name, *p);
		while (between == ',' && name->n > 0 &&
		       (name->p[name->n - 1] == ' ' ||
			name->p[name->n - 1] == '\t'))
			name->n--;
	}
	return name->n > 0 && (*p == between || *p == '\0') ? p : NULL;
}
