"""What a conversation is: values in, values out. No files, no clock, no screen."""
