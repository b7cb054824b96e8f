"""The folder and everything derived from it. Other packages import only `store.journal` (and the errors)."""
