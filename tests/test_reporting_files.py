"""The report as files: whole or not there, open to any tool, and harmless in a spreadsheet."""

import argparse
import csv
import io
import json
import re
import stat

import pytest

from assistant.commands import audit_report
from assistant.errors import AuditError
from assistant.figures.files import writing_whole
from assistant.records import Verdict
from assistant.reporting import ReportError, report_json, write_report
from assistant.reporting.csv_text import Sheet, cell
from tests.report_logs import answer, judge, said, small_log, source, workspace_in

NAMES = {
    "report.html", "report.json", "records.csv", "claims.csv", "judgements.csv", "figures.csv",
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path):
    return workspace_in(tmp_path)


def rows(file) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, strict=True))


# --- CSV --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"), ("+33", "'+33"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"), ("\r=1", "'=1"), ("  =1+1", "'  =1+1"), ("\u00a0=1", "'\u00a0=1"),
        ("\u200b=cmd", "'=cmd"), ("＝1+1", "'＝1+1"), ("\tmot", "'mot"), ("a=1", "a=1"),
        ("a\nb", "a\nb"), ("droite\u202egauche", "droitegauche"), ("", ""),
        (None, ""), (3, "3"), (-0.5, "-0.5"), (True, "true"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_and_nothing_in_it_turns_the_text(text, written):
    assert cell(text) == written


def test_a_sheet_is_rfc_4180_whatever_its_cells_hold():
    file = io.StringIO(newline="")
    sheet = Sheet(file, ("a", "b"))
    sheet.add({"a": 'dit "oui", puis\nnon', "b": ";"})
    sheet.add({"b": 0.1})

    assert file.getvalue() == 'a,b\r\n"dit ""oui"", puis\nnon",;\r\n,0.1\r\n'
    with pytest.raises(ValueError, match="no such columns"):
        sheet.add({"c": 1})


def test_the_files_hold_a_row_for_each_answer_citation_and_word(workspace, tmp_path):
    names = small_log(workspace)

    files = write_report(workspace, tmp_path / "out").files

    records = {row["record"]: row for row in rows(files["records"])}
    assert set(records) == set(names.values())
    good = records[names["good"]]
    assert (good["outcome"], good["claims"], good["judgement"]) == ("answered", "2", "complete")
    assert (good["energy_wh"], good["energy_measured"], good["total_s"]) == ("0.3", "true", "10.0")
    erased = records[names["erased"]]
    assert (erased["outcome"], erased["question"], erased["disputes"]) == ("forgotten", "", "?")

    claims = {(r["record"], r["claim"], r["citation"]): r for r in rows(files["claims"])}
    settled = claims[names["good"], "1", "0"]
    assert (settled["judgement"], settled["judgement_how"]) == ("does_not", "settled")
    assert (settled["quote"], settled["source_today"]) == ("Le centre a 214 dossiers.", "current")
    assert settled["evaluators"] == "2"
    assert claims[names["odd"], "1", "0"]["judgement_how"] == "cannot_tell"

    words = rows(files["judgements"])
    assert len(words) == 11  # ten words that stand, and the one that settles
    assert [w["note"] for w in words if w["evaluator"] == "e1" and w["note"]] == ["revu"]
    assert {w["evaluator"] for w in words if w["settles"] == "true"} == {"e3"}


def test_the_figures_file_says_the_same_as_the_report(workspace, tmp_path):
    small_log(workspace)

    done = write_report(workspace, tmp_path / "out")

    figures = {(r["by"], r["group"], r["figure"]): r for r in rows(done.files["figures"])}
    precision = figures["all", "", "citation_precision"]
    assert (precision["count"], precision["of"], precision["value"]) == ("2", "4", "0.5")
    assert float(precision["low"]) == pytest.approx(0.0676, abs=1e-4)
    assert figures["collection", "notes", "citations that support"]["of"] == "2"
    assert figures["month", "2025-11", "outcome answered"]["value"] == "3"
    assert figures["verdict", "supported", "people unsupported"]["value"] == "1"
    assert len(figures) == len(rows(done.files["figures"]))  # no figure twice


def test_hostile_texts_keep_to_their_cell(workspace, tmp_path):
    hostile = '=HYPERLINK("http://mal.example","x")\r\n",=2\u202e'
    log = workspace.audit
    named = source(hostile, title=hostile)
    record = answer(log, said(hostile, Verdict.EXACT, named), question=hostile)
    judge(log, record, (0, 0), "supports", by=hostile, note=hostile)

    files = write_report(workspace, tmp_path / "out").files

    for form in ("records", "claims", "judgements"):
        (row,) = rows(files[form])
        assert None not in row and None not in row.values()
        assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in row.values())
    assert rows(files["claims"])[0]["quote"].startswith("'=HYPERLINK")


# --- JSON -------------------------------------------------------------------------


