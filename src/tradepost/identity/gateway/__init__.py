"""What costs time on purpose, or counts outside the store."""
