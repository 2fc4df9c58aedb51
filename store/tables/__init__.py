"""The tables, with constraints that make nonsense impossible; migrations are made from here."""

from store.tables.accounts import api_tokens, idempotency, sessions, systems, units, users
from store.tables.cases import case_counters, case_units, cases, confirmations, conversations, entries, identities, persons, proposals
from store.tables.traffic import attachments, attempts, callbacks, deliveries, ledger, messages, quarantine, status_reports
from store.tables.knowledge import article_versions, articles, case_articles
from store.tables.columns import metadata

__all__ = [
    "api_tokens",
    "article_versions",
    "articles",
    "attachments",
    "attempts",
    "callbacks",
    "case_articles",
    "case_counters",
    "case_units",
    "cases",
    "confirmations",
    "conversations",
    "deliveries",
    "entries",
    "idempotency",
    "identities",
    "ledger",
    "messages",
    "persons",
    "proposals",
    "quarantine",
    "sessions",
    "status_reports",
    "systems",
    "units",
    "users",
    "metadata",
]
