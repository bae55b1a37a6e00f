"""What a hearing becomes, from subtitles or from typed turns: who said what, and when."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentText
from odf.text import P

from assistant.errors import UnreadableDocument
from assistant.reading import read
from assistant.reading.speakers import Roster, identify, read_mark, seconds_of
from assistant.records import Block, Reading, Role

Spoken = tuple[str | None, str | None, float | None, float | None, str]

TYPED = [
    "Audition du 14 janvier 2026",
    "Présents :",
    "M. Durand (Région), président",
    "Mme Leroy (CCI) : vice-présidente",
    "[00:00:05]",
    "M. Durand : La séance est ouverte. Madame Leroy, combien de communes sont couvertes ?",
    "Mme LEROY (CCI) — Merci. Deux cent douze communes sont couvertes.",
    "Il en reste quarante.",
    "[00:12:31] M. Durand : Merci.",
    "[00:12:40]",
    "Le Président : La parole est à la salle.",
    "Mme Leroy : Je conclus.",
]


def put(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def typed(lines: list[str], suffix: str) -> bytes:
    if suffix == ".txt":
        return "\n\n".join(lines).encode()
    data = BytesIO()
    if suffix == ".docx":
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(data)
    else:
        text = OpenDocumentText()
        for line in lines:
            text.text.addElement(P(text=line))
        text.write(data)
    return data.getvalue()


def turns(reading: Reading) -> list[Spoken]:
    return [
        (
            block.locator.speaker,
            block.locator.speaker_role,
            block.locator.start_s,
            block.locator.end_s,
            words(reading, block),
        )
        for block in reading.blocks
        if block.role is Role.TURN
    ]


def words(reading: Reading, block: Block) -> str:
    return reading.text[block.start : block.end]


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".odt"])
def test_typed_turns_give_who_spoke_and_when_without_names_in_the_words(tmp_path, suffix):
    reading = read(put(tmp_path, f"seance{suffix}", typed(TYPED, suffix)))

    assert turns(reading) == [
        (
            "M. Durand",
            None,
            5.0,
            751.0,
            "La séance est ouverte. Madame Leroy, combien de communes sont couvertes ?",
        ),
        (
            "Mme Leroy",
            "CCI",
            None,
            None,
            "Merci. Deux cent douze communes sont couvertes.\nIl en reste quarante.",
        ),
        ("M. Durand", None, 751.0, 760.0, "Merci."),
        ("Le Président", None, 760.0, None, "La parole est à la salle."),
        ("Mme Leroy", "CCI", None, None, "Je conclus."),
    ]


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".odt"])
def test_what_precedes_the_first_turn_is_nobodys_words(tmp_path, suffix):
    reading = read(put(tmp_path, f"seance{suffix}", typed(TYPED, suffix)))
    before = [block for block in reading.blocks if block.role is not Role.TURN]

    assert [words(reading, block) for block in before] == TYPED[:4]
    assert all(block.locator.speaker is None for block in before)


def test_turns_on_neighbouring_lines_and_wrapped_lines_are_told_apart(tmp_path):
    text = (
        "M. Durand : Quel est le budget de la stratégie régionale pour la donnée, et qui\n"
        "le porte aujourd’hui ?\n"
        "Mme Leroy : Trois millions.\n"
        "M. Durand : Merci.\n"
    )
    assert [spoken[-1] for spoken in turns(read(put(tmp_path, "a.txt", text)))] == [
        "Quel est le budget de la stratégie régionale pour la donnée, et qui "
        "le porte aujourd’hui ?",
        "Trois millions.",
        "Merci.",
    ]


def test_a_report_that_quotes_two_people_is_not_a_hearing(tmp_path):
    text = "\n\n".join(
        [
            "M. Durand a déclaré : la stratégie avance.",
            "M. Durand : « La stratégie avance. »",
            "Mme Leroy : « Elle avance lentement. »",
            "Le rapport reprend ces mots.",
        ]
    )
    assert turns(read(put(tmp_path, "a.txt", text))) == []


def test_a_cover_that_names_its_officers_is_not_a_hearing(tmp_path):
    text = "Président : M. Jean Durand\nRapporteure : Mme Anne Leroy\nSecrétaire : M. Paul Petit\n"
    cover = (
        "Le président : M. Jean Durand\nLa rapporteure : Mme Anne Leroy\nLe secrétaire : M. Petit\n"
    )

    assert turns(read(put(tmp_path, "a.txt", text))) == []
    assert turns(read(put(tmp_path, "b.txt", cover))) == []


def test_a_long_report_with_a_few_turns_in_it_is_not_a_hearing(tmp_path):
    prose = [f"Le paragraphe {n} expose la situation des communes." for n in range(80)]
    quoted = ["M. Durand : Je voterai.", "Mme Leroy : Moi aussi.", "M. Durand : Merci."]

    assert turns(read(put(tmp_path, "a.txt", "\n\n".join(prose + quoted)))) == []


def test_a_sidecar_makes_a_hearing_of_a_single_turn(tmp_path):
    file = put(tmp_path, "a.txt", "M. Durand : Je suis seul à parler.\n")
    assert turns(read(file)) == []

    put(tmp_path, "a.txt.toml", 'kind = "audition"\n')
    assert turns(read(file)) == [("M. Durand", None, None, None, "Je suis seul à parler.")]


def test_names_without_civility_count_in_a_file_called_a_hearing_if_they_come_back(tmp_path):
    text = (
        "Claire LEROY : Bonjour à tous.\n\nPaul Durand : Bonjour, madame.\n\n"
        "Claire LEROY : Je commence. Axe Mobilité : rien.\n\nPaul Durand : Merci.\n"
    )
    assert turns(read(put(tmp_path, "note.txt", text))) == []
    spoken = turns(read(put(tmp_path, "audition.txt", text)))
    assert [(one[0], one[-1]) for one in spoken] == [
        ("Claire Leroy", "Bonjour à tous."),
        ("Paul Durand", "Bonjour, madame."),
        ("Claire Leroy", "Je commence. Axe Mobilité : rien."),
        ("Paul Durand", "Merci."),
    ]


def test_a_time_mark_inside_a_turn_dates_what_follows_but_never_cuts_a_sentence(tmp_path):
    text = (
        "[00:00:10] M. Durand : Un début. [00:01:00] La suite est [00:01:30] d’un trait.\n\n"
        "Mme Leroy : Bien.\n\nM. Durand : Merci.\n"
    )
    assert turns(read(put(tmp_path, "a.txt", text)))[:2] == [
        ("M. Durand", None, 10.0, 60.0, "Un début."),
        ("M. Durand", None, 60.0, None, "La suite est d’un trait."),
    ]


def test_after_a_heading_nobody_speaks_until_someone_is_named(tmp_path):
    document = docx.Document()
    for line in ("M. Durand : Bonjour.", "Mme Leroy : Bonjour.", "M. Durand : Bien."):
        document.add_paragraph(line)
    document.add_heading("Échanges", 1)
    document.add_paragraph("La commission reprend ses travaux.")
    document.add_paragraph("Mme Leroy : Je reprends.")
    data = BytesIO()
    document.save(data)

    reading = read(put(tmp_path, "a.docx", data.getvalue()))

    (pause,) = [b for b in reading.blocks if "reprend ses" in words(reading, b)]
    assert (pause.role, pause.locator.speaker) == (Role.BODY, None)
    assert reading.blocks[-1].locator.section == "Échanges"
    assert reading.blocks[-1].locator.speaker == "Mme Leroy"


def test_a_stage_direction_is_nobodys_words(tmp_path):
    text = "M. Durand : Bonjour.\n\n(Applaudissements.)\n\nJe poursuis.\n\nMme Leroy : Bien.\n\nM. Durand : Oui.\n"
    reading = read(put(tmp_path, "a.txt", text))

    assert [(b.role, b.locator.speaker, words(reading, b)) for b in reading.blocks][:3] == [
        (Role.TURN, "M. Durand", "Bonjour."),
        (Role.BODY, None, "(Applaudissements.)"),
        (Role.TURN, "M. Durand", "Je poursuis."),
    ]


SRT = """1
00:00:01,000 --> 00:00:03,000
[Document fictif de démonstration, écrit pour ce test]

