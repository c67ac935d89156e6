"""Run it."""

from tradepost.apps.provisioning_api.app import main

main()
