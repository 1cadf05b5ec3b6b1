# picture.sh - the picture in README shows what the commands show today
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
# but for the ids, which are made of a random salt
same() { sed -E 's/"job_id":"[^<]*|>[0-9a-f]{2}",|"messageId":"[^"]*//' "$1"; }
"$TOP/tests/package/picture.sh" >now.svg
same now.svg >now
same "$TOP/man/html/session.svg" >shown
diff -u shown now || fail 'README shows an older session: run make picture'
