#include "query/names.h"

const char *names_part(const char *p, char between, struct buf *name)
{
	name->n = 0;
	if (*p == '"') {
		for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
			p += *p == '"';
			buf_char(name, *p);
		}
		if (*p++ != '"')
			return NULL;
	} else {
		for (; *p && *p != between && *p != '"'; p++)
			buf_char(name, *p);
	}
	return name->n > 0 && (*p == between || *p == '\0') ? p : NULL;
}
