"""What people see: the desk's pages for its people, the citizens' own pages, and the stream that keeps them fresh.

A page is one file in `pages/`, one template and one line in `routes.py`; every act goes through `desk`.
"""
