"""Sections and classes of ОКВЭД2, the classifier of economic activities ОК 029-2014 (КДЕС Ред. 2).

A section is a letter over a range of classes (the first two digits of a code). The English titles are those of NACE
Rev. 2, which the classifier is built on; the Russian ones, in the catalogue of translations, are the classifier's own.
"""

from collections.abc import Mapping

from judging.domain.errors import N_

SECTIONS: Mapping[str, tuple[range, str]] = {
    "A": (range(1, 4), N_("Agriculture, forestry and fishing")),
    "B": (range(5, 10), N_("Mining and quarrying")),
    "C": (range(10, 34), N_("Manufacturing")),
    "D": (range(35, 36), N_("Electricity, gas, steam and air conditioning supply")),
    "E": (range(36, 40), N_("Water supply; sewerage, waste management and remediation activities")),
    "F": (range(41, 44), N_("Construction")),
    "G": (range(45, 48), N_("Wholesale and retail trade; repair of motor vehicles and motorcycles")),
    "H": (range(49, 54), N_("Transportation and storage")),
    "I": (range(55, 57), N_("Accommodation and food service activities")),
    "J": (range(58, 64), N_("Information and communication")),
    "K": (range(64, 67), N_("Financial and insurance activities")),
    "L": (range(68, 69), N_("Real estate activities")),
    "M": (range(69, 76), N_("Professional, scientific and technical activities")),
    "N": (range(77, 83), N_("Administrative and support service activities")),
    "O": (range(84, 85), N_("Public administration and defence; compulsory social security")),
    "P": (range(85, 86), N_("Education")),
    "Q": (range(86, 89), N_("Human health and social work activities")),
    "R": (range(90, 94), N_("Arts, entertainment and recreation")),
    "S": (range(94, 97), N_("Other service activities")),
    "T": (range(97, 99), N_("Activities of households as employers")),
    "U": (range(99, 100), N_("Activities of extraterritorial organisations and bodies")),
}
"""Letter → the classes it covers and its title."""

CLASSES: Mapping[str, str] = {
    "01": N_("Crop and animal production, hunting and related service activities"),
    "02": N_("Forestry and logging"),
    "03": N_("Fishing and aquaculture"),
    "05": N_("Mining of coal"),
    "06": N_("Extraction of crude petroleum and natural gas"),
    "07": N_("Mining of metal ores"),
    "08": N_("Other mining and quarrying"),
    "09": N_("Mining support service activities"),
    "10": N_("Manufacture of food products"),
    "11": N_("Manufacture of beverages"),
    "12": N_("Manufacture of tobacco products"),
    "13": N_("Manufacture of textiles"),
    "14": N_("Manufacture of wearing apparel"),
    "15": N_("Manufacture of leather and related products"),
    "16": N_("Manufacture of wood and of products of wood"),
    "17": N_("Manufacture of paper and paper products"),
    "18": N_("Printing and reproduction of recorded media"),
    "19": N_("Manufacture of coke and refined petroleum products"),
    "20": N_("Manufacture of chemicals and chemical products"),
    "21": N_("Manufacture of pharmaceuticals and medical materials"),
    "22": N_("Manufacture of rubber and plastic products"),
    "23": N_("Manufacture of other non-metallic mineral products"),
    "24": N_("Manufacture of basic metals"),
    "25": N_("Manufacture of fabricated metal products"),
    "26": N_("Manufacture of computer, electronic and optical products"),
    "27": N_("Manufacture of electrical equipment"),
    "28": N_("Manufacture of machinery and equipment n.e.c."),
    "29": N_("Manufacture of motor vehicles, trailers and semi-trailers"),
    "30": N_("Manufacture of other transport equipment"),
    "31": N_("Manufacture of furniture"),
    "32": N_("Other manufacturing"),
    "33": N_("Repair and installation of machinery and equipment"),
}
"""The classes of agriculture, mining and manufacturing by name; of other classes the section is named."""


def section_of(code: str) -> str:
    """Return the letter of the section that a code lies in; empty where there is none."""
    digits = code[:2]
    if len(digits) < 2 or not digits.isdecimal():
        return ""
    return next((letter for letter, (classes, _) in SECTIONS.items() if int(digits) in classes), "")


def title_of(code: str) -> str:
    """Return the title (a message to translate) of a code's class, or else of its section; empty where unknown."""
    section = SECTIONS.get(section_of(code))
    return CLASSES.get(code[:2]) or (section[1] if section else "")
