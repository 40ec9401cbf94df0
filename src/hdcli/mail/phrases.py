"""The words by which mail programs and people mark quotes, forwards and signatures, by language.

Those of the programs that are common in Europe, East Asia and the Americas, about thirty languages.
All in lower case, without marks of direction and the dot of a Turkish İ.
"""

from __future__ import annotations

import re

# How a line ends, but for its colon, that says who wrote what is quoted below.
_VERBS = (
    *("wrote", "a écrit", "a ecrit", "écrivait", "ecrivait", "schrieb", "geschrieben", "escribió"),
    *("escribio", "va escriure", "ha scritto", "scritto", "escreveu", "schreef", "geschreven"),
    *("skrev", "kirjoitti", "kirjutas", "napisał", "napisał(a)", "napisała", "pisze", "napsal"),
    *("napsal(a)", "napsala", "napísal", "napísal(a)", "napísala", "je napisao", "je napisala"),
    *("je napisao/la", "napisao je", "je pisao", "írta", "yazdı", "a scris", "rašė", "rakstīja"),
    *("написал", "написал(а)", "написала", "написа", "пишет", "пише", "написав", "έγραψε"),
    *("đã viết", "menulis", "เขียนว่า", "写道", "寫道", "のメール", "のメッセージ", "が書きました"),
    *("님이 작성", "작성", "כתב/ה", "כתב", "כתבה", "كتب"),
)
WROTE = _VERBS
WROTE_PERHAPS = ("writes", "said", "sent")
# The same within such a line, in languages and programs where its end has the name or the date.
WROTE_WITHIN = tuple(each if each[0] > "\u0e00" else f" {each}" for each in _VERBS)
# No sentence of somebody's own that ends in a colon has a date and a time of day, mostly.
DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}[年년]")
TIME = re.compile(r"\d[:.h]\d\d|\d ?[ap]\.?m\b")
STARTS = (
    *("on ", "le ", "am ", "el ", "il ", "em ", "op ", "den ", "w dniu ", "dne ", "v ", "у ", "в "),
    *("il giorno ", "el día ", "no dia ", "at ", "på ", "dnia ", "dňa ", "vào ", "pada ", "στις "),
    *("на ", "在 ", "från ", "> on ", "quoting "),
)
# "Yes. On Mon, 2 May 2026 at 6:26 PM, Bob wrote:", where a program lost the line's end.
SHARED = re.compile(
    r"^(\S.{0,300}?)(?:\s*-{2,}\s*|\s+)"
    r"(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6}, .{5,150} wrote:)$"
)

