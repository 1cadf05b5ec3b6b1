# fault.sh - rudder-diff disturbed at one of 41 system calls; `make fault` has all
exec "$TOP/tests/fault/diff.sh" 41
