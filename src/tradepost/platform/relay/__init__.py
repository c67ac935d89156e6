"""From the commit to the log: one sequencer, dense numbers, and whoever passes them on."""
