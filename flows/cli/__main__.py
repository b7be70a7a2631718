"""`python -m flows.cli` is `gongbao`."""

from flows.cli import main

main()
