"""The pages, one module for what belongs together."""

from tradepost.portal.http.pages import entrance, people, steps, tenants

ROUTES = (*entrance.ROUTES, *people.ROUTES, *steps.ROUTES, *tenants.ROUTES)
