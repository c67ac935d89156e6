"""The doors of the floor."""

from tradepost.floor.http import checks, kitchen, plan, tabs

STAFF_ROUTES = (*plan.ROUTES, *tabs.ROUTES, *checks.ROUTES, *kitchen.ROUTES)
