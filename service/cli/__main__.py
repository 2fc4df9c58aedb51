"""`python -m service.cli` is `ventanilla`."""

from service.cli.app import main

main()
