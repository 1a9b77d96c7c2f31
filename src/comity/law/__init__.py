"""Law: load the law base, say who is bound when, resolve a question, explain the answer."""