def test_the_json_holds_every_answer_and_every_figure(workspace, tmp_path):
    names = small_log(workspace)

    done = write_report(workspace, tmp_path / "tout.json")

    assert set(done.files) == {"json"}
    told = json.loads(done.files["json"].read_text("utf-8"))
    assert told["report"] == json.loads(json.dumps(report_json(done.report)))
    answers = {found["record"]: found for found in told["answers"]}
    assert set(answers) == set(names.values())
    (quoted,) = answers[names["odd"]]["claims"][0]["citations"]
    assert quoted["collection"] == "notes"
    first = answers[names["good"]]["judged"][0]
    assert (first["key"], first["how"], len(first["words"])) == ("supports", "majority", 2)
    assert told["report"]["measures"]["refusals"]["count"] == 1
    assert told["report"]["stale"] == []


def test_an_undecodable_file_name_does_not_break_the_files(workspace, tmp_path):
    log = workspace.audit
    answer(log, said("87 %.", Verdict.EXACT, source(title="nom \udce9 abîmé")))

    files = write_report(workspace, tmp_path / "out").files

    told = json.loads(files["json"].read_text("utf-8"))
    assert told["answers"][0]["claims"][0]["citations"][0]["title"] == "nom \udce9 abîmé"


def test_the_json_of_an_empty_log_is_json(workspace, tmp_path):
    files = write_report(workspace, tmp_path / "out").files

    told = json.loads(files["json"].read_text("utf-8"))
    assert told["answers"] == [] and told["report"]["all"]["questions"] == 0
    assert rows(files["records"]) == []


# --- where they are written ---------------------------------------------------------


def test_a_folder_gets_every_file_for_its_owner_only_and_twice_replaces(workspace, tmp_path):
    small_log(workspace)

    write_report(workspace, tmp_path / "a" / "b")
    files = write_report(workspace, tmp_path / "a" / "b").files

    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == NAMES
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}


def test_by_default_the_files_go_to_a_new_folder_of_the_index(workspace):
    one, other = write_report(workspace), write_report(workspace)

    folders = {path.parent for done in (one, other) for path in done.files.values()}
    assert len(folders) == 2
    assert {f.parent for f in folders} == {workspace.settings.index_folder / "reports"}


def test_nothing_takes_the_place_of_a_report_when_the_reading_fails(workspace, tmp_path):
    small_log(workspace)
    out = tmp_path / "out"
    before = {p.name: p.read_bytes() for p in write_report(workspace, out).files.values()}
    file = next(workspace.audit.folder.glob("*.jsonl"))
    lines = file.read_bytes().replace(b'"type":"answer.opened"', b'"type":"answer.closed"', 1)
    file.write_bytes(lines)

    with pytest.raises(AuditError):
        write_report(workspace, out)

    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_a_place_that_cannot_be_written_is_refused_with_a_remedy(workspace, tmp_path):
    (tmp_path / "file").write_text("x")

    for place in (tmp_path / "file" / "out", tmp_path / "tout.csv"):
        with pytest.raises(ReportError) as refused:
            write_report(workspace, place)
        assert "--out" in refused.value.remedy.fr


def test_a_file_that_fails_halfway_leaves_the_former_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("avant")

    with pytest.raises(RuntimeError), writing_whole(path) as file:
        file.write("la moi")
        raise RuntimeError

    assert path.read_text() == "avant" and list(tmp_path.iterdir()) == [path]


# --- the command --------------------------------------------------------------------


def ask(workspace, *arguments: str) -> int:
    """Run ``assistant audit report`` as its parser would."""
    shared = argparse.ArgumentParser(add_help=False)
    parser = argparse.ArgumentParser()
    audit_report.register(parser.add_subparsers(), shared)
    options = parser.parse_args(["report", *arguments])
    options.workspace = workspace.settings.index_folder.parent
    return options.run(options)


def test_the_command_writes_the_report_and_says_where(workspace, tmp_path, capsys):
    small_log(workspace)

    assert ask(workspace, "--out", str(tmp_path / "out"), "--until", "2025-11-21") == 0

    told = capsys.readouterr().out
    assert "Questions de la période : 3." in told
    assert re.search(r"Précision des citations +66,7", told)
    assert all(str(tmp_path / "out" / name) in told for name in NAMES)


def test_the_command_as_json_writes_nothing_unless_told_where(workspace, tmp_path, capsys):
    small_log(workspace)

    assert ask(workspace, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == {} and told["all"]["questions"] == 8
    assert not (workspace.settings.index_folder / "reports").exists()

    assert ask(workspace, "--json", "--out", str(tmp_path / "page.html")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == {"html": str(tmp_path / "page.html")}
    assert [path.name for path in tmp_path.glob("*.html")] == ["page.html"]


def test_a_day_that_is_none_is_a_wrong_usage(workspace, capsys):
    with pytest.raises(SystemExit) as left:
        ask(workspace, "--since", "hier")

    assert left.value.code == 2 and "AAAA-MM-JJ" in capsys.readouterr().err
