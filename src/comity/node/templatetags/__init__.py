"""What the templates of the pages can say."""
