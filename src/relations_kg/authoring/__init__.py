"""Facts from forms and tables, written as Turtle."""
