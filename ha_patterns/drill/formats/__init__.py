"""How the result of a drill is told: to a person, and to a program."""
