"""Fits the coefficients with which the finder says how sure it is; run by hand after the ranker or the table changes.

`python -m kb.training.fit --help` says how.
"""
