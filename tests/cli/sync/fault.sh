# fault.sh - rudder-diff disturbed at each fifth system call; `make fault` has all
exec "$TOP/tests/fault/diff.sh" 5
