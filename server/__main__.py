"""`python -m server` is `vigied`."""

from server.cli import main

main()
