/* mapping.h - the settings of a mapping, from options and from a file.
 *
 * Floor 2 (map). They are described in rudder-mapping(5), and are checked as
 * far as possible without a row.
 */
#ifndef MAP_SETTINGS_MAPPING_H
#define MAP_SETTINGS_MAPPING_H

#include "core/opt.h"
#include "map/value/field.h"
#include "map/value/path.h"

/* The settings as given on the command line; all borrowed. An option replaces
 * the setting of the mapping file.
 */
struct mapping_options {
	const char *file; /* a mapping file, or a rudder-cli project */
	struct opt_list connections; /* ids of connections in a project */
	const char *type;
	const char *user_id;
	const char *anonymous_id;
	const char *event;
	const char *event_column;
	const char *delete_event;
	const char *deletes; /* "send", "skip" */
	const char *group_id;
	const char *previous_id;
	const char *object;
	const char *timestamp;
	const char *jq;
	const char *where;
	const char *jq_numbers;
	const char *job_id;
	const char *numbers;
	const char *mask_key_file;
	struct opt_list nulls;          /* "omit", "column=omit" */
	struct opt_list defaults;       /* "column=JSON or text" */
	struct opt_list casts, masks;   /* "column=how" */
	struct opt_list identifiers;    /* lists: "email=EMAIL,phone" */
	struct opt_list columns;        /* lists: "email,name=full.name" */
	struct opt_list computed;       /* "path=expression" */
	struct opt_list constants;      /* "key=value" */
	struct opt_list json_constants; /* "key=JSON" */
	struct opt_list env_constants;  /* "key=VARIABLE" */
	struct opt_list run_constants;  /* "key=id", "key=start" */
};

/* An entry in the list of columns: a name, or a pattern with * and ?. */
struct mapping_column {
	char *name; /* owned, decoded */
	size_t n;
	bool glob;
	bool leave_out;
	bool renamed;       /* to is set; otherwise the column keeps its name */
	struct path to;     /* relative to the type's body, or from the root */
	struct field field; /* settings given with the entry in a file */
};

/* Settings for the values of the columns that match a name or pattern. */
struct mapping_setting {
	char *name; /* owned, decoded */
	struct field field;
};

/* Where a constant's value comes from. */
enum mapping_origin {
	MAPPING_SETTINGS,
	MAPPING_ENV,
	MAPPING_RUN_ID,
	MAPPING_RUN_START,
};

struct mapping_constant {
	struct path to;
	enum mapping_origin origin;
	char *variable; /* owned: environment variable, for MAPPING_ENV */
	char *json; /* owned; "null" for a value of the run until mapping_run */
	size_t n;
};

/* A value that a jq expression computes. */
struct mapping_computed {
	struct path to;
	char *program; /* owned */
};

/* How a jq program gets numbers that a double cannot hold. */
enum mapping_numbers {
	MAPPING_NUMBERS_REJECT,
	MAPPING_NUMBERS_STRING,
	MAPPING_NUMBERS_LITERAL,
};

/* The change of a row. A row that is not a change counts as an insert. */
enum mapping_action {
	MAPPING_INSERT,
	MAPPING_UPDATE,
	MAPPING_DELETE,
	MAPPING_ACTIONS,
};

/* "insert", "update", "delete". */
extern const char *const mapping_actions[MAPPING_ACTIONS];

struct mapping {
	const struct event_type *type; /* NULL only with jq */
	/* owned, or NULL: */
	char *user_id, *anonymous_id;
	char *event[MAPPING_ACTIONS]; /* event names, by action */
	char *event_column;
	char *group_id, *previous_id;
	char *object;    /* "DESTINATION-object" of the visual data mapper */
	char *timestamp; /* column of the event's time */
	char *jq;
	char *where; /* a jq condition */
	struct mapping_computed *computed;
	size_t n_computed;
	char *job_id;
	enum mapping_numbers jq_numbers;
	struct mapping_column *identifier; /* identifiers: names, no patterns */
	size_t n_identifiers;
	struct mapping_column *column;
	size_t n_columns;
	bool all; /* the list names no column: all columns that it does not
		   * exclude */
	struct mapping_constant *constant;
	size_t n_constants;
	struct mapping_setting *setting;
	size_t n_settings;
	enum field_null null; /* null policy of columns without a setting */
	char *mask_key_file;  /* owned, or NULL */
	struct buf mask_key;
	bool exact_numbers;
	bool skip_deletes; /* --deletes skip */
	char *file; /* owned: mapping file; NULL: options, or a project */
	struct mapping_place *place; /* owned: where each column was named */
	size_t n_places;
};

/* Maximum number of mappings in one file. */
enum { MAPPING_MAX = 64 };

struct mapping_list {
	struct mapping *v; /* owned */
	size_t n;
};

void mapping_list_clear(struct mapping_list *list);

/* Completes *m, which has the settings of the file, with the options and w, and
 * checks the result. A part of mapping_load.
 */
struct mapping_file_words;
int mapping_settle(struct mapping *m, const struct mapping_options *o,
		   const struct mapping_file_words *w, struct err *e) MUST_USE;

/* Sets the constants that are the run's id or its start. The start is taken
 * from the id, or is now_ms if the id has no time.
 */
void mapping_run(struct mapping *m, struct slice run, uint64_t now_ms);

void mapping_clear(struct mapping *m);

/* The settings for the value of a column, merged from all that match its name.
 * c is the column's entry in the list, or NULL. Returns NULL if they leave the
 * value as it is; otherwise the caller owns the result: field_clear and free.
 */
struct field *mapping_field(const struct mapping *m,
			    const struct mapping_column *c, struct slice name);

/* The same for a computed value, whose name is its path as written. */
struct field *mapping_computed_field(const struct mapping *m,
				     const struct mapping_computed *c);

/* Whether a setting is for a computed value. */
bool mapping_fits_computed(const struct mapping_setting *s,
			   const struct mapping_computed *c);

/* Whether a (decoded) name matches a pattern with * and ?. */
bool mapping_glob(struct slice pattern, struct slice name);

#endif
