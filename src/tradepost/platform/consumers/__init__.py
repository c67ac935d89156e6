"""What facts do: consumers, their inbox and leases, failures, dead letters."""
