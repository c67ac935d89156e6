"""Finding products: words, typos, Japanese, facets and pages, fed from the event log."""
