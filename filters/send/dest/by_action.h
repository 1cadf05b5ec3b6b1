/* by_action.h - options with different values for inserts, updates and deletes.
 *
 * Floor 2 (send). The action is the member `action` of an event. For an event
 * without that member, the value for all events counts.
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
	BY_OTHERS, /* events without an action or with another action */
	BY_ACTIONS
};

/* The value of an option for each action; NULL: not given. Borrowed, except
 * with words, which are in text.
 */
struct by_action {
	const char *v[BY_ACTIONS];
	bool own[BY_ACTIONS]; /* given for this action, not only for all */
	struct buf text;      /* storage for the words */
};

/* HTTP statuses that are success besides 2xx. */
struct by_action_statuses {
	unsigned v[BY_ACTIONS][16];
	size_t n[BY_ACTIONS];
};

/* Returns the action of an event. json is the value of its member, or empty. */
enum by_action_which by_action_of(struct slice json);

/* Splits an option's value such as "delete=..." into the action and the rest,
 * which is returned. A value without such a prefix is for BY_OTHERS and
 * returned whole.
 */
const char *by_action_text(const char *value, enum by_action_which *which);

/* Reads the values of an option that may be given several times; list is NULL
 * if it is not given. words: the values are words separated by commas.
 * ERR_USAGE if there are two values for the same action. Free with
 * by_action_clear.
 */
int by_action_read(struct by_action *x, const char *option,
		   const struct opt_list *list, bool words,
		   struct err *e) MUST_USE;
void by_action_clear(struct by_action *x);

/* Reads values such as "404", "delete=404" or several with commas between.
 * ERR_USAGE.
 */
int by_action_read_statuses(struct by_action_statuses *x, const char *option,
			    const struct opt_list *list,
			    struct err *e) MUST_USE;

/* Whether a status is in the list of this action, or in the list for all. */
bool by_action_has_status(const struct by_action_statuses *x,
			  enum by_action_which which, unsigned status);

/* Whether one of the values is for a single action. words: as in
 * by_action_read.
 */
bool by_action_differs(const struct opt_list *list, bool words);

#endif
