/* dest_option.h - options that destinations have of their own.
 *
 * Floor 2 (send). A driver names its groups of options: its own, and those that
 * it shares with others (network.h). Each group has rows for --help and a
 * struct of settings into which the values go. dest.c merges the groups of all
 * drivers into the table of the command. Adding an option to a driver:
 *
 *     struct file_settings {
 *             uint64_t rotate_bytes;
 *     };
 *     static const struct dest_option rows[] = {
 *             {"rotate", "<size>", "start a new file at this size", DEST_COUNT,
 *              .at = offsetof(struct file_settings, rotate_bytes)},
 *     };
 *     static const struct dest_group own = {rows, COUNT_OF(rows),
 *                                           sizeof(struct file_settings)};
 *     const struct dest dest_file = {..., .groups = {&own}};
 *
 *     const struct file_settings *s = dest_option_settings(o->given, &own);
 */
#ifndef SEND_DEST_DEST_OPTION_H
#define SEND_DEST_DEST_OPTION_H

#include <stddef.h>

#include "core/opt.h"

/* What an option takes, and of which type its setting is. */
enum dest_kind {
	DEST_FLAG,  /* bool */
	DEST_TEXT,  /* const char *, borrowed; NULL: not given */
	DEST_COUNT, /* uint64_t; these three as of struct opt */
	DEST_MSEC,  /* uint64_t */
	DEST_LIST,  /* struct opt_list */
};

struct dest_option {
	const char *name, *arg, *help; /* as of struct opt */
	enum dest_kind kind;
	size_t at;          /* where its setting is in those of its group */
	uint64_t otherwise; /* value of a COUNT or MSEC that is not given */
	const char *values; /* as of struct opt */
	bool in_profile;    /* --profile may set it */
};

struct dest_group {
	const struct dest_option *option;
	size_t n;
	size_t size; /* of the settings: zero where nothing is given */

	/* Whether they go together: 0, or -1 with ERR_USAGE. May be NULL. */
	int (*check)(const void *settings, struct err *e);
};

enum {
	DEST_GROUPS = 16,
	DEST_GROUP_OPTIONS = 24,
	DEST_SCHEMES = 16,
	DEST_OWN = 5
}; /* groups of one driver, and NULL */

/* One group on a command line. */
struct dest_given_group {
	const struct dest_group *group;
	void *settings;
	const char *scheme[DEST_SCHEMES]; /* of the drivers that have it */
	char who[80];                     /* "rudder: and segment:" */
	bool given[DEST_GROUP_OPTIONS];
};

/* What a command line gives of all groups. All zero: nothing. */
struct dest_given {
	struct dest_given_group of[DEST_GROUPS];
	size_t n;
};

/* The driver of that scheme has the groups in own, ended by NULL. */
void dest_option_add(struct dest_given *g, const struct dest_group *const *own,
		     const char *scheme);

/* Rows of all groups added, one group after the other, whose values go to g.
 * Returns their number, at most max.
 */
size_t dest_option_rows(struct dest_given *g, struct opt *row, size_t max);

/* 0, or -1 with ERR_USAGE where an option is given that is in none of the
 * groups in own, or one of those finds its settings wrong.
 */
int dest_option_check(const struct dest_given *g,
		      const struct dest_group *const *own,
		      struct err *e) MUST_USE;

/* The settings of a group: never NULL, all zero for a group that was not added.
 * They live as long as g, the texts in them as long as argv.
 */
const void *dest_option_settings(const struct dest_given *g,
				 const struct dest_group *group);

/* Frees the settings, after opt_clear. */
void dest_option_clear(struct dest_given *g);

#endif
