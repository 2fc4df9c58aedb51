"""The command line `ventanilla`: one module a group of commands.

Every command exits 0 on success, 1 with one clear line on standard error when refused, 2 on wrong usage.
"""
