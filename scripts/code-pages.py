#!/usr/bin/env python3
"""Writes sandbox/printer/code-pages.json: bytes 80 to FF of each code page, as Python's codecs have them.

The virtual printer reads by these, and shares no table with the terminal, which writes by its own. A character that a
page does not have is U+FFFD.
"""

import json
import pathlib

names = [
    *(f'cp{number}' for number in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 866, 869, 1125)),
    *(f'cp{number}' for number in range(1250, 1259)),
    'iso8859-2',
    'iso8859-7',
    'iso8859-15',
]
pages = {name: bytes(range(128, 256)).decode(name, errors='replace') for name in names}
file = pathlib.Path(__file__).parent.parent / 'sandbox' / 'printer' / 'code-pages.json'
file.write_text(json.dumps(pages, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')
print(f'{len(pages)} code pages are written.')
