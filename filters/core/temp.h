/* temp.h - temporary files without a name.
 *
 * Floor 0.
 */
#ifndef CORE_TEMP_H
#define CORE_TEMP_H

#include "core/err.h"

/* Where temporary files go: $TMPDIR if it is set, else the folder, or /tmp
 * when that is NULL.
 */
const char *temp_dir(const char *folder);

/* Opens a new unnamed temporary file: its descriptor, or -1 ERR_CREATE. */
int temp_file(const char *dir, struct err *e) MUST_USE;

/* Maps n zero bytes of such a file; the caller unmaps them. NULL: ERR_CREATE,
 * ERR_IO.
 */
void *temp_map(const char *dir, size_t n, struct err *e) MUST_USE;

/* Writes n bytes at an offset of such a file in dir. ERR_IO. */
int temp_write(int fd, const void *from, size_t n, uint64_t at, const char *dir,
	       struct err *e) MUST_USE;

#endif
