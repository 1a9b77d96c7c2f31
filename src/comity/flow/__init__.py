"""The journey, one module per leg: the only place where the packages below meet."""
