/* base.h - the dialect: force-included before every source file (-include).
 *
 * Floor 0. No functions, only feature macros and attributes.
 */
#ifndef CORE_BASE_H
#define CORE_BASE_H

/* POSIX.1-2008, and from Linux: flock(2), F_SETPIPE_SZ, memrchr(3). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUDDER_VERSION "0.1.0"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NO_RETURN         __attribute__((noreturn))
#define NO_INLINE         __attribute__((noinline))
#define ALWAYS_INLINE     __attribute__((always_inline)) inline
#define LIKELY(x)         __builtin_expect(!!(x), 1)
#define UNLIKELY(x)       __builtin_expect(!!(x), 0)
#else
#define MUST_USE
#define PRINTF_LIKE(f, a)
#define NO_RETURN
#define NO_INLINE
#define ALWAYS_INLINE inline
#define LIKELY(x)     (x)
#define UNLIKELY(x)   (x)
#endif

/* Whether this is a build with the address sanitizer, gcc's or clang's: it
 * needs more memory than any limit, and reads files of its own.
 */
#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* Whether processes give up access that they do not need. Not in a coverage
 * build, where they write coverage data when they end (make coverage).
 */
#ifdef UNCONFINED
#define CONFINED 0
#else
#define CONFINED 1
#endif

#endif
