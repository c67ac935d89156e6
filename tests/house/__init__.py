"""The rules of the house, as tests; each rule is shown to bite on a bad sample."""
