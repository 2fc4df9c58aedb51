"""The telephone: an operator types a note while somebody talks, and later calls back and reads the answer out.

Nothing is sent by the service; an answer becomes a call to make.
"""
