"""The REST API of the contract under `/api/v1`: routes over `desk`'s acts, problems by RFC 9457, OpenAPI 3.1 from the code."""
