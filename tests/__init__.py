"""Tests: behaviour through real parts, on files, servers and ports of their own."""
