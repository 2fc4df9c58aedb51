"""What comes in and what goes out: the channels, the classifier, the dialogue with the citizen.

`receive.py` and `reply.py` are the two use cases; each channel is a folder under `channels/`.
"""
