/* confine.h - gives up the files that sending does not need.
 *
 * Floor 2 (send). Replies of a server are untrusted input, and libcurl is
 * large. Landlock (landlock.h) limits the damage of a fault there: it cannot
 * reach the user's files.
 */
#ifndef SEND_CONFINE_H
#define SEND_CONFINE_H

#include "send/run.h"

/* Call it before the first request, when all files of the options are open and
 * the state is known. Still readable is what libcurl opens by itself: the
 * system's folders with name service, certificates and libraries, and the
 * folders of --cacert, --cert and --cert-key, where a file may be renewed.
 * Still writable are the state and the folders of --failed, --stats and file:.
 * Destinations that run programs give up nothing.
 */
void confine_run(struct run *r);

#endif
