"""The derivation procedures: definitions loaded from data and checked, and the pure engine that runs them.

Imports the standard library and `cases` only; a reader needs the manual and Python, nothing else.
"""
