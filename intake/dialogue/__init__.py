"""The conversation with the citizen: typed states, one at a time, and what the assistant says, as pure functions.

`respond.py` answers a message; `states.py` is what the conversation keeps; `words.py` what short messages mean.
"""
