# kill_rudder.sh - a short campaign of kills of rudder run; `make fault` has more
exec "$TOP/tests/fault/rudder.sh" 5 5
