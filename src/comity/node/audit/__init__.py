"""What was done here, and the log of acts."""
