#include "wire/stream/receipt_status.h"

static const char *const words[RECEIPT_STATUSES] = {
	[RECEIPT_ACCEPTED] = "accepted", [RECEIPT_DELIVERED] = "delivered",
	[RECEIPT_REJECTED] = "rejected", [RECEIPT_FAILED] = "failed",
	[RECEIPT_UNKNOWN] = "unknown",   [RECEIPT_SKIPPED] = "skipped",
	[RECEIPT_DRY_RUN] = "dry-run",
};

const char *receipt_status_word(enum receipt_status status)
{
	return words[status];
}

enum receipt_status receipt_status_of(struct slice word)
{
	enum receipt_status i = 0;

	while (i < RECEIPT_STATUSES && !slice_is(word, words[i]))
		i++;
	return i;
}