_ORIGINAL = (
    *("original message", "original appointment", "message d'origine", "message d’origine"),
    *("message original", "ursprüngliche nachricht", "originalnachricht", "original-nachricht"),
    *("antwort nachricht", "mensaje original", "messaggio originale", "mensagem original"),
    *("oorspronkelijk bericht", "origineel bericht", "oprindelig meddelelse", "oprindelig besked"),
    *("original meddelelse", "original melding", "opprinnelig melding", "ursprungligt meddelande"),
    *("originalmeddelande", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość"),
    *("původní zpráva", "původní e-mail", "pôvodná správa", "izvorna poruka", "mesaj original"),
    *("mesajul original", "eredeti üzenet", "özgün ileti", "orijinal mesaj", "исходное сообщение"),
    *(
        "исходное письмо",
        "оригінальне повідомлення",
        "reply message",
        "replied message",
        "原始邮件",
        "原始郵件",
    ),
    *("邮件原件", "元のメッセージ", "원본 메시지", "원본 메일"),
)
_FORWARD = (
    *("forwarded message", "forwarded by", "message transféré", "message transmis"),
    *("message réexpédié", "weitergeleitete nachricht", "mensaje reenviado", "missatge reenviat"),
    *("messaggio inoltrato", "mensagem encaminhada", "mensagem reencaminhada"),
    *("doorgestuurd bericht", "videresendt meddelelse", "videresendt besked"),
    *("vidarebefordrat meddelande", "videresendt melding", "välitetty viesti"),
    *("edelleenlähetetty viesti", "edastatud kiri", "wiadomość przekazana", "przekazana wiadomość"),
    *("treść przekazanej wiadomości", "wiadomość przesłana dalej", "přeposlaná zpráva"),
    *("preposlaná správa", "proslijeđena poruka", "mesaj redirecționat", "mesaj redirecţionat"),
    *("továbbított üzenet", "iletilen ileti", "iletilmiş mesaj", "пересылаемое сообщение"),
    *("перенаправленное сообщение", "переслане повідомлення", "перенаправлене повідомлення"),
    *("προωθημένο μήνυμα", "转发邮件", "轉寄的郵件", "转发的邮件"),
    *("メッセージを転送", "転送メッセージ", "전달된 메시지", "전달된 메일"),
)
# Possessive, as a stranger's line of stars alone would take very long.
_DASHED = r"^[>\s*]*+(?:(?:-{2,}+|_{2,}+|={2,}+)\s*+|(?<=\*\*)|(?<=\*\*\s))(?:%s)(?!\w)[^\n]*$"
ORIGINAL = re.compile(_DASHED % "|".join(map(re.escape, _ORIGINAL)))
FORWARDED = re.compile(_DASHED % "|".join(map(re.escape, _FORWARD)))
# Apple's and others', which have no dashes.
BEGIN_FORWARDED = re.compile(
    r"^[>\s]*(?:(?:begin )?forwarded message|début du message (?:réexpédié|transféré)|"
    r"anfang der weitergeleiteten nachricht|inicio del mensaje reenviado|"
    r"inizio messaggio inoltrato|início da mensagem (?:reencaminhada|encaminhada)|"
    r"begin doorgestuurd bericht|start på videresendt besked|videresendt melding|"
    r"vidarebefordrat mejl|välitetty viesti alkaa|początek przekazywanej wiadomości|"
    r"začátek přeposílané zprávy|začiatok preposlanej správy|započni proslijeđenu poruku|"
    r"továbbított levél kezdete|începe mesajul redirecționat|iletinin? başlangıcı|ileti başlangıcı|"
    r"начало переадресованного сообщения|початок листа, що пересилається|"
    r"转发的邮件|下面是被转发的邮件|開始轉寄郵件|転送されたメッセージ|전달된 메시지)\s*[:：]\s*$"
)
FORWARDS = re.compile(
    r"^\s*\[?(?:fwd?|tr|wg|rv|i|enc|doorst|vs|vb|vl|pd|ilt|redir\.?|videresend|továbbítás|пересл|"
    r"转发|轉寄|転送|전달)\s*[:：]"
)

# The labels of a header block that Outlook and others put above what they quote.
FROM = frozenset(
    (
        *("from", "de", "von", "da", "van", "fra", "från", "lähettäjä", "saatja", "od", "šalje"),
        *("feladó", "kimden", "gönderen", "de la", "expéditeur", "mittente", "remitente"),
        *(
            "remetente",
            "nadawca",
            "expeditorul",
            "отправитель",
            "от",
            "від",
            "від кого",
            "από",
            "מאת",
            "من",
            "发件人",
            "寄件者",
            "寄件人",
            "差出人",
        ),
        *("送信者", "送信元", "보낸 사람", "보낸사람"),
    )
)
SENT = frozenset(
    (
        *("sent", "date", "envoyé", "envoyé le", "gesendet", "datum", "enviado", "enviado el"),
        *("fecha", "enviat", "inviato", "data", "enviada em", "enviado em", "enviada", "verzonden"),
        *("sendt", "dato", "skickat", "lähetetty", "päivämäärä", "päiväys", "saadetud", "kuupäev"),
        *("wysłano", "wysłane", "odesláno", "odoslané", "poslano", "küldve", "elküldve", "dátum"),
        *("gönderildi", "gönderilen", "gönderme tarihi", "tarih", "dată", "trimis", "trimis la"),
        *("отправлено", "дата", "відправлено", "надіслано", "στάλθηκε", "ημερομηνία", "נשלח"),
        *("תאריך", "تاريخ الإرسال", "التاريخ", "发送时间", "發送時間", "日期", "时间", "寄件日期"),
        *("送信日時", "日付", "日時", "보낸 날짜", "날짜", "보낸 시간"),
    )
)
TO = frozenset(
    (
        *("to", "cc", "à", "a", "an", "kopie", "copie à", "para", "aan", "til", "till", "kopia"),
        *("kopi", "vastaanottaja", "kopio", "do", "dw", "adresat", "komu", "pre", "kópia"),
        *("prima", "címzett", "másolat", "kime", "alıcı", "bilgi", "către", "destinatarul"),
        *("destinataire", "destinatario", "destinatário", "кому", "копия", "копія", "προς", "אל"),
        *("إلى", "收件人", "收件者", "抄送", "副本", "宛先", "送信先", "받는 사람", "받는사람"),
        *("참조", "pour"),
    )
)
SUBJECT = frozenset(
    (
        *("subject", "objet", "sujet", "betreff", "asunto", "assumpte", "oggetto", "assunto"),
        *("onderwerp", "emne", "ämne", "aihe", "teema", "temat", "předmět", "predmet", "naslov"),
        *("tárgy", "konu", "subiect", "subiectul", "тема", "θέμα", "נושא", "الموضوع", "主题"),
        *("主旨", "件名", "제목"),
    )
)
LABEL = re.compile(r"^[>\s*_]*([^\W\d_][^:：*\n]{0,19}?)\s?\*{0,2}\s?(?:[:：]\*{0,2}(?:\s|$|<)|：)")
# Where a label begins within a line, as Yahoo has all of them in one.
_LABELS = sorted((*FROM, *SENT, *TO, *SUBJECT), key=len, reverse=True)
LABELS_WITHIN = re.compile(rf"(?<=\S) ?(?=(?:{'|'.join(map(str.capitalize, _LABELS))}) ?[:：] )")

# A signature that a program added by itself.
_DEVICE = (
    r"phone|iphon\w*|ipad|ipod|i?mac|macbook|apple watch|blackberry|android|samsung|galaxy|windows|"
    r"mobil\w*|móvil|cell|handy|tablet|smartphone|telefon\w*|téléphone|телефон\w*|handheld|htc|"
    r"nokia|lg|pixel|huawei|xiaomi|redmi|oneplus|motorola|sony|xperia|verizon|t-mobile|at&t|"
    r"wireless|device"
)
_PROGRAM = (
    r"mail|mailbox|mailspring|yahoo|outlook|gmail|proton|samsung|android|mobile|nine|spark|airmail|"
    r"fastmail|blue ?mail|typeapp|tutanota|tuta|newton|superhuman|canary|front|hey|windows|iphone|"
    r"ipad|blackberry|aol|zoho|rogers|xfinity|em client|aqua ?mail|k-9|fairemail|polymail|missive|"
    r"unibox|email for|my mobile"
)
SENT_WITH = re.compile(
    r"^\s*[\[(<]?\s*(?:"
    rf"sent (?:wirelessly )?from (?:my|an?) (?:[^\s,]+ ){{0,3}}?(?:{_DEVICE})\b|"
    rf"sent (?:from|with|via|using) \[?(?:the )?(?:{_PROGRAM})\b|"
    r"get \[?outlook for|get bluemail|yahoo mail: |"
    r"envoyé (?:de(?:puis)?|avec|à partir|sans fil) |obtene[zr] outlook|obtenir outlook|"
    r"télécharge[rz] outlook|provenance : courrier|"
    r"von (?:mei\w+|samsung|outlook) .{1,40}gesendet|gesendet (?:von|mit|über|aus) |"
    r"diese (?:nachricht|e-?mail|mail) wurde von mein|"
    r"outlook für |hole?n? (?:dir|sie sich) outlook|laden sie outlook|"
    r"enviado (?:desde|con|do|a partir|via|de) |enviat des|obtener outlook|obte(?:nha|r) o outlook|"
    r"inviato (?:da|con|dal) |scarica outlook|ottieni outlook|"
    r"verstuurd v(?:an|ia)|verzonden (?:met|vanaf|vanuit|via|van) |download outlook|outlook voor |"
    r"skickat från|hämta outlook|skaffa outlook|sendt fra |hent outlook|få outlook|"
    r"lähetetty |hanki outlook|saadetud minu|wysłan[eo] z |"
    r"pobierz (?:aplikację )?outlook|uzyskaj outlook|"
    r"odesláno z |odoslané z |stáhn[ěo]ut? outlook|získa[tť] outlook|poslano [sz]|"
    r"trimis (?:de pe|din|cu) |elküldve|.{1,30}(?:-ról|-ről|-omról) küldve|"
    r"отправлено (?:с|из) |скача(?:ть|йте) outlook|надіслано з |στάλθηκε από|נשלח מ|أُ?رسلت من|"
    r"iphone'?um?dan|.{1,20}(?:から|より)送信|iphoneから|outlook for \w+ を入手|"
    r"发自我的|发送自|從我的|从我的|从 windows 版邮件发送|"
    r".{0,10}iphone에서 보냄|.{1,20}에서 보냄|"
    r"this e-?mail was sent from)"
)
# Which machine or program it was, without which such a line is somebody's own.
SENT_BY = re.compile(rf"{_DEVICE}|\b(?:{_PROGRAM})|gmx|web\.de|courrier|poczt|почт|邮件|手机")
GOODBYE = re.compile(
    r"^\s*(?:(?:best|kind|warm|with kind|with best|many)\s+)*"
    r"(?:regards|wishes|thanks|thank you|thx|cheers|sincerely|best|"
    r"yours(?: (?:sincerely|faithfully|truly))?|"
    r"(?:bien |très |tres )?cordialement|bien à vous|merci(?: d'avance| beaucoup)?|"
    r"bonne journée|salutations(?: distinguées)?|(?:bonne réception)|amicalement|"
    r"(?:mit )?(?:freundlichen?|freundlichem|besten?|bestem|herzlichen?|vielen?|liebe|lieben|"
    r"schöne|viele|beste) gr(?:ü|ue)(?:ß|ss)e?n?|"
    r"mfg|vg|lg|danke|vielen dank|"
    r"saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|gracias|cordiali saluti|"
    r"distinti saluti|saluti|grazie|atenciosamente|(?:com os melhores )?cumprimentos|obrigad[oa]|"
    r"abraços|met (?:vriendelijke|hartelijke) groet(?:en)?|mvg|groeten|groetjes|bedankt|"
    r"(?:med )?(?:venlig|vennlig|vänlig|vänliga|bästa|beste) (?:hilsen|hälsning(?:ar)?)|mvh|vh|kh|"
    r"hilsen|hälsningar|(?:ystävällisin |parhain )?terveisin|pozdrawiam(?: serdecznie)?|"
    r"z poważaniem|s pozdrav[eo]m|(?:s přátelským )pozdravem|srdačan pozdrav|"
    r"(?:cu )?(?:stimă|respect)|üdvözlettel|saygılarımla|iyi çalışmalar|"
    r"с уважением|с наилучшими пожеланиями|спасибо|з повагою|με εκτίμηση|"
    r"よろしくお願い(?:いた)?します|以上|此致|谢谢|謝謝|감사합니다)\s*[,.!。、]*\s*$"
)
CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]+@[\w-]+\.\w|\+?\d[\d ().\-/]{6,}\d|"
    r"\b(?:tel|tél|phone|mobile|fax|gsm|telefon|téléphone|móvil|cell)\b"
)
