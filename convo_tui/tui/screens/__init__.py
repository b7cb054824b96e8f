"""Screens own the state, call the journal and feed widgets."""
