"""How facts get from the log to their consumers: in process, or by a server of streams."""
