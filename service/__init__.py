"""Puts the parts together and runs them: settings, wiring, workers, the command line.

The only package that builds things; everything else is handed what it needs.
"""
