"""The corpus, and what trains and evaluates a model on it; the running service imports nothing from here."""
