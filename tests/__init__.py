"""The tests; names of tests are sentences."""
