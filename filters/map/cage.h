/* cage.h - what a process that runs other people's programs may still do.
 *
 * Floor 2 (map).
 */
#ifndef MAP_CAGE_H
#define MAP_CAGE_H

#include <stdbool.h>

/* From here on this process can compute, ask for memory, talk over descriptors
 * that are open, and end; it can open, connect, start and signal nothing else.
 * Best effort, by seccomp(2): false where the kernel has none.
 */
bool cage_enter(void);

#endif
