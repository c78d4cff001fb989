"""What each sign of the Zawgyi encoding is in Unicode, and in which order Unicode writes signs."""

KINZI = "\u1004\u103a\u1039"
E, RA, YA, WA, HA, KILLER, DOT = (
    "\u1031",
    "\u103c",
    "\u103b",
    "\u103d",
    "\u103e",
    "\u103a",
    "\u1037",
)
VIRAMA = "\u1039"

# Letters that stand alone, most of them shapes that make room for what stands below.
LETTERS = {
    "\u106a": "\u1009",
    "\u106b": "\u100a",
    "\u106e": "\u100d\u1039\u100d",
    "\u106f": "\u100d\u1039\u100e",
    "\u1086": "\u103f",
    "\u108f": "\u1014",
    "\u1090": "\u101b",
    "\u1091": "\u100f\u1039\u100d",
    "\u1092": "\u100b\u1039\u100c",
    "\u1097": "\u100b\u1039\u100b",
}

# Letters that are written below another.
BELOW = {
    "\u1060": "\u1000",
    "\u1061": "\u1001",
    "\u1062": "\u1002",
    "\u1063": "\u1003",
    "\u1065": "\u1005",
    "\u1066": "\u1006",
    "\u1067": "\u1006",
    "\u1068": "\u1007",
    "\u1069": "\u1008",
    "\u106c": "\u100b",
    "\u106d": "\u100c",
    "\u1070": "\u100f",
    "\u1071": "\u1010",
    "\u1072": "\u1010",
    "\u1073": "\u1011",
    "\u1074": "\u1011",
    "\u1075": "\u1012",
    "\u1076": "\u1013",
    "\u1077": "\u1014",
    "\u1078": "\u1015",
    "\u1079": "\u1016",
    "\u107a": "\u1017",
    "\u107b": "\u1018",
    "\u107c": "\u1019",
    "\u1085": "\u101c",
    "\u1093": "\u1018",
}

# Signs around a letter; some are two or three in one, some one in several widths.
MARKS: dict[str, tuple[str, ...]] = {
    "\u1033": ("\u102f",),
    "\u1034": ("\u1030",),
    "\u1039": (KILLER,),
    "\u103a": (YA,),
    "\u103b": (RA,),
    "\u103c": (WA,),
    "\u103d": (HA,),
    "\u105a": ("\u102b", KILLER),
    "\u1064": (KINZI,),
    "\u107d": (YA,),
    **{chr(wide): (RA,) for wide in range(0x107E, 0x1085)},
    "\u1087": (HA,),
    "\u1088": (HA, "\u102f"),
    "\u1089": (HA, "\u1030"),
    "\u108a": (WA, HA),
    "\u108b": (KINZI, "\u102d"),
    "\u108c": (KINZI, "\u102e"),
    "\u108d": (KINZI, "\u1036"),
    "\u108e": ("\u102d", "\u1036"),
    "\u1094": (DOT,),
    "\u1095": (DOT,),
    "\u1096": (VIRAMA + "\u1010", WA),
    **{sign: (VIRAMA + letter,) for sign, letter in BELOW.items()},
}

# From the letter on; a letter below (which begins with the virama) comes before all of them.
ORDER = f"{YA}{RA}{WA}{HA}{E}\u102d\u102e\u102f\u1030\u1032\u102b\u102c\u1036{KILLER}{DOT}\u1038"
