"""The words of headings, in several languages, and the parameters that they mean.

They are in English, Portuguese, Spanish, French, German, Italian, Dutch and Russian.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from relations_kg.rdf.words import key, words

# The parameter for a column of keys, as in the settings.
ROW = "row"
# The words of which a heading of keys consists.
_KEYS = (
    "id key code ref reference no nr num number identifier lfd nro código chave clave clé chiave"
    " codice sleutel kennung schlüssel numero número numéro nummer identificador identifiant"
    " identificativo n ключ код номер"
)
_OF_KEYS = f"{_KEYS} row record unique serial running mission post posto puesto poste posten"
_SIGNS = ("#", "\u2116", "n.\u00ba", "n\u00ba", "n\u00b0", "n.\u00b0")
# A word that ends with "*" means all words that begin so. The parameters are in the order in which
# they are tried. A heading such as "since" belongs to the head of a mission if it follows one.
_MEANT = {
    ROW: _KEYS,
    "head.since": "since from start desde seit ab depuis dal dalla sinds vanaf amtsantritt assunção"
    " toma posse insediamento aantreden funções funciones fonctions должности должность",
    "head.until": "until end até hasta jusqu* bis fino tot до",
    "head.rank": "rank title rang rango ranghi grado grade categoria categoría catégorie cargo"
    " título titre titel amtsbezeichnung dienstgrad qualifica functie ранг должность",
    "accredited": "accredited accreditation accreditations also acredit* concorr* concurren*"
    " accrédit* akkredit* mitakkredit* nebenakkredit* accredit* geaccredit* medegeaccredit*"
    " аккредит* совместительству cumulativ* cumula*",
    "head.holder": "head ambassador chief holder titular titulaire titolare chefe jefe jefa chef"
    " leiter* leitung missionschef* missionsleit* botschafter* embaixador* embajador*"
    " ambassadeur* ambasciator* capo hoofd глава посол руководитель postenchef*",
    "kind": "kind type category tipo tipologia genre art typ missionsart soort categoria categoría"
    " catégorie clase classe вид тип категория",
    "sender": "sender sending represents owner remetente entsend* zendstaat mittente acreditante"
    " accréditant направляющее",
    "organisation": "organisation* organization* organização organizações organización"
    " organizaciones organizzazion* organisatie* internationale organismo organismos io oi oig"
    " igo организация организации",
    "receiver": "receiver receiving host country state país países estado estados pays état états"
    " land länder staat staaten gastland empfangsstaat empfangs* paese paesi stato stati"
    " ontvang* landen страна государство принимающее",
    "seat": "seat city town place location cidade localidade ciudad localidad sede ville siège lieu"
    " stadt ort sitz dienstort standort città luogo plaats stad standplaats vestigingsplaats"
    " город место",
    "opened": "opened opening establish* start founded abert* abertura apertur* abiert* inaugur*"
    " criação criada criado creación création fundação fundada ouvert* eröffn* gründ* gegründet"
    " errichtet* apert* istitu* geopend openings* oprichting открыт* учрежд* основан*",
    "closed": "closed closing closure end encerr* fecho fechado fechada fechamento cierr* cerrad*"
    " clausur* fermet* fermé* schließ* geschlossen schliess* aufgelöst chius* sluiting*"
    " gesloten закрыт* закрыв*",
    "geo:lat": "lat latitude latitud latitudine breite breitengrad breedtegraad широта",
    "geo:long": "long lon lng longitude longitud longitudine länge längengrad lengtegraad долгота",
    "owl:sameAs": "wikidata",
    "name": "name nome nombre nom naam имя название",
    "when": "date dates year period data datas fecha fechas datum año ano jahr année anno jaar"
    " дата год",
    "since": "since from desde seit depuis dal sinds",
    "until": "until até hasta jusqu* bis fino tot до",
}
# A heading such as "Nome" means the head of a mission, unless it has a word for the mission.
_NAME = "name nome nombre nom naam имя фио"
_MISSION = "mission missão misión posto puesto poste post vertretung embaixada embassy office"
# The words of headings about the move of a mission; further words mean its time or its place.
_MOVE = (
    "move moved moves moving relocated relocation transfer* mudou mudança mudad* mudó traslad*"
    " transfér* déménag* verleg* umzug umgezogen trasfer* verhui* verplaats* перен* перемещ*"
)
_TIME = (
    "on date dated year when since day time month period em data quando ano desde fecha cuando"
    " año datum jahr seit am wann quand année depuis le anno il op jaar sinds дата год"
)
_PLACE = (
    "to into place town city seat location where new para cidade hacia ciudad nova nueva vers"
    " ville nouvelle nach ort stadt neu neue neuer verso città nuova naar stad nieuwe в город"
)
_EARLIER = "old former previous anterior antig* ancien* précéden* früher* alte* vorige*"
_EARLIER += " precedente прежн* eerdere"
# The words of headings of columns for which no form of missions has a parameter.
_LEFT_OUT = (
    "phone telephone telefon* teléfono* telefoon* tel fone fax mobile celular телефон mail email"
    " correo courriel web website site url homepage página address endereço dirección adresse"
    " indirizzo adres morada адрес remark* note* comment* obs observa* bemerk* anmerk* remarque*"
    " osservazion* nota notas opmerk* примечани*"
    # About persons.
    " birth* born nascimento nacimiento naissance geburt* geboren nascita geboorte* рождения spouse"
    " cônjuge cónyuge conjoint* ehe* coniuge echtgen* супруг* deputy adjunto adjunta adjoint*"
    " stellvert* plaatsverv* заместитель staff personal pessoal personnel personeel персонал civil"
    # About the use of buildings, or about the table.
    " hours horario horarios horário horários orario orari heures öffnungszeiten sprechzeiten uren"
    " часы reason* motivo* motif* grund gründe reden причина visa* visum visto construction"
    " construção construcción budget population distance distancia distância entfernung distanza"
    " afstand updated update verified modified atualizad* actualizad* aktualisiert* aggiornat*"
    " bijgewerkt обновлен*"
)


def meant(text: str) -> Iterator[str]:
    """Yield the parameters that a heading may mean, likeliest first.

    >>> next(meant("Chef de mission")), next(meant("Eröffnungsdatum")), next(meant("ID_POSTO"))
    ('head.holder', 'opened', 'row')
    >>> list(meant("Telefone"))
    []
    """
    if text.lower() in _SIGNS:
        yield ROW
        return
    asked = {*words(text)}
    if not asked or is_left_out(text):
        return
    for name, own in _MEANT.items():
        if name == ROW and not all(_have({word}, _OF_KEYS) for word in asked):
            continue
        if _have(asked, own):
            yield name
    if _have(asked, _NAME) and not _have(asked, _MISSION):
        yield "head.holder"


def is_left_out(text: str) -> bool:
    """Return whether no parameter is meant: a telephone number, a deputy, a former head.

    >>> is_left_out("Date of birth"), is_left_out("Ancien titulaire"), is_left_out("Titulaire")
    (True, True, False)
    """
    asked = {*words(text)}
    return _have(asked, _LEFT_OUT) or _have(asked, _EARLIER)


def is_of_move(text: str) -> bool:
    """Return whether a heading is about the move of a mission.

    >>> is_of_move("Verlegt nach"), is_of_move("Sede")
    (True, False)
    """
    return _have({*words(text)}, _MOVE)


def of_move(text: str, value: str) -> str | None:
    """Return the parameter that a heading about a move means, from its words or else a value."""
    asked = {*words(text)}
    if "from" in asked or _have(asked, _EARLIER):
        return None
    if _have(asked, _TIME):
        return "phase.since"
    if _have(asked, _PLACE):
        return "phase.seat"
    if value:
        return "phase.since" if any(map(str.isdigit, value)) else "phase.seat"
    return None


def _have(asked: Collection[str], meant: str) -> bool:
    """Return whether one of the words is one of those with a meaning."""
    whole, beginnings = _folded(meant)
    return any(word in whole or word.startswith(beginnings) for word in asked)


@cache
def _folded(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words of a text, folded, and the beginnings of words that end with "*"."""
    every = text.split()
    whole = frozenset(key(word) for word in every if not word.endswith("*"))
    return whole, tuple(key(word) for word in every if word.endswith("*"))
