"""The words by which mail programs and people mark quotes, forwards and signatures, by language.

English, French, German, Spanish, Italian, Portuguese, Dutch, the Scandinavian languages, Finnish,
Polish, Czech, Hungarian, Turkish, Russian, Chinese, Japanese. All in lower case.
"""

from __future__ import annotations

import re

# How a line ends that says who wrote what is quoted below.
WROTE = (
    *("wrote:", "writes:", "said:", "sent:", "a écrit :", "a écrit:", "a ecrit :", "a ecrit:"),
    *("ecrivait :", "écrivait :", "schrieb:", "geschrieben:", "escribió:", "escribio:", "scritto:"),
    *("ha scritto:", "escreveu:", "schreef:", "geschreven:", "skrev:", "skrev :", "kirjoitti:"),
    *("napisał:", "napisał(a):", "napisała:", "pisze:", "napsal:", "napsal(a):", "napsala:"),
    *("írta:", "yazdı:", "şunu yazdı:", "написал:", "написал(а):", "написала:", "пишет:", "пише:"),
    *("写道：", "写道:", "寫道：", "寫道:", "のメール:", "のメッセージ:", "が書きました:"),
)
# What is within such a line, in languages and programs where its end has the name or the date.
WROTE_WITHIN = (
    *(" wrote", " schrieb ", " schreef ", " skrev ", " kirjoitti ", " pisze", " napisał"),
    *(" napsal", " írta", " a écrit ", " escribió ", " ha scritto ", " escreveu ", " написал"),
)
# A year, or a date in digits: no sentence of somebody's own that ends in a colon has one, mostly.
DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}年")
STARTS = (
    *("on ", "le ", "am ", "el ", "il ", "em ", "op ", "den ", "w dniu ", "dne ", "v ", "у ", "в "),
    *("il giorno ", "el día ", "no dia ", "at ", "на ", "在 ", "från ", "> on ", "quoting "),
)

