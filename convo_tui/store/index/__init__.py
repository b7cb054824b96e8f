"""What is known of the folder, kept in the cache so that nothing is read twice: disposable, rebuilt on any doubt."""
