/* stages.h - the commands of a sync, which rudder run starts and --print
 * prints.
 *
 * Floor 2 (sync). One list of stages is made from a sync file. rudder run
 * starts them as processes, --print writes them as text for sh(1), so the two
 * cannot differ.
 *
 *     one destination    query | diff | map | send | commit
 *     several            query | tee 'diff | map | send | commit' '...'
 *
 * With a cursor or delta each destination has its own pipeline, because each
 * state has its own cursor or base. With partitions each part has its own
 * pipeline.
 */
#ifndef SYNC_STAGES_H
#define SYNC_STAGES_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* A secret: a command gets the environment variable name with the value of the
 * variable from.
 */
struct stage_env {
	const char *name; /* RUDDER_SOURCE */
	const char *from; /* WAREHOUSE */
};

struct stage {
	enum sync_stage kind; /* SYNC_STAGES: tee */
	struct sync_texts argv;
	struct stage_env env; /* all NULL: none */
};

struct stages {
	struct stage *v; /* owned */
	size_t n;
};

/* How the mapping of a destination compares with that of its state. */
enum mapping_state {
	MAPPING_SAME,
	MAPPING_DUE,     /* the same, but some rows were not sent with it yet */
	MAPPING_CHANGED, /* a different mapping: all rows are sent again */
	MAPPING_NEW,     /* there is no state yet */
};

/* The options of a run that are not in its sync file. */
struct stages_options {
	bool full;     /* read and send every row */
	bool all_rows; /* read every row, whatever the cursor */
	bool dry_run;  /* write no state, send nothing */
	bool hold;     /* the changes are a plan */
	/* passed to rudder-diff unchanged; NULL: not given */
	const char *allow_deletes, *allow_resend, *lock_wait;
	bool accept_connection;
	const enum mapping_state *mapping; /* by destination; NULL: all are
					    * MAPPING_SAME */
};

/* Adds the stages of a destination, from rudder-diff to the commit. */
void stages_of_destination(struct stages *s, const struct sync_file *f,
			   size_t destination, const struct stages_options *o);

/* Adds all stages of one pipeline, for the n destinations of one part from
 * first.
 */
void stages_of_pipeline(struct stages *s, const struct sync_file *f,
			size_t first, size_t n, const struct stages_options *o);

/* The same in three steps, for a plan: rows to changes; changes to events;
 * events to receipts, and those to the state. dest NULL: that of the file.
 */
void stages_of_changes(struct stages *s, const struct sync_file *f,
		       size_t destination, const struct stages_options *o);
void stages_of_events(struct stages *s, const struct sync_file *f,
		      size_t destination);
void stages_of_delivery(struct stages *s, const struct sync_file *f,
			size_t destination, const char *dest);

/* Adds the query of a sync without the cursor or base of a state, to look at
 * its rows.
 */
void stages_of_rows(struct stages *s, const struct sync_file *f);

/* The same with the cursor or base of a destination's state, as in a run. */
void stages_of_cursor(struct stages *s, const struct sync_file *f,
		      size_t destination);

/* Adds rudder-diff of a destination (or of a copy of one), as a dry run. */
void stages_diff(struct stages *s, const struct sync_file *f,
		 const struct sync_destination *d);

/* The same for rudder-diff --commit; and for rudder-map with all its options.
 */
void stages_commit(struct stages *s, const struct sync_file *f,
		   const struct sync_destination *d);
void stages_map(struct stages *s, const struct sync_file *f,
		size_t destination);

/* Makes the last stage, a query, read only the part of a destination, if it has
 * one.
 */
void stages_partition(struct stages *s, const struct sync_file *f,
		      size_t destination);

/* Adds rudder-send of a destination. */
void stages_of_send(struct stages *s, const struct sync_file *f,
		    size_t destination);

/* Moves the stages of from, except the first skip stages, to the end of s. */
void stages_move(struct stages *s, struct stages *from, size_t skip);

/* Adds words, ended by NULL, to the last stage. */
void stages_add(struct stages *s, const char *const *words);

/* Adds a stage: a command of rudder with these words, ended by NULL. */
void stages_command(struct stages *s, enum sync_stage kind,
		    const char *const *words);

/* Whether each destination has a pipeline of its own. */
bool stages_apart(const struct sync_file *f);

/* Adds rudder-map with the mapping of a destination and no other options. */
void stages_mapping(struct stages *s, const struct sync_file *f,
		    size_t destination);

/* Appends the stages to b as text for sh(1), without LF at the end. */
void stages_text(struct buf *b, const struct stages *s);

/* All-zero is allowed. */
void stages_clear(struct stages *s);

#endif
