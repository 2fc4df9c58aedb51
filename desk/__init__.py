"""What a person, or a program, can do at the desk: every act of the pages and of the API, with its rights.

Stands between the screens and the store, and joins the middle packages, which do not know one another.
"""
