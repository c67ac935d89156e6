"""Run it."""

from tradepost.apps.public_api.app import main

main()
