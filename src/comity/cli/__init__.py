"""The command line: works with no database, on a court's laptop."""
