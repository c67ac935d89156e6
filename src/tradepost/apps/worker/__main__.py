"""Run it."""

from tradepost.apps.worker.app import main

main()
