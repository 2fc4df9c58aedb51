"""Telegram through its Bot API: updates by webhook or by polling, answers with python-telegram-bot.

See `docs/channels/telegram.md` for what an administrator sets up.
"""
