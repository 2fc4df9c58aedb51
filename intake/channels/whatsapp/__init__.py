"""WhatsApp through Twilio: a signed webhook in, the Messages API out, status callbacks beside.

See `docs/channels/whatsapp.md` for what an administrator sets up.
"""
