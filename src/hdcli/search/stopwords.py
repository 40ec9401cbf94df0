"""Words too common to find anything by, English and French, without accents.

Left out on purpose: words that mean something in the other language or at a helpdesk ("son" is the
sound of a French printer, "no" and "off" are half of a fault's description).
"""

from __future__ import annotations

_ENGLISH = """
a about also am an and any are as at be been being but by can could did do does dont for from get
had has have he her his how i if im in into is it its ive just me my not of on or our she should so
than that the their them then there these they this those to us very was we were what when where
which who why will with would you your
"""
_FRENCH = """
ai alors as au aucun aussi autre aux avait avec avez avoir avons bien bonjour c ce cela celle
celles celui ces cet cette ceux chez ci comme comment d dans de des donc dont du elle elles en est
et etait ete etes etre eux fait faire il ils j je l la le les leur leurs lui m ma mais me meme
merci mes moi mon n ne ni nos notre nous on ont ou par parce pas peut peux plus pour pourquoi puis
qu quand que quel quelle quelles quels qui quoi s sa se sera ses si soit sommes sont suis sur t ta
te tes toi ton tous tout toute toutes tres tu un une vos votre vous y
"""
STOP_WORDS = frozenset((*_ENGLISH.split(), *_FRENCH.split()))
