/* confine.h - gives up the files that sending does not need.
 *
 * Floor 2 (send). A server's reply is other people's bytes, and libcurl is
 * large: what could go wrong there reaches no file of the user's (landlock.h).
 */
#ifndef SEND_CONFINE_H
#define SEND_CONFINE_H

#include "send/run.h"

/* Before the first request, when all files of the options are open and the
 * state is known. What stays in reach is for reading what libcurl looks up by
 * itself: the system's folders with name service, certificates and libraries,
 * and the folders of --cacert, --cert and --cert-key, where a file may be
 * renewed; for writing the state and the folders of --failed, --stats and
 * file:. Nothing is given up for destinations that run programs.
 */
void confine_run(struct run *r);

#endif
