/* profile.h - options of webhooks from a file: --profile NAME.
 *
 * Floor 2 (send). A profile is YAML or JSON with the long names of options,
 * with _ for -, and a text, a number or a list each: what an API wants, and no
 * secret. An option on the command line counts instead of that of the profile.
 */
#ifndef SEND_PROFILE_H
#define SEND_PROFILE_H

#include "send/send.h"

struct doc;

/* Fills what is not given in o. name: a path, where it has a slash, or that of
 * a file NAME.yaml in share/rudder/profiles beside the folder of this command,
 * or in examples/profiles of the sources. *text, which the options point into,
 * is to be freed by doc_free when they are not needed any more. ERR_USAGE,
 * ERR_CONFIG, ERR_INPUT.
 */
int profile_load(struct send_options *o, const char *name, struct doc **text,
		 struct err *e) MUST_USE;

#endif
