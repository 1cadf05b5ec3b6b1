#!/usr/bin/env python3
"""casing.py - the tables of filters/map/value/casing.c, from Python's str.lower.

Prints them for `clang-format`; run it by hand for a new version of Unicode.
"""
import unicodedata

SIGMA = '\u03a3'
ALL = [c for c in range(0x80, 0x110000) if not 0xd800 <= c <= 0xdfff]


def lower(c):
    """The one letter that c becomes; c for those that become several."""
    to = chr(c).lower()
    return ord(to) if len(to) == 1 else c


def kind(c):
    """What c is beside a sigma: 'cased', 'ignored' or None."""
    if (chr(c) + SIGMA).lower().endswith('\u03c2'):
        return 'cased'
    return 'ignored' if ('a' + chr(c) + SIGMA).lower().endswith('\u03c2') else None


def lowers():
    rows = []
    for c in ALL:
        add = lower(c) - c
        if add == 0:
            continue
        if rows and rows[-1][3] == add:
            first, last, step, _ = rows[-1]
            if c - last in (1, 2) and (first == last or c - last == step):
                rows[-1] = [first, c, c - last, add]
                continue
        rows.append([c, c, 1, add])
    return rows


def ranges(what):
    rows = []
    for c in range(0x110000):
        if 0xd800 <= c <= 0xdfff or kind(c) != what:
            continue
        if rows and rows[-1][1] == c - 1:
            rows[-1][1] = c
        else:
            rows.append([c, c])
    return rows


def table(name, head, rows):
    print(head)
    print('static const struct %s[] = {' % name)
    print('\t' + ', '.join('{' + ', '.join(('0x%x' if i < 2 else '%d') % v for i, v in enumerate(r)) + '}' for r in rows) + ',')
    print('};\n')


print('/* Unicode %s, by tests/tool/casing.py */' % unicodedata.unidata_version)
table('lower lowers', '''/* An upper-case letter is each step-th character of a range; add gives its
 * lower-case letter.
 */''', lowers())
table('range cased', '/* Letters that have a case (Unicode property Cased). */', ranges('cased'))
table('range ignored', '/* Characters that are skipped on both sides of a sigma (Case_Ignorable). */', ranges('ignored'))
