"""Mail: what comes in is understood, what goes out arrives, and nothing is lost between."""
