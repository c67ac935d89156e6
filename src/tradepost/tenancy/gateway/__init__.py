"""What tenancy asks of places outside: databases that tenants bring along."""
