"""Tables, model and schema that the code reads; no code."""
