"""Benchmarks: run by hand, never by the tests, and never part of the installed program."""
