"""Names of finite point groups that the tests go through."""

AXIAL = [f"C{n}" for n in range(1, 9)] + [f"{f}{n}{e}" for f in "CD" for n in range(2, 9) for e in "hv"]
AXIAL = [name for name in AXIAL if not (name[0] == "D" and name[-1] == "v")]
AXIAL += [f"D{n}" for n in range(2, 9)] + [f"D{n}d" for n in range(2, 9)]
AXIAL += ["Cs", "Ci", "S4", "S6", "S8", "S10", "S12", "C30", "D30h"]
EVERY = [*AXIAL, "T", "Td", "Th", "O", "Oh", "I", "Ih"]
