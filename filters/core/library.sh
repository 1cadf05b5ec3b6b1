#!/bin/sh
# library.sh - the jumps and tables of core/library.h, as C.
#
#   library.sh OBJECTS FILE...
#
# OBJECTS is an archive, each FILE a shared library as the linker finds it
# (/usr/lib/…/libpq.so). Of each, the functions that OBJECTS calls get a jump.
set -eu
objects=$1
shift
calls=$(mktemp)
trap 'rm -f "$calls"' EXIT
nm -u "$objects" 2>/dev/null | awk '$1 == "U" {print $2}' | LC_ALL=C sort -u >"$calls"

cat <<'C'
/* Made by core/library.sh. */
#include "core/library.h"

#if defined(__x86_64__)
#define JUMP(table, i, name)                                                   \
	__asm__(".text\n.globl " #name "\n.hidden " #name "\n"                 \
		".type " #name ",@function\n" #name ":\n"                      \
		"endbr64\njmp *" #table "+8*" #i "(%rip)\n"                    \
		".size " #name ", .-" #name "\n");
#elif defined(__aarch64__)
#define JUMP(table, i, name)                                                   \
	__asm__(".text\n.globl " #name "\n.hidden " #name "\n"                 \
		".type " #name ",@function\n" #name ":\n"                      \
		"hint 34\nadrp x16, " #table "+8*" #i "\n"                     \
		"ldr x16, [x16, #:lo12:" #table "+8*" #i "]\nbr x16\n"         \
		".size " #name ", .-" #name "\n");
#endif
C
rows=
for file in "$@"; do
	so=$(objdump -p "$file" | awk '$1 == "SONAME" {print $2}')
	word=${file##*/lib} word=${word%.so}
	nm -D --defined-only "$file" | awk '$2 ~ /[TWi]/ {sub(/@.*/, "", $3); print $3}' | LC_ALL=C sort -u |
		LC_ALL=C join - "$calls" | awk -v t="library_$word" -v q='"' '
		{ names = names q $1 q ", "; at = at "library_early, "; jumps = jumps "JUMP(" t ", " n++ ", " $1 ")\n" }
		END {
			print "static const char *const " t "_names[] = {" names "0};"
			print "__attribute__((visibility(" q "hidden" q "))) extern library_fn *" t "[];"
			print "library_fn *" t "[] = {" at "0};"
			printf "%s", jumps
		}'
	rows="$rows	{\"$word\", \"$so\", library_${word}_names, library_$word, false},
"
done
printf 'struct library library_all[] = {\n%s\t{0}};\n' "$rows"
