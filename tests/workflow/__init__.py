"""Tests of the procedures: the files, the manual's words, the engine, the clocks, the diagrams."""
