"""Run it."""

from tradepost.apps.admin_api.app import main

main()
