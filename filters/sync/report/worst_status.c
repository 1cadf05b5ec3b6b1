#include "sync/report/worst_status.h"

/* The kinds from worst to best. */
static const enum err_kind worst[] = {
	ERR_BUG,    ERR_CONFIG, ERR_DENIED, ERR_USAGE,    ERR_INPUT,
	ERR_CREATE, ERR_IO,     ERR_OS,     ERR_PROTOCOL, ERR_REFUSED,
	ERR_DATA,   ERR_TEMP,   ERR_EXPECT, ERR_BLOCKED,  ERR_PARTIAL,
};

static size_t rank_of(enum err_kind kind)
{
	size_t i = 0;

	while (i < COUNT_OF(worst) && worst[i] != kind)
		i++;
	return i;
}

enum err_kind worst_status_kind(int status)
{
	for (size_t i = 0; i < COUNT_OF(worst); i++) {
		if (status == err_status(worst[i]))
			return worst[i];
	}
	return status == 0 ? ERR_NONE : ERR_DATA;
}

int worst_status_pass(int status, struct err *e)
{
	return status == 0 ? 0
			   : err_set(e, worst_status_kind(status), "%s", "");
}

bool worst_status_is(enum err_kind a, enum err_kind b)
{
	return rank_of(a) < rank_of(b);
}
