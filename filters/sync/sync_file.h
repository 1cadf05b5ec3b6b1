/* sync_file.h - reads and checks sync files: rudder-sync-file(5).
 *
 * Floor 2 (sync). A sync file is a YAML document that describes one sync: a
 * source, a model, a mapping, destinations. Here it is checked as far as
 * possible without the filters: unknown keys, kinds of values, missing members.
 * The values of options are checked by the filters.
 *
 * Variables are expanded in strings: ${NAME} is an environment variable,
 * ${NAME:-text} has a default, and $${ means ${ itself. They are not expanded
 * in `sql`, `mapping`, `body` and hooks, whose languages use $ themselves.
 *
 * Paths in a file are relative to its folder, or to the folder above if the
 * file is in a folder named syncs. They are kept as given; sync_file.folder is
 * what they are relative to.
 */
#ifndef SYNC_SYNC_FILE_H
#define SYNC_SYNC_FILE_H

#include "core/err.h"
#include "sync/sync_settings.h"

/* The folder in which sync files are looked up by name. */
#define SYNC_FILE_FOLDER "syncs"

/* Location of a mapping. */
enum sync_mapping {
	SYNC_MAPPING_NONE,
	SYNC_MAPPING_HERE, /* in the sync file, where rudder-map -m reads it */
	SYNC_MAPPING_FILE, /* in a separate file */
};

/* One destination. With `partitions` there is one of these for each part of
 * each destination: first part 0 of all, then part 1.
 */
struct sync_destination {
	char *name;          /* "" if the file has one `destination`; with parts
			      * "2" or "crm/2" */
	char *dest;          /* the URL of rudder-send -d */
	char *state;         /* folder: `state`, or STATE/NAME; never NULL; with
			      * parts, followed by the number of the part */
	unsigned part;       /* from 0 */
	char *write_key_env; /* variable named by `write_key`, or NULL */
	enum sync_mapping mapping; /* its own mapping; NONE: that of the file */
	char *mapping_file;
	struct sync_settings set; /* settings of DIFF, MAP, SEND and COMMIT */
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
	char *path;   /* as given */
	char *folder; /* folder to which its paths are relative: "." or "DIR/.."
		       */
	char *inside; /* path of the file from folder: "syncs/users.yaml" */
	char *name;   /* letters, digits, ".", "_" and "-" */
	char *description; /* or NULL */
	char *wrong;       /* why this is a guess; NULL: the file was read */

	char *source;     /* a URL, or NULL if a variable has it */
	char *source_env; /* the NAME of `source: env:NAME`, or NULL */
	enum sync_model model_kind;
	char *model;    /* file, SELECT, table or name of a model; or NULL */
	char *model_of; /* the manifest, or the project */

	enum sync_mapping mapping;
	char *mapping_file;
	char *connection; /* id of the connection in a rudder-cli project, or
			   * NULL */
	char *schedule;   /* schedule of that connection, as in a crontab, or
			   * NULL */
	struct sync_destination *destination; /* owned, in the file's order */
	size_t n_destinations;                /* at least 1 */
	unsigned parts;                       /* `partitions`; 0: not given */
	struct sync_settings set;             /* settings of all stages except
					       * SEND */

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
