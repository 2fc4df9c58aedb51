"""One folder a channel: `translate.py` (pure), `adapter.py` (I/O), `settings.py`, `README.md`.

`registry.py` names them in one line each; nothing else knows a channel by its name.
"""
