/* profile.h - reads options for a webhook from a file: --profile NAME.
 *
 * Floor 2 (send). A profile is a YAML or JSON object. Its names are the long
 * names of options with _ instead of -; its values are texts, numbers or lists.
 * It has what an API requires, and no secrets. An option on the command line
 * overrides the profile.
 */
#ifndef SEND_PROFILE_H
#define SEND_PROFILE_H

#include "send/send.h"

struct doc;

/* Sets the options in o that the command line did not set. name: a path if it
 * has a slash; else the file NAME.yaml in share/rudder/profiles next to the
 * folder of this command, or in examples/profiles of the sources. The options
 * point into *text: free it with doc_free after their last use. ERR_USAGE,
 * ERR_CONFIG, ERR_INPUT.
 */
int profile_load(struct send_options *o, const char *name, struct doc **text,
		 struct err *e) MUST_USE;

#endif
