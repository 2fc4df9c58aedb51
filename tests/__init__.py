"""Tests mirror the tree; `builders.py` makes what they need, `stores.py` opens both databases."""
