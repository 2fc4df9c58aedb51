"""The tables, with constraints that make nonsense impossible; migrations are made from here."""

from store.tables.accounts import api_tokens, idempotency, sessions, systems, units, users
from store.tables.cases import (
    case_counters,
    case_units,
    cases,
    confirmations,
    conversations,
    entries,
    identities,
    persons,
    proposals,
)
from store.tables.columns import metadata
from store.tables.governance import active_procedures, administration, clocks, procedures, switched_off
from store.tables.knowledge import article_versions, articles, case_articles
from store.tables.traffic import (
    attachments,
    attempts,
    callbacks,
    deliveries,
    ledger,
    messages,
    quarantine,
    status_reports,
)

__all__ = [
    "active_procedures",
    "administration",
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
    "clocks",
    "confirmations",
    "conversations",
    "deliveries",
    "entries",
    "idempotency",
    "identities",
    "ledger",
    "messages",
    "metadata",
    "persons",
    "procedures",
    "proposals",
    "quarantine",
    "sessions",
    "status_reports",
    "switched_off",
    "systems",
    "units",
    "users",
]
