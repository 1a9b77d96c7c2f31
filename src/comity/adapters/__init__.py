"""The few ports made real, and their twins in memory."""
