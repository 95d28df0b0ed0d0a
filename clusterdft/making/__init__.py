"""Made here: pseudopotentials and orbital sets, and what they are worth."""
