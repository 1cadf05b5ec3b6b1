/* mem.h - allocation that does not fail: it ends the program instead.
 *
 * Floor 0. Running out of memory is ERR_OS (status 71). A filter that dies
 * here has written only whole records, so running it again is safe.
 */
#ifndef CORE_MEM_H
#define CORE_MEM_H

#include "core/err.h"

/* The status with which the program ends without memory; core/tool.c sets it.
 */
typedef int mem_end_fn(const struct err *e);
void mem_at_end(mem_end_fn *fn);

/* Never NULL, also for size 0. p may be NULL and is dead after the call. */
void *mem_resize(void *p, size_t size) MUST_USE;
void *mem_zero(size_t size) MUST_USE;

/* As mem_zero, for a table of many megabytes that is read at random: in huge
 * pages, if the system gives them when asked, or else the addresses themselves
 * must be looked up in memory each time.
 */
void *mem_table(size_t size) MUST_USE;

/* Memory of size bytes, a multiple of MEM_HUGE, that is not set: in huge pages,
 * if the system gives them when asked, so that filling it costs few faults.
 */
#define MEM_HUGE ((size_t)2 * 1024 * 1024)
void *mem_huge(size_t size) MUST_USE;
void mem_huge_free(void *p, size_t size);

/* A copy of n bytes with a NUL behind them; the caller frees it. */
char *mem_copy(const char *p, size_t n) MUST_USE;

#endif
