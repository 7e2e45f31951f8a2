"""The subcommands of `luaunn`, one to a file; each has a function ``add`` that adds it to the parser."""
