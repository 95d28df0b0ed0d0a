"""Pseudopotentials made here: the norm-conserving recipe, the partial core, the analytic fit."""
