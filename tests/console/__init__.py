"""Tests of the pages: what a person sees, may do and is refused."""
