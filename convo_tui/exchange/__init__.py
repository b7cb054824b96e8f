"""Foreign formats: one module per format, each a reader or writer over the models of `core`."""
