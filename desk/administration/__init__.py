"""What administrators do: people, tokens, systems, the calendar, tests of the channels.

Every act demands `Action.ADMINISTER` and is written into the administrators' chained book (`book.py`).
"""
