/* dest_option.h - options that belong to single destinations.
 *
 * Floor 2 (send). A driver names its groups of options: its own, and those that
 * it shares with others (network.h). Each group has rows for --help and a
 * struct of settings that receives the values. dest.c merges the groups of all
 * drivers into the table of the command. To add an option to a driver:
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

/* What kind of value an option takes, and the type of its setting. */
enum dest_kind {
	DEST_FLAG,  /* bool */
	DEST_TEXT,  /* const char *, borrowed; NULL: not given */
	DEST_COUNT, /* uint64_t; this and the next two as in struct opt */
	DEST_MSEC,  /* uint64_t */
	DEST_LIST,  /* struct opt_list */
};

struct dest_option {
	const char *name, *arg, *help; /* as in struct opt */
	enum dest_kind kind;
	size_t at;          /* offset of its setting in the group's settings */
	uint64_t otherwise; /* default of a COUNT or MSEC */
	const char *values; /* as in struct opt */
	bool in_profile;    /* --profile may set it */
};

struct dest_group {
	const struct dest_option *option;
	size_t n;
	size_t size; /* size of the settings, which are zero if no option is
		      * given */

	/* Checks that the settings fit together: 0, or -1 with ERR_USAGE. May
	 * be NULL.
	 */
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
	const char *scheme[DEST_SCHEMES]; /* schemes of the drivers that have
					   * the group */
	char who[80];                     /* "rudder: and segment:" */
	bool given[DEST_GROUP_OPTIONS];
};

/* The options of all groups on a command line. All zero: none. */
struct dest_given {
	struct dest_given_group of[DEST_GROUPS];
	size_t n;
};

/* Declares that the driver of that scheme has the groups in own; NULL ends the
 * list.
 */
void dest_option_add(struct dest_given *g, const struct dest_group *const *own,
		     const char *scheme);

/* Fills row with the rows of all added groups, one group after the other; their
 * values go to g. Returns the number of rows, at most max.
 */
size_t dest_option_rows(struct dest_given *g, struct opt *row, size_t max);

/* Returns 0, or -1 with ERR_USAGE if an option is given that is in none of the
 * groups in own, or if the check of one of these groups fails.
 */
int dest_option_check(const struct dest_given *g,
		      const struct dest_group *const *own,
		      struct err *e) MUST_USE;

/* Returns the settings of a group: never NULL, all zero for a group that was
 * not added. They live as long as g; the texts in them live as long as argv.
 */
const void *dest_option_settings(const struct dest_given *g,
				 const struct dest_group *group);

/* Frees the settings. Call opt_clear first. */
void dest_option_clear(struct dest_given *g);

#endif
