"""The versions of the folder, kept by the user's own git; repository.py is the one face of it."""
