"""The letters, marks and signs of the world that folding reads, by ranges that no version of Unicode changes.

Python and a browser know different versions of Unicode. What stands in `READ` has meant the same since Unicode 10
(2017) in both; what does not is a sign to both. The twin in JavaScript gets these tables with the rules.
"""

from typing import Final

SWEDISH: Final = frozenset("åäöÅÄÖ")
OTHER_CAPITAL: Final = "Ω"  # stands for every capital that is not of the Swedish alphabet
OTHER_LETTER: Final = "ω"  # for every other letter
SIGN: Final = "¤"  # for everything that is neither

# Blocks whose characters are decomposed and told apart: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Syriac,
# Thaana, Thai, Georgian, Ethiopic, kana, Hangul, Han; letterlike, enclosed, presentation forms, full width, mathematical.
READ: Final = (
    "a0-377 37a-37f 384-38a 38c 38e-3a1 3a3-52f 531-556 561-587 5d0-5ea 5f0-5f4 620-64a 66e-66f 671-6d5 6e5-6e6 "
    "6ee-6ef 6fa-6ff 710 712-72f 74d-77f 780-7a5 7b1 e01-e30 e32-e33 e40-e46 10a0-10c5 10d0-10fa 10fc-10ff 1100-1248 "
    "124a-124d 1250-1256 1258 125a-125d 1260-1288 128a-128d 1290-12b0 12b2-12b5 12b8-12be 12c0 12c2-12c5 12c8-12d6 "
    "12d8-1310 1312-1315 1318-135a 1380-138f 1d2c-1dbf 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b "
    "1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2010-2027 2030-205e "
    "2070-2071 2074-208e 2090-209c 2100-2189 2460-24ff 3041-3096 309d-309f 30a1-30fa 30fc-30ff 3131-318e 3200-321e "
    "3220-32fe 3300-33ff 3400-4db5 4e00-9fd5 ac00-d7a3 f900-fa6d fa70-fad9 fb00-fb06 fb13-fb17 fb1d fb1f-fb36 "
    "fb38-fb3c fb3e fb40-fb41 fb43-fb44 fb46-fbb1 fbd3-fd3d fd50-fd8f fd92-fdc7 fdf0-fdfc fe4d-fe52 fe54-fe66 "
    "fe68-fe6b fe70-fe74 fe76-fefc ff01-ffbe ffc2-ffc7 ffca-ffcf ffd2-ffd7 ffda-ffdc ffe0-ffe6 1d400-1d454 "
    "1d456-1d49c 1d49e-1d49f 1d4a2 1d4a5-1d4a6 1d4a9-1d4ac 1d4ae-1d4b9 1d4bb 1d4bd-1d4c3 1d4c5-1d505 1d507-1d50a "
    "1d50d-1d514 1d516-1d51c 1d51e-1d539 1d53b-1d53e 1d540-1d544 1d546 1d54a-1d550 1d552-1d6a5 1d6a8-1d7cb "
    "1d7ce-1d7ff 1f100-1f10a 1f110-1f12b 1f130-1f149"
)
# Marks over and under letters: they go, and belong to the letter before them.
MARKS: Final = (
    "300-36f 483-489 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7 610-61a 64b-65f 670 6d6-6dc 6df-6e4 6e7-6e8 6ea-6ed 711 730-74a "
    "7a6-7b0 e31 e34-e3a e47-e4e 135d-135f 1ab0-1abe 1dc0-1df5 1dfb-1dff 20d0-20f0 302a-302f 3099-309a fb1e fe20-fe2f"
)
# What cannot be seen: controls, joiners, directions, selectors, tags. They go.
UNSEEN: Final = (
    "0-8 e-1f 7f-84 86-9f ad 600-605 61c 6dd 70f 180b-180e 200b-200f 202a-202e 2060-206f fe00-fe0f feff fff9-fffb "
    "e0001 e0020-e007f e0100-e01ef"
)
# The zeros of the world; one to nine follow each.
ZEROS: Final = (
    *(
        0x660,
        0x6F0,
        0x7C0,
        0x966,
        0x9E6,
        0xA66,
        0xAE6,
        0xB66,
        0xBE6,
        0xC66,
        0xCE6,
        0xD66,
        0xDE6,
        0xE50,
        0xED0,
    ),
    *(0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50),
    *(0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10),
)
SPECIAL: Final = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
    **dict.fromkeys("\t\v\f\r\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    **dict.fromkeys("’‘ʼ´`′＇", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    **dict.fromkeys("æ", "ä"),
    **dict.fromkeys("Æ", "Ä"),
    **dict.fromkeys("øœ", "ö"),
    **dict.fromkeys("ØŒ", "Ö"),
    **dict.fromkeys("ß", "s"),
    **dict.fromkeys("ł", "l"),
    **dict.fromkeys("Ł", "L"),
    **dict.fromkeys("đð", "d"),
    **dict.fromkeys("ĐÐ", "D"),
    **dict.fromkeys("þ", "t"),
    **dict.fromkeys("Þ", "T"),
    **dict.fromkeys("ı", "i"),
    **{chr(zero + digit): str(digit) for zero in ZEROS for digit in range(10)},
}


def class_of(ranges: str) -> str:
    """Ranges in hexadecimal as a character class of a regular expression."""
    ends = (each.split("-") for each in ranges.split())
    return "[" + "".join(f"\\U{int(e[0], 16):08x}-\\U{int(e[-1], 16):08x}" for e in ends) + "]"
