#include "diff/pass/pass.h"

#include "core/clock.h"
#include "core/tool.h"

static const char *const modes[] = {
	[PASS_UPSERT] = "upsert",
	[PASS_MIRROR] = "mirror",
	[PASS_INSERT_ONLY] = "insert-only",
	[PASS_UPDATE_ONLY] = "update-only",
	[PASS_FULL] = "full",
};

const char *pass_mode_word(enum pass_mode m)
{
	return modes[m];
}

bool pass_mode_read(const char *word, enum pass_mode *m)
{
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		if (strcmp(word, modes[i]) == 0) {
			*m = (enum pass_mode)i;
			return true;
		}
	}
	return false;
}

void pass_set_note(struct pass_leaving *leaving, enum snapshot_note which,
		   struct slice text)
{
	leaving->note[which].n = 0;
	buf_slice(&leaving->note[which], text);
	leaving->says[which] = true;
}

/* A run keeps its id until all its changes are acknowledged. Otherwise the id
 * is that of the producer, or a new one.
 */
int pass_choose_id(struct pass_asked *asked, struct pass_base *base,
		   struct slice given, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	if (base->known && base->known->resumed &&
	    clock_is_run_id(base->known->pending.run))
		given = base->known->pending.run;
	if (given.n > 0)
		buf_slice(&b, given);
	else
		rc = clock_given_run_id(&b, e);
	if (b.n >= sizeof(asked->id))
		b.n = sizeof(asked->id) - 1;
	memcpy(asked->id, b.p ? b.p : "", b.n);
	asked->id[b.n] = '\0';
	tool_set_owner(slice_of(NULL, 0), slice_str(asked->id));
	buf_clear(&b);
	return rc;
}
