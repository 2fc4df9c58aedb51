"""Twins of the providers, for development: a phone and a mailbox that need no account anywhere.

They sign like Twilio, answer like its API and take mail like a smarthost; the real adapters notice no difference.
"""