2
00:00:04,000 --> 00:00:06,500
<i>M. Durand (président) : Combien de communes
sont couvertes ?</i>

3
00:00:06,600 --> 00:00:08,000
Deux ans après le vote.

4
00:00:09,000 --> 00:00:12,000
Mme LEROY (CCI) : Deux cent douze.

5
00:00:12,100 --> 00:00:13,000
[Rires]

6
00:00:13,500 --> 00:00:15,000
Et quarante en 2027.
- Je ne suis pas d’accord.
"""


def test_subtitles_make_one_turn_of_the_cues_of_one_voice(tmp_path):
    reading = read(put(tmp_path, "a.srt", SRT))

    assert turns(reading) == [
        ("M. Durand", "président", 4.0, 8.0, "Combien de communes sont couvertes ? Deux ans après le vote."),
        ("Mme Leroy", "CCI", 9.0, 15.0, "Deux cent douze. Et quarante en 2027."),
        (None, None, 13.5, 15.0, "Je ne suis pas d’accord."),
    ]  # fmt: skip
    assert reading.blocks[0].role is Role.BODY
    assert "Rires" not in reading.text


VTT = """WEBVTT

NOTE
Ceci n’est pas dit.

STYLE
::cue { color: red }

00:01.000 --> 00:04.000
<v Mme Leroy (CCI)>Bonjour &amp; merci.</v>

