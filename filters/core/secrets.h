/* secrets.h - keeps secrets out of core dumps, and from the commands of users.
 *
 * Floor 0.
 */
#ifndef CORE_SECRETS_H
#define CORE_SECRETS_H

/* Call before the first secret is read: from then on the memory of this process
 * is in no core dump, and no other process of the same user may read it or its
 * environment, and no library writes the keys of its TLS connections to the
 * file of SSLKEYLOGFILE. Commands it starts may leave a core again if they
 * raise the limit. A build for the address sanitizer stays readable, for its
 * leak check.
 */
void secrets_hold(void);

/* The environment for a command of the user: this process's own without the
 * variables that are for rudder's own tools. The array is the caller's to
 * free; the texts are not.
 */
char **secrets_command_env(void);

#endif
