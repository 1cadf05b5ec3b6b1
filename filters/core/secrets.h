/* secrets.h - keeps secrets out of core dumps, and from the commands of users.
 *
 * Floor 0.
 */
#ifndef CORE_SECRETS_H
#define CORE_SECRETS_H

/* Call it before the first secret is read. From then on no core dump has the
 * memory of this process, no other process of the same user may read its memory
 * or environment, and no library writes TLS keys to SSLKEYLOGFILE. Commands
 * that it starts can raise the limit for core dumps. A build for the address
 * sanitizer stays readable, for its leak check.
 */
void secrets_hold(void);

/* The environment for a command of the user: that of this process without the
 * variables for rudder's own tools. The caller frees the array, but not the
 * texts.
 */
char **secrets_command_env(void);

#endif