00:04.100 --> 00:06.000 align:start
<v.fort Mme LEROY>Je <c.accent>continue</c>.</v>

00:06.500 --> 00:09.000
<v M. Durand>Oui ?</v> <v Mme Leroy>Oui.</v>

00:10.000 --> 00:11.000
Une voix au fond.
"""


def test_the_voices_of_webvtt_are_the_speakers(tmp_path):
    reading = read(put(tmp_path, "a.vtt", VTT))

    assert turns(reading) == [
        ("Mme Leroy", "CCI", 1.0, 6.0, "Bonjour & merci. Je continue."),
        ("M. Durand", None, 6.5, 9.0, "Oui ?"),
        ("Mme Leroy", "CCI", 6.5, 9.0, "Oui."),
        (None, None, 10.0, 11.0, "Une voix au fond."),
    ]


def clock(seconds: int) -> str:
    return f"{seconds // 60:02d}:{seconds % 60:02d}.000"


def test_a_turn_longer_than_a_minute_is_cut_where_a_cue_ends_a_sentence(tmp_path):
    cues = [
        f"{clock(n * 10)} --> {clock(n * 10 + 10)}\n<v Mme Leroy>Le point {n} est"
        + (" acquis.</v>" if n % 2 else " long et</v>")
        for n in range(20)
    ]
    spoken = turns(read(put(tmp_path, "a.vtt", "WEBVTT\n\n" + "\n\n".join(cues))))

    assert {one[0] for one in spoken} == {"Mme Leroy"}
    assert len(spoken) > 2
    assert all(one[-1].endswith("acquis.") for one in spoken)
    assert all(60 <= one[3] - one[2] <= 80 for one in spoken[:-1])
    assert " ".join(one[-1] for one in spoken).count("Le point") == 20


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.srt", SRT + "\n7\n00:00:xx --> 00:00:20,000\nPerdu.\n", "SRT"),
        ("a.vtt", "00:01.000 --> 00:02.000\nSans en-tête.\n", "WebVTT"),
        ("b.vtt", VTT + "\n00:xx.000 --> 00:20.000\nPerdu.\n", "WebVTT"),
    ],
)
def test_broken_subtitles_are_refused_rather_than_read_in_part(tmp_path, name, content, what):
    with pytest.raises(UnreadableDocument) as refused:
        read(put(tmp_path, name, content))
    assert name in refused.value.message.fr
    assert what in refused.value.message.fr


@pytest.mark.parametrize(
    ("line", "speaker", "role", "said", "start_s"),
    [
        ("M. Durand :", "M. Durand", None, "", None),
        ("M. DURAND: Bonjour.", "M. DURAND", None, "Bonjour.", None),
        ("Mme LEROY (CCI) —", "Mme LEROY", "CCI", "", None),
        ("[00:12:31] M. Durand : Oui.", "M. Durand", None, "Oui.", 751.0),
        ("00:12:31 M. Durand : Oui.", "M. Durand", None, "Oui.", 751.0),
        ("M. Durand [00:12:31] : Oui.", "M. Durand", None, "Oui.", 751.0),
        ("Mme Leroy (00:12:31) : Oui.", "Mme Leroy", None, "Oui.", 751.0),
        ("Jean Durand 00:12:31", "Jean Durand", None, "", 751.0),
        ("[12:31]", None, None, "", 751.0),
        ("Le Président :", "Le Président", None, "", None),
        ("Le Président de la commission : Bien.", "Le Président de la commission", None, "Bien.", None),
        ("Mme Leroy, vice-présidente de la Région : Oui.", "Mme Leroy", "vice-présidente de la Région", "Oui.", None),
        ("Mme Anne-Lise de La Tour d’Auvergne (CCI) : Oui.", "Mme Anne-Lise de La Tour d’Auvergne", "CCI", "Oui.", None),
        ("Intervenante 2 : Non.", "Intervenante 2", None, "Non.", None),
    ],
)  # fmt: skip
def test_a_mark_says_who_speaks(line, speaker, role, said, start_s):
    mark = read_mark(line)
    assert mark is not None
    assert (mark.speaker, mark.role, mark.said, mark.start_s) == (speaker, role, said, start_s)


@pytest.mark.parametrize(
    "line",
    [
        "M. Durand a déclaré : oui.",
        "M. Durand — qui préside — ouvre la séance.",
        "Monsieur le Président, une question : pourquoi ?",
        "Le président de la commission rappelle : rien n’est voté.",
        "Budget : trois millions.",
        "Axe SRDIA : les usages.",
        "12:30 : pause.",
        "Rapporteur : Mme Leroy",
    ],
)
def test_prose_is_not_a_mark(line):
    assert read_mark(line) is None


@given(st.text(alphabet="MmeLEROY. :()—-[]0123,d'’ \t", max_size=600))
def test_no_line_can_stall_or_break_the_grammar(line):
    mark = read_mark(line)
    if mark is not None and mark.speaker is not None:
        assert mark.speaker.strip()
    identify(line)


def test_one_person_has_one_name_however_it_is_typed():
    roster = Roster(["Mme LEROY", "Madame Claire LEROY", "M. Durand", "Leroy", "M. Leroy"])

    assert roster.display("Mme LEROY") == "Mme Claire Leroy"
    assert roster.display("Mme Leroy") == "Mme Claire Leroy"
    assert roster.display("Madame Claire LEROY") == "Mme Claire Leroy"
    assert roster.display("M. Leroy") == "M. Leroy"


def test_two_people_of_one_family_name_stay_two():
    roster = Roster(["Mme Claire Leroy", "Mme Anne Leroy", "Mme Leroy"])

    assert roster.display("Mme Claire Leroy") != roster.display("Mme Anne Leroy")
    assert roster.display("Mme Leroy") == "Mme Leroy"


def test_a_role_once_given_stays_with_its_speaker():
    roster = Roster(["Mme Leroy", "M. Durand"])

    assert roster.role("Mme Leroy") is None
    assert roster.role("Mme Leroy", "CCI") == "CCI"
    assert roster.role("Mme LEROY") == "CCI"
    assert roster.role("M. Durand") is None


def test_a_span_of_time_gives_both_ends():
    assert seconds_of("[00:12:31 - 00:13:05]") == (751.0, 785.0)
    assert seconds_of("[12:31]") == (751.0, None)
