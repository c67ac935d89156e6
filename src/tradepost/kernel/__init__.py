"""Pure values and contracts that every context speaks; standard library and validators only."""
