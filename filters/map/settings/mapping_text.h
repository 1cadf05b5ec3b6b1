/* mapping_text.h - parses the small texts of a mapping, such as name=target.
 *
 * Floor 2 (map). The same for options and for a mapping file: lists of
 * columns, identifiers, constants, computed values, and what is done to values
 * (rudder-mapping(5)). On -1 *e has the kind ERR_USAGE for a word of the
 * command line that has not its form, else ERR_CONFIG.
 */
#ifndef MAP_SETTINGS_MAPPING_TEXT_H
#define MAP_SETTINGS_MAPPING_TEXT_H

#include "map/settings/mapping.h"

/* A copy that the caller owns; NULL of NULL. */
char *mapping_text_copy(const char *s);

/* A copy of s instead of what *to owns, unless s is NULL. */
void mapping_text_replace(char **to, const char *s);

struct slice mapping_text_trim(struct slice s);

/* Offset of the first c outside double quotes, or s.n. */
size_t mapping_text_split(struct slice s, char c);

/* One more, empty, in an array of n. */
struct mapping_column *mapping_text_column(struct mapping_column **v,
					   size_t *n);
void mapping_text_clear(struct mapping_column **v, size_t *n);

/* "name", "na*", "!name", "name=target"; the same with commas between. */
int mapping_text_one(struct mapping *m, struct slice s, struct err *e) MUST_USE;
int mapping_text_columns(struct mapping *m, struct slice s,
			 struct err *e) MUST_USE;

/* Where a column goes. */
int mapping_text_target(struct mapping_column *c, struct slice to,
			struct err *e) MUST_USE;

/* "name" or "name=KEY", with commas between. */
int mapping_text_identifiers(struct mapping *m, struct slice s,
			     struct err *e) MUST_USE;

/* Valid JSON without white space between its tokens, which the caller owns. */
char *mapping_text_json(struct slice json, size_t *n);

/* A constant; json is copied. */
int mapping_text_constant(struct mapping *m, struct slice key,
			  struct slice json, struct err *e) MUST_USE;

/* A constant from a variable of the environment, or from the run: what is "id"
 * or "start". ERR_CONFIG where the variable is not set.
 */
int mapping_text_env_constant(struct mapping *m, struct slice key,
			      const char *variable, struct err *e) MUST_USE;
int mapping_text_run_constant(struct mapping *m, struct slice key,
			      const char *what, struct err *e) MUST_USE;

/* All constants of the command line. */
int mapping_text_constants(struct mapping *m, const struct mapping_options *o,
			   struct err *e) MUST_USE;

/* A computed value; "path=expression". */
int mapping_text_computed(struct mapping *m, struct slice key,
			  const char *program, struct err *e) MUST_USE;
int mapping_text_computed_word(struct mapping *m, const char *word,
			       struct err *e) MUST_USE;

/* What is done to the columns of a name or pattern, to be filled. */
struct field *mapping_text_setting(struct mapping *m, struct slice name);
typedef int mapping_text_set_fn(struct field *f, const char *word,
				struct err *e);

/* "omit", "column=omit"; all options of that kind. */
int mapping_text_null(struct mapping *m, const char *word,
		      struct err *e) MUST_USE;
int mapping_text_fields(struct mapping *m, const struct mapping_options *o,
			struct err *e) MUST_USE;

/* The event's name of inserts and updates. */
void mapping_text_event(struct mapping *m, const char *name);

#endif
