/* mem.h - allocation that does not fail: it ends the program instead.
 *
 * Floor 0. Running out of memory is ERR_OS (status 71). A filter that dies
 * here has written only whole records, so running it again is safe.
 */
#ifndef CORE_MEM_H
#define CORE_MEM_H

#include "core/err.h"

/* Returns the exit status when the program ends for lack of memory; core/tool.c
 * sets it.
 */
typedef int mem_end_fn(const struct err *e);
void mem_at_end(mem_end_fn *fn);

/* Never NULL, even for size 0. p may be NULL and is invalid after the call. */
void *mem_resize(void *p, size_t size) MUST_USE;
void *mem_zero(size_t size) MUST_USE;

/* As mem_zero, for a table of many megabytes with random access: in huge pages,
 * if the system provides them on request. With small pages each access would
 * also need a page-table lookup in memory.
 */
void *mem_table(size_t size) MUST_USE;

/* Uninitialized memory of size bytes, a multiple of MEM_HUGE: in huge pages, if
 * the system provides them on request, so that filling it causes few page
 * faults.
 */
#define MEM_HUGE ((size_t)2 * 1024 * 1024)
void *mem_huge(size_t size) MUST_USE;
void mem_huge_free(void *p, size_t size);

/* A copy of n bytes with a NUL after them; the caller frees it. */
char *mem_copy(const char *p, size_t n) MUST_USE;

#endif
