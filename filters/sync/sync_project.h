/* sync_project.h - reads the connections of a rudder-cli project as syncs.
 *
 * Floor 2 (sync). A project defines what is sent, but not where the warehouse
 * and the data plane are: these come from RUDDER_SOURCE, RUDDER_DEST and
 * RUDDER_WRITE_KEY. Each enabled connection is a sync named by its id, with the
 * state state/ID in the folder of the project.
 */
#ifndef SYNC_SYNC_PROJECT_H
#define SYNC_SYNC_PROJECT_H

#include "sync/sync_files.h"

/* Whether the path is a folder. */
bool sync_project_is(const char *path);

/* Adds the connections of the project in the folder. ERR_INPUT if it cannot be
 * read, ERR_CONFIG if it is not a project, has no connection, or RUDDER_DEST is
 * not set. look: only names and states are needed, so RUDDER_DEST may be unset.
 */
int sync_project_read(struct sync_files *all, const char *path, bool look,
		      struct err *e) MUST_USE;

#endif
