"""The shared vocabulary: what a case, a person, a message and an entry are, and the ports between the parts.

Standard library only, so that every other package may import it and it imports none.
"""