_ORIGINAL = (
    *("original message", "original appointment", "message d'origine", "message d’origine"),
    *("message original", "ursprüngliche nachricht", "originalnachricht", "original-nachricht"),
    *("mensaje original", "messaggio originale", "mensagem original", "oorspronkelijk bericht"),
    *("oprindelig meddelelse", "original meddelelse", "ursprungligt meddelande"),
    *("opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "původní zpráva"),
    *("eredeti üzenet", "özgün ileti", "исходное сообщение", "reply message", "原始邮件"),
)
_FORWARD = (
    *("forwarded message", "forwarded by", "message transféré", "message transmis"),
    *("message réexpédié", "weitergeleitete nachricht", "mensaje reenviado", "mensaje original"),
    *("messaggio inoltrato", "mensagem encaminhada", "mensagem reencaminhada"),
    *("doorgestuurd bericht", "videresendt meddelelse", "vidarebefordrat meddelande"),
    *("videresendt melding", "välitetty viesti", "wiadomość przekazana", "přeposlaná zpráva"),
    *("továbbított üzenet", "iletilen ileti", "пересылаемое сообщение", "转发邮件"),
)
_DASHED = r"^[>\s*]*(?:-{2,}|_{2,}|={2,}|\*{2,})\s*(?:%s)\b[^\n]{0,80}$"
ORIGINAL = re.compile(_DASHED % "|".join(map(re.escape, _ORIGINAL)))
FORWARDED = re.compile(_DASHED % "|".join(map(re.escape, _FORWARD)))
# Apple's, which has no dashes.
BEGIN_FORWARDED = re.compile(
    r"^\s*(?:begin forwarded message|début du message (?:réexpédié|transféré)|"
    r"anfang der weitergeleiteten nachricht|inicio del mensaje reenviado|"
    r"inizio messaggio inoltrato|início da mensagem reencaminhada|"
    r"begin doorgestuurd bericht)\s*:\s*$"
)
FORWARDS = re.compile(r"^\s*(?:fwd?|tr|wg|rv|i|enc|doorst|vs|vb|pd|továbbítás|пересл|转发)\s*[:：]")

# The labels of a header block that Outlook and others put above what they quote.
FROM = frozenset(
    ("from", "de", "von", "da", "van", "fra", "från", "lähettäjä", "od", "feladó", "kimden")
) | frozenset(("от", "від", "发件人", "寄件者", "差出人", "expéditeur", "mittente", "remitente"))
SENT = (
    frozenset(
        (
            "sent",
            "date",
            "envoyé",
            "envoyé le",
            "gesendet",
            "datum",
            "enviado",
            "enviado el",
            "fecha",
        )
    )
    | frozenset(
        ("inviato", "data", "enviada em", "enviado em", "verzonden", "sendt", "dato", "skickat")
    )
    | frozenset(("lähetetty", "päivämäärä", "wysłano", "odesláno", "küldve", "elküldve", "dátum"))
    | (frozenset(("gönderildi", "tarih", "отправлено", "дата", "发送时间", "日期", "送信日時")))
)
TO = frozenset(
    ("to", "cc", "à", "a", "an", "para", "aan", "til", "till", "kopia", "kopi", "vastaanottaja")
) | frozenset(
    ("do", "dw", "komu", "címzett", "kime", "кому", "копия", "收件人", "抄送", "宛先", "pour")
)
SUBJECT = frozenset(
    ("subject", "objet", "betreff", "asunto", "oggetto", "assunto", "onderwerp", "emne", "ämne")
) | frozenset(("aihe", "temat", "předmět", "tárgy", "konu", "тема", "主题", "件名", "sujet"))
LABEL = re.compile(r"^[>\s*_]*([^\W\d_][^:：*\n]{0,19}?)\s?\*?\s?[:：]\*?(?:\s|$)")

# A signature that a program added by itself.
SENT_WITH = re.compile(
    r"^\s*[\[(]?\s*(?:"
    r"sent from (?:my|mail|yahoo|outlook|the|a|samsung|gmail|proton|android|nine)\b|"
    r"sent (?:with|via|using) |get outlook for|get bluemail|envoyé (?:de(?:puis)?|avec|à partir) |"
    r"obtenez outlook|obtenir outlook|télécharge[rz] outlook|téléchargez outlook|"
    r"von mei\w+ .{1,40} gesendet|gesendet (?:von|mit|über) |diese nachricht wurde von mein|"
    r"outlook für |hole dir outlook|enviado (?:desde|con|do|a partir|via) |obtener outlook|"
    r"inviato (?:da|con|dal) |scarica outlook|verstuurd v(?:an|ia)|verzonden (?:met|vanaf|via) |"
    r"outlook voor |skickat från|sendt fra |lähetetty |wysłan[eo] z |odesláno z |"
    r"отправлено (?:с|из) |отправлено из мобильной|iphone'?umdan|iphone(?:から|から送信)|发自我的|"
    r"this e-?mail was sent from)"
)
GOODBYE = re.compile(
    r"^\s*(?:(?:best|kind|warm|with kind|with best|many)\s+)*"
    r"(?:regards|wishes|thanks|thank you|thx|cheers|sincerely|best|"
    r"yours(?: (?:sincerely|faithfully))?|"
    r"(?:bien |très |tres )?cordialement|bien à vous|merci(?: d'avance| beaucoup)?|bonne journée|"
    r"salutations(?: distinguées)?|(?:bonne réception)|amicalement|"
    r"(?:mit )?(?:freundlichen?|besten?|herzlichen?|vielen?|liebe|schöne|viele|beste) "
    r"gr(?:ü|ue)(?:ß|ss)e?n?|"
    r"mfg|vg|lg|danke|vielen dank|"
    r"saludos(?: cordiales)?|un saludo|atentamente|gracias|cordiali saluti|distinti saluti|saluti|"
    r"grazie|atenciosamente|cumprimentos|obrigad[oa]|abraços|"
    r"met vriendelijke groet(?:en)?|mvg|groeten|bedankt|"
    r"(?:med )?(?:venlig|vennlig|vänlig|vänliga) (?:hilsen|hälsning(?:ar)?)|mvh|hilsen|"
    r"ystävällisin terveisin|pozdrawiam|z poważaniem|s pozdravem|üdvözlettel|saygılarımla|"
    r"с уважением|спасибо)\s*[,.!]*\s*$"
)
CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]+@[\w-]+\.\w|\+?\d[\d ().\-/]{6,}\d|"
    r"\b(?:tel|tél|phone|mobile|fax|gsm|telefon|téléphone|móvil|cell)\b"
)
