"""The REST API over a desk on a temporary SQLite file; every answer is held against the API's own OpenAPI document."""
