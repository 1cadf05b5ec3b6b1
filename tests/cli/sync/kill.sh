# kill.sh - a short campaign of kills over whole syncs; `make fault` has more
exec "$TOP/tests/fault/kill.sh" 10 7
