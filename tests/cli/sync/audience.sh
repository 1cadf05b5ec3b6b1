# audience.sh - kills over syncs of an audience (--identity); `make fault` has more
exec "$TOP/tests/fault/kill.sh" 12 7 audience
