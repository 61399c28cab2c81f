"""Apps as people write them who know the README and the docstrings, each another way of using the library."""
