"""The REST API of the contract under `/api/v1`: routes over `desk`'s acts, problems by RFC 9457, OpenAPI 3.1 from the code.

Each module of routes is one subject with its own `ROUTES`; the shapes of what is taken and given live in `models`.
"""
