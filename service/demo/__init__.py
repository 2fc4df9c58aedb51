"""The demo desk: made-up people, units, articles and cases in every step, with the password `demo`."""
