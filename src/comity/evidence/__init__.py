"""Evidence: exhibits, custody, packages that a court verifies offline."""
