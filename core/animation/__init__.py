"""Turns one driving frame into one finished picture; the worker, films and the bench all use it."""
