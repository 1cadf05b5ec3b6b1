/* mapping_text.h - parses the small texts of a mapping, such as name=target.
 *
 * Floor 2 (map). Options and mapping files have the same texts: lists of
 * columns, identifiers, constants, computed values, and settings for values
 * (rudder-mapping(5)). On -1 the error is ERR_USAGE if a word of the command
 * line does not have the expected form, otherwise ERR_CONFIG.
 */
#ifndef MAP_SETTINGS_MAPPING_TEXT_H
#define MAP_SETTINGS_MAPPING_TEXT_H

#include "map/settings/mapping.h"

/* Returns a copy that the caller owns; NULL for NULL. */
char *mapping_text_copy(const char *s);

/* Replaces the text that *to owns by a copy of s, unless s is NULL. */
void mapping_text_replace(char **to, const char *s);

struct slice mapping_text_trim(struct slice s);

/* Offset of the first c outside double quotes, or s.n. */
size_t mapping_text_split(struct slice s, char c);

/* Appends an empty element to an array of *n elements and returns it. */
struct mapping_column *mapping_text_column(struct mapping_column **v,
					   size_t *n);
void mapping_text_clear(struct mapping_column **v, size_t *n);

/* Parses one entry of the list of columns: "name", "na*", "!name",
 * "name=target". mapping_text_columns: several, separated by commas.
 */
int mapping_text_one(struct mapping *m, struct slice s, struct err *e) MUST_USE;
int mapping_text_columns(struct mapping *m, struct slice s,
			 struct err *e) MUST_USE;

/* Sets the target of a column. */
int mapping_text_target(struct mapping_column *c, struct slice to,
			struct err *e) MUST_USE;

/* Parses identifiers: "name" or "name=KEY", separated by commas. */
int mapping_text_identifiers(struct mapping *m, struct slice s,
			     struct err *e) MUST_USE;

/* Returns a copy of valid JSON without white space between its tokens. The
 * caller owns it.
 */
char *mapping_text_json(struct slice json, size_t *n);

/* Adds a constant with the JSON text json, which is copied. */
int mapping_text_constant(struct mapping *m, struct slice key,
			  struct slice json, struct err *e) MUST_USE;

/* Adds a constant whose value is an environment variable, or comes from the
 * run: what is "id" or "start". ERR_CONFIG if the variable is not set.
 */
int mapping_text_env_constant(struct mapping *m, struct slice key,
			      const char *variable, struct err *e) MUST_USE;
int mapping_text_run_constant(struct mapping *m, struct slice key,
			      const char *what, struct err *e) MUST_USE;

/* Adds all constants of the command line. */
int mapping_text_constants(struct mapping *m, const struct mapping_options *o,
			   struct err *e) MUST_USE;

/* Adds a computed value. mapping_text_computed_word parses it from
 * "path=expression".
 */
int mapping_text_computed(struct mapping *m, struct slice key,
			  const char *program, struct err *e) MUST_USE;
int mapping_text_computed_word(struct mapping *m, const char *word,
			       struct err *e) MUST_USE;

/* Adds settings for the columns that match a name or pattern. The caller fills
 * the field that is returned.
 */
struct field *mapping_text_setting(struct mapping *m, struct slice name);
typedef int mapping_text_set_fn(struct field *f, const char *word,
				struct err *e);

/* Parses a null policy: "omit" for all columns, or "column=omit".
 * mapping_text_fields: all options with settings for values.
 */
int mapping_text_null(struct mapping *m, const char *word,
		      struct err *e) MUST_USE;
int mapping_text_fields(struct mapping *m, const struct mapping_options *o,
			struct err *e) MUST_USE;

/* Sets the event name of inserts and updates. */
void mapping_text_event(struct mapping *m, const char *name);

#endif
