"""`make flakes`: many tests of an app at once on one sandbox, shuffled, again and again."""
