"""The knowledge base: reading and writing articles, showing them safely, and finding the one that answers.

It knows neither the database nor the web; it is built from `cases.model.Article` and gives hits and texts back.
"""
