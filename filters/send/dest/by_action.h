/* by_action.h - options with different values for inserts, updates and
 * deletes.
 *
 * Floor 2 (send). The action is the member `action` of an event; events without
 * one have what is said for all.
 */
#ifndef SEND_DEST_BY_ACTION_H
#define SEND_DEST_BY_ACTION_H

#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"
#include "core/slice.h"

enum by_action_which {
	BY_INSERT,
	BY_UPDATE,
	BY_DELETE,
	BY_OTHERS, /* events without an action, or with one of their own */
	BY_ACTIONS
};

/* The value of an option for each; NULL: not given. Borrowed, but for words. */
struct by_action {
	const char *v[BY_ACTIONS];
	bool own[BY_ACTIONS]; /* given for this one, and not for all */
	struct buf text;      /* where words live */
};

/* Statuses that are success besides 2xx. */
struct by_action_statuses {
	unsigned v[BY_ACTIONS][16];
	size_t n[BY_ACTIONS];
};

/* The action of an event, as JSON or empty. */
enum by_action_which by_action_of(struct slice json);

/* The part of an option's value that is behind "delete=", and for which it is:
 * BY_OTHERS for all, with the whole value.
 */
const char *by_action_text(const char *value, enum by_action_which *which);

/* From an option that may be given several times; NULL: not at all. words: its
 * values are words with commas between them. ERR_USAGE where it is given twice
 * for the same. by_action_clear frees.
 */
int by_action_read(struct by_action *x, const char *option,
		   const struct opt_list *list, bool words,
		   struct err *e) MUST_USE;
void by_action_clear(struct by_action *x);

/* From "404", "delete=404" or several, with commas. ERR_USAGE. */
int by_action_read_statuses(struct by_action_statuses *x, const char *option,
			    const struct opt_list *list,
			    struct err *e) MUST_USE;

/* Whether a status is one of those of an action, or of all. */
bool by_action_has_status(const struct by_action_statuses *x,
			  enum by_action_which which, unsigned status);

/* Whether one of the values is for one action only. words: as above. */
bool by_action_differs(const struct opt_list *list, bool words);

#endif
