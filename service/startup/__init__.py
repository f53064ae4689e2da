"""Starting the service: opens the runtime, prepares the first run and prints the start message."""
