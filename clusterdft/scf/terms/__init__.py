"""Energy terms, one a file: each owns its energy, its matrix and its gradient.

One-electron terms have ``matrix(setup)`` and ``gradient(setup, dm)``; their energy is Tr(dm matrix). A
gradient comes in two parts, (natom, 3) each: motion of the orbital centres, and motion of the operator
(the pseudopotentials). The second part alone is the Hellmann-Feynman gradient.
"""

from clusterdft.scf.terms import core, kinetic, local, nonlocal_channels

ONE_ELECTRON = {"kinetic": kinetic, "core": core, "local": local, "nonlocal": nonlocal_channels}
