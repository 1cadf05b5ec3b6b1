#include "query/since_float.h"

#include <math.h>
#include <stdlib.h>

#include "query/value.h"
#include "wire/json/number.h"

void since_float_take(struct model *m, struct buf *b)
{
	float f;

	if (!m->since || !number_valid(slice_str(m->since)))
		return;
	f = strtof(m->since, NULL);
	if (!isfinite(f))
		return;
	value_double(b, f);
	m->param[m->n - 1].value = buf_cstr(b);
}
