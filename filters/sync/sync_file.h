/* sync_file.h - sync files: rudder-sync-file(5), read and checked.
 *
 * Floor 2 (sync). A sync file is a YAML document that describes one sync: a
 * source, a model, a mapping, destinations. Here it is checked as far as it can
 * be without the filters: unknown keys, kinds of values, what is missing. The
 * values of options are left to the filters, which know them.
 *
 * Strings are expanded: ${NAME} is the variable of the environment,
 * ${NAME:-text} has a default, and $${ is ${ as it stands. The texts of `sql`,
 * `mapping`, `body` and of hooks are not: their languages have a $ of their
 * own.
 *
 * Paths in a file start at its folder, or at the one above where the file is in
 * a folder named syncs. They are kept as given; sync_file.folder has the start.
 */
#ifndef SYNC_SYNC_FILE_H
#define SYNC_SYNC_FILE_H

#include "core/err.h"
#include "sync/sync_settings.h"

/* The folder in which sync files are looked up by name. */
#define SYNC_FILE_FOLDER "syncs"

/* Where the mapping is. */
enum sync_mapping {
	SYNC_MAPPING_NONE,
	SYNC_MAPPING_HERE, /* in the sync file, where rudder-map -m reads it */
	SYNC_MAPPING_FILE, /* in a separate file */
};

/* With `partitions` there is one of these for each part of each destination:
 * first part 0 of all, then part 1.
 */
struct sync_destination {
	char *name;          /* "" where the file has one `destination`; with
			      * parts "2" or "crm/2" */
	char *dest;          /* the URL of rudder-send -d */
	char *state;         /* folder: `state`, or STATE/NAME; never NULL; with
			      * parts the number of the part is below it */
	unsigned part;       /* from 0 */
	char *write_key_env; /* the variable of `write_key`, or NULL */
	enum sync_mapping mapping; /* its own; NONE: the file's */
	char *mapping_file;
	struct sync_settings set; /* of DIFF, MAP, SEND and COMMIT */
	unsigned line;
};

enum sync_model {
	SYNC_MODEL_FILE,    /* a file with a SELECT */
	SYNC_MODEL_SQL,     /* the SELECT itself */
	SYNC_MODEL_TABLE,   /* all rows of a table or view */
	SYNC_MODEL_DBT,     /* a model of a dbt manifest */
	SYNC_MODEL_PROJECT, /* a model of a rudder-cli project */
	SYNC_MODEL_SOURCE,  /* the source is the model: csv:, exec:, ... */
};

enum sync_hook { SYNC_SUCCESS, SYNC_FAILURE, SYNC_EXPECTATION, SYNC_HOOKS };

struct sync_file {
	char *path;   /* as it was given */
	char *folder; /* where paths in it start: "." or "DIR/.." */
	char *inside; /* path of the file from folder: "syncs/users.yaml" */
	char *name;   /* letters, digits, ".", "_" and "-" */
	char *description; /* or NULL */
	char *wrong;       /* why this is a guess; NULL: the file was read */

	char *source;     /* a URL, or NULL where a variable has it */
	char *source_env; /* the NAME of `source: env:NAME`, or NULL */
	enum sync_model model_kind;
	char *model;    /* file, SELECT, table or name of a model; or NULL */
	char *model_of; /* the manifest, or the project */

	enum sync_mapping mapping;
	char *mapping_file;
	char *connection; /* of a rudder-cli project: its id, or NULL */
	char *schedule;   /* the same: when it runs, as in a crontab, or NULL */
	struct sync_destination *destination; /* owned, in the file's order */
	size_t n_destinations;                /* at least 1 */
	unsigned parts;                       /* `partitions`; 0: not given */
	struct sync_settings set;             /* of all stages but SEND */

	struct sync_texts tags, after;      /* after: names of other syncs */
	struct sync_texts hook[SYNC_HOOKS]; /* texts for sh(1) */
	uint64_t hook_timeout_ms;
	uint64_t max_age_ms; /* maximum age of the last success; 0: not given */
};

enum { SYNC_FILE_PARTS = 1024 };

#define SYNC_FILE_HOOK_MS ((uint64_t)60 * 1000) /* hook_timeout */

/* Reads one file. ERR_INPUT if it does not exist; ERR_CONFIG, with file and
 * line, for everything else. For an unknown key the error suggests one. The
 * file must be cleared in any case.
 */
int sync_file_read(struct sync_file *f, const char *path,
		   struct err *e) MUST_USE;

/* The same for callers that need only names and states: variables that are not
 * set are not an error and stay as written.
 */
int sync_file_look(struct sync_file *f, const char *path,
		   struct err *e) MUST_USE;

/* Appends a path in the file, which is relative to its folder, as a path from
 * the working directory.
 */
void sync_file_path(const struct sync_file *f, const char *path, struct buf *b);

/* The number of destinations in each part, or of all without parts. */
size_t sync_file_width(const struct sync_file *f);

/* Whether the name is allowed for a sync or destination: letters, digits, ".",
 * "_" and "-", not starting with "." or "-".
 */
bool sync_file_good_name(const char *name);

/* All-zero is allowed. */
void sync_file_clear(struct sync_file *f);

/* The setting of a stage for a destination: its own, or else that of the file.
 * NULL if neither has it. option is the long name without dashes.
 */
const struct sync_setting *sync_file_setting(const struct sync_file *f,
					     const struct sync_destination *d,
					     enum sync_stage stage,
					     const char *option);

#endif
