"""What the house tells of itself while it runs: logs, figures, traces."""
