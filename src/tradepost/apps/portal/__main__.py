"""Run it."""

from tradepost.apps.portal.app import main

main()
