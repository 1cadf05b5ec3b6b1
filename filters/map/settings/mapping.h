/* mapping.h - the settings of a mapping, from options and from a file.
 *
 * Floor 2 (map). What rudder-mapping(5) describes, checked as far as that is
 * possible without a row.
 */
#ifndef MAP_SETTINGS_MAPPING_H
#define MAP_SETTINGS_MAPPING_H

#include "core/opt.h"
#include "map/value/field.h"
#include "map/value/path.h"

/* As given on the command line; all borrowed. Those of a mapping file count
 * where the command line says nothing.
 */
struct mapping_options {
	const char *file; /* a mapping file, or a rudder-cli project */
	struct opt_list connections; /* of a project */
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

/* A column to take: by name, or by pattern with * and ?. */
struct mapping_column {
	char *name; /* owned, decoded */
	size_t n;
	bool glob;
	bool leave_out;
	bool renamed;       /* to is set; else the name as it is */
	struct path to;     /* within the type's body, or from the root */
	struct field field; /* of an object in a file */
};

/* What is done to the values of the columns that fit a name or pattern. */
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
	char *variable; /* owned: of MAPPING_ENV */
	char *json;     /* owned; of a run "null" until mapping_run */
	size_t n;
};

/* A value that a jq expression makes. */
struct mapping_computed {
	struct path to;
	char *program; /* owned */
};

/* What numbers go into a jq program that a double cannot carry. */
enum mapping_numbers {
	MAPPING_NUMBERS_REJECT,
	MAPPING_NUMBERS_STRING,
	MAPPING_NUMBERS_LITERAL,
};

/* What happens to a row; a row that is not a change is an insert. */
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
	char *event[MAPPING_ACTIONS]; /* names, by what the row is */
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
	struct mapping_column *identifier; /* of records: named ones only */
	size_t n_identifiers;
	struct mapping_column *column;
	size_t n_columns;
	bool all; /* no column is named: all that are not left out */
	struct mapping_constant *constant;
	size_t n_constants;
	struct mapping_setting *setting;
	size_t n_settings;
	enum field_null null; /* of columns without a setting */
	char *mask_key_file;  /* owned, or NULL */
	struct buf mask_key;
	bool exact_numbers;
	bool skip_deletes;           /* on purpose */
	char *file;                  /* owned; NULL: options, or a project */
	struct mapping_place *place; /* owned: what names a column */
	size_t n_places;
};

/* Mappings in one file, at most. */
enum { MAPPING_MAX = 64 };

struct mapping_list {
	struct mapping *v; /* owned */
	size_t n;
};

void mapping_list_clear(struct mapping_list *list);

/* The options over what a file has said, and whether all of it is a mapping;
 * a part of mapping_load.
 */
struct mapping_file_words;
int mapping_settle(struct mapping *m, const struct mapping_options *o,
		   const struct mapping_file_words *w, struct err *e) MUST_USE;

/* The run is known: its id, and when it started by the id, or else now_ms. */
void mapping_run(struct mapping *m, struct slice run, uint64_t now_ms);

void mapping_clear(struct mapping *m);

/* What is done to a column's value, from all that fits its name; c is its
 * entry, or NULL. NULL: nothing. Takes the caller's: field_clear and free.
 */
struct field *mapping_field(const struct mapping *m,
			    const struct mapping_column *c, struct slice name);

/* The same for a computed value, by its path as it is written. */
struct field *mapping_computed_field(const struct mapping *m,
				     const struct mapping_computed *c);

/* Whether a setting is for a computed value. */
bool mapping_fits_computed(const struct mapping_setting *s,
			   const struct mapping_computed *c);

/* Whether a (decoded) name fits a pattern with * and ?. */
bool mapping_glob(struct slice pattern, struct slice name);

#endif
