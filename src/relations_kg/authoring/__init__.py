"""Facts from forms and tables, written as Turtle."""

from relations_kg._lazy import lazy

lazy(__name__, "form_tables forms new_things parquet_tables settings wording workbooks")
