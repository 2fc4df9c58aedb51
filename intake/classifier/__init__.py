"""Proposes what a message is: category, system, confidence and the words that decided.

`pipeline.py` is the only file that imports spaCy; scikit-learn is imported in `training/` alone.
"""
