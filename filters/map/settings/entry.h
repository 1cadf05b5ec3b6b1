/* entry.h - the small texts of which a mapping is made, put into it.
 *
 * Floor 2 (map). The same for options and for a mapping file: lists of
 * columns, identifiers, constants, computed values, and what is done to values
 * (rudder-mapping(5)). On -1 *e has the kind ERR_USAGE for a word of the
 * command line that has not its form, else ERR_CONFIG.
 */
#ifndef MAP_SETTINGS_ENTRY_H
#define MAP_SETTINGS_ENTRY_H

#include "map/settings/mapping.h"

/* A copy that the caller owns; NULL of NULL. */
char *entry_copy(const char *s);

/* A copy of s instead of what *to owns, unless s is NULL. */
void entry_replace(char **to, const char *s);

struct slice entry_trim(struct slice s);

/* Offset of the first c outside double quotes, or s.n. */
size_t entry_split(struct slice s, char c);

/* One more, empty, in an array of n. */
struct mapping_column *entry_column(struct mapping_column **v, size_t *n);
void entry_clear(struct mapping_column **v, size_t *n);

/* "name", "na*", "!name", "name=target"; the same with commas between. */
int entry_one(struct mapping *m, struct slice s, struct err *e) MUST_USE;
int entry_columns(struct mapping *m, struct slice s, struct err *e) MUST_USE;

/* Where a column goes. */
int entry_target(struct mapping_column *c, struct slice to,
		 struct err *e) MUST_USE;

/* "name" or "name=KEY", with commas between. */
int entry_identifiers(struct mapping *m, struct slice s,
		      struct err *e) MUST_USE;

/* Valid JSON without white space between its tokens, which the caller owns. */
char *entry_json(struct slice json, size_t *n);

/* A constant; json is copied. */
int entry_constant(struct mapping *m, struct slice key, struct slice json,
		   struct err *e) MUST_USE;

/* A constant from a variable of the environment, or from the run: what is "id"
 * or "start". ERR_CONFIG where the variable is not set.
 */
int entry_env_constant(struct mapping *m, struct slice key,
		       const char *variable, struct err *e) MUST_USE;
int entry_run_constant(struct mapping *m, struct slice key, const char *what,
		       struct err *e) MUST_USE;

/* All constants of the command line. */
int entry_constants(struct mapping *m, const struct mapping_options *o,
		    struct err *e) MUST_USE;

/* A computed value; "path=expression". */
int entry_computed(struct mapping *m, struct slice key, const char *program,
		   struct err *e) MUST_USE;
int entry_computed_word(struct mapping *m, const char *word,
			struct err *e) MUST_USE;

/* What is done to the columns of a name or pattern, to be filled. */
struct field *entry_setting(struct mapping *m, struct slice name);
typedef int entry_set_fn(struct field *f, const char *word, struct err *e);

/* "omit", "column=omit"; all options of that kind. */
int entry_null(struct mapping *m, const char *word, struct err *e) MUST_USE;
int entry_fields(struct mapping *m, const struct mapping_options *o,
		 struct err *e) MUST_USE;

/* The event's name of inserts and updates. */
void entry_event(struct mapping *m, const char *name);

#endif
