"""Convo: a full-screen terminal journal of ongoing conversations."""

__version__ = "0.1.0"
