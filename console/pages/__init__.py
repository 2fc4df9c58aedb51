"""The pages, one file each: what it shows (one frozen dataclass, which names its template) and how it is asked for.

`console.routes` lists their addresses; a test holds each dataclass and its template together.
"""
