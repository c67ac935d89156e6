"""The writer's local socket: how a second process on the same machine has its wishes granted.

SQLite has one writer. A command line that wants to write while a server runs hands its commands to
that server: one line of JSON there, one line back. Who may open the socket file may ask; the file
lies beside the store and only the store's owner can open it.
"""
