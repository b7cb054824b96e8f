"""What each pane shows, line by line: pure functions from values to rows. No widget and no journal here."""
