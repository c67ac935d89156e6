"""The worker: relay, consumers and sweeps, as a process of its own or beside the servers."""
