"""Whether a mail says thanks and nothing else: English and French, by a closed list.

Every word must be of a phrase below, so that a question, a "but" or a "not" never is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hdcli.model.plain import plain

_LONGEST = 60
_THANKS = (
    r"(?:(?:many |again |encore )?(?:thanks|thank you|thx|merci)"
    r"(?: (?:again|a lot|so much|very much|beaucoup|bien|infiniment|encore|a (?:vous|toi|tous)))*"
    r"(?: (?:for|pour) (?:your |the |votre |ton |l )?"
    r"(?:help|quick help|quick reply|reply|answer|everything|aide|reponse|tout))?"
    r"|un grand merci|mille mercis|much appreciated)"
)
_WORKS = (
    r"(?:(?:it|that|all|everything|ca|cela|tout) )?(?:now )?"
    r"(?:works|worked|is working|s working|is fine|is good|did it|good|marche|fonctionne|remarche|"
    r"refonctionne|a marche|a fonctionne|est bon|est regle|est resolu|c est (?:bon|regle|resolu))"
    r"(?: (?:now|again|fine|perfectly|maintenant|a nouveau|de nouveau|bien|parfaitement))*"
)
_PRAISE = r"(?:perfect|great|super|excellent|parfait|genial|nickel|impeccable|top)"
_AROUND = (
    r"(?:hello|hi|bonjour|bonsoir|salut|cheers|(?:kind |best )?regards|cordialement|"
    r"bonne (?:journee|soiree)|(?:have a )?(?:nice|good) day)"
)
_WHOLE = re.compile(rf"(?:(?:{_THANKS}|{_WORKS}|{_PRAISE}|{_AROUND}|and|et)(?: |$))+")
_SAID = re.compile(rf"\b(?:{_THANKS}|{_WORKS})\b")
_WORD = re.compile(r"[^\W_]+")
_SMILES = re.compile(r"[:;]-?\)|[👍🙏🙂😊😀😃😄😁🎉👏☺❤✅\ufe0f]")
_PLAIN = re.compile(r"[\w\s.,;:!'’–-]*")


def says_thanks(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a text is thanks, or that it works now, and no more. Words that end with one of the
    ``names`` of who writes are signed with it."""
    bare = _SMILES.sub(" ", text) if len(text) <= 2 * _LONGEST else "?"
    if not _PLAIN.fullmatch(bare):
        return False
    words = _WORD.findall(plain(bare))
    for name in names:
        signed = _WORD.findall(plain(name))
        if signed and len(words) > len(signed) and words[-len(signed) :] == signed:
            words = words[: -len(signed)]
            break
    said = " ".join(words)
    return len(said) <= _LONGEST and bool(_SAID.search(said) and _WHOLE.fullmatch(said))
