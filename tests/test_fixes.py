"""Tests of repairs of files: only certain mistakes are repaired."""

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import ID, PREFIXES, RDFS, RKG
from relations_kg.validation.findings import Report
from relations_kg.validation.fixes import Fixed, fixed

FACTS = Path(__file__).with_name("facts")
HEAD = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("id", "rkg", "rdfs", "src", "edtf", "code")
)
STATED = "rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s009>"
REST = f' ; rdfs:label "New"@en ; {STATED} .'
MARK = b"\xef\xbb\xbf"
Mend = Callable[..., bytes]


@pytest.fixture
def mend(kg: rk.Graph, tmp_path: Path) -> Mend:
    """Return a function that writes a file, repairs it and returns its content."""

    def mend(content: str | bytes, name: str = "f.ttl") -> bytes:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        for each in fixed(kg, [str(file)])[0]:
            each.write()
        return file.read_bytes()

    return mend


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "id:new a rkg:City ; @ id:latin-america",
        "id:new a rkg:City ;\r\n\t@\tid:latin-america  # rkg:inRegoin\r\n",
        "id:new a rkg:City ;\r\t@\tid:latin-america\r",
        "# \u4e2d\U0001f600\u2028\x85 rkg:inRegoin\nid:new a rkg:City ; @  id:latin-america",
        'id:new a rkg:City ; rdfs:comment "é \U0001f600 \u2028"@en ; @ id:latin-america',
        'id:new a rkg:City ; rdfs:comment """\r\n\n\r"""@en ; @ id:latin-america',
    ],
    ids=["plain", "windows", "old mac", "comment", "text", "long text"],
)
@pytest.mark.parametrize("mark", [b"", MARK], ids=["", "marked"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n# end"])
def test_nothing_but_what_is_repaired_changes(mend: Mend, text: str, mark: bytes, end: str) -> None:
    wrong, right = (
        mark
        + (HEAD + text.replace("@ ", f"{word} ").replace("@\t", f"{word}\t") + REST + end).encode()
        for word in ("rkg:inRegoin", "rkg:inRegion")
    )

    assert right == mend(wrong)


def test_what_is_inserted_is_all_that_is_new(mend: Mend) -> None:
    text = f'{HEAD}id:new a rkg:City ;\r\n\trdfs:label "Lima é"@es \r\n\t{STATED} .\r\n'

    assert text.replace("@es", "@es;").encode() == mend(text)


@pytest.mark.slow
def test_a_missing_prefix_is_declared_once_at_the_top(mend: Mend) -> None:
    text = f"# mine\nid:new a rkg:City{REST}\nid:new rkg:about id:peru .\n"
    declared = {f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in ("id", "rkg", "rdfs")}
    for mark in (b"", MARK):
        result = mend(mark + text.encode())
        lines = result.removeprefix(mark).decode().split("\n")

        assert declared == set(lines[:3])
        assert text == "\n".join(lines[3:])
        assert mark == result[: len(mark)]


def test_a_wrong_prefix_is_repaired_in_its_declaration_and_nowhere_else(mend: Mend) -> None:
    text = HEAD + f"id:new a rkg:City ; rkg:inRegion id:latin-america{REST}"
    wrong = text.replace(RKG, RKG.replace("relations", "relation"))

    assert text.encode() == mend(wrong)


def test_several_mistakes_in_a_file_are_repaired(mend: Mend) -> None:
    wrong = (
        f'{HEAD}id:new a rkg:Citty ; rkg:inRegion <id:latin-america> ; rdfs:label "Lima"@english ;'
        f' rkg:when "ca. 1850"^^edtf:EDTF ; {STATED} .\n'
        f'id:other a rkg:Office ; rkg:officeOf "Peru" ; rkg:officeKind code:Head_of_state{REST}'
    )
    right = (
        f'{HEAD}id:new a rkg:City ; rkg:inRegion id:latin-america ; rdfs:label "Lima"@en ;'
        f' rkg:when "1850~"^^edtf:EDTF ; {STATED} .\n'
        f"id:other a rkg:Office ; rkg:officeOf id:peru ; rkg:officeKind code:head-of-state{REST}"
    )

    assert right.encode() == mend(wrong)


def test_what_a_repair_brings_to_light_is_repaired_too(kg: rk.Graph, tmp_path: Path) -> None:
    """No shape targets a thing without a known class."""
    file = tmp_path / "f.ttl"
    file.write_text(f"{HEAD}id:new a rkg:Citty ; rkg:vagueQuantity 5{REST}")

    ((each,), report) = fixed(kg, [str(file)])

    assert f'{HEAD}id:new a rkg:City ; rkg:vagueQuantity "5"{REST}' == each.after.decode()
    assert () == report.findings


def test_of_two_repairs_of_one_term_one_is_made(mend: Mend) -> None:
    text = f'{HEAD}id:new a rkg:City ; rkg:vagueQuantity "many"^^<http://www.w3.org/2001/XMLSchema#sting>'

    assert f'{HEAD}id:new a rkg:City ; rkg:vagueQuantity "many"{REST}'.encode() == mend(text + REST)


def test_what_is_not_certain_is_left_alone_and_reported(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    file.write_text(f"{HEAD}id:new a rkg:Kibbutz ; rkg:inRegoin id:latin-america{REST}")

    ((each,), report) = fixed(kg, [str(file)])

    assert b"rkg:Kibbutz ; rkg:inRegion " in each.after
    assert ["unknown-term"] == codes(report)


@pytest.mark.slow
def test_nothing_is_written_until_that_is_asked(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    text = f"{HEAD}id:new a rkg:Citty{REST}"
    file.write_text(text)

    ((each,), _) = fixed(kg, [str(file)])

    assert (str(file), text.encode()) == (each.file, each.before)
    assert text == file.read_text()


def test_repairing_twice_changes_nothing_more(mend: Mend) -> None:
    text = f'{HEAD}id:new a rkg:Citty ; rkg:vagueQuantity 5 rdfs:label "New"@english {STATED} .\n'
    once = mend(text)

    assert text.encode() != once
    assert once == mend(once)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(FACTS.glob("bad/*.ttl"))[::12], ids=lambda file: file.stem)
def test_repairs_add_no_mistake_and_come_to_an_end(
    kg: rk.Graph, tmp_path: Path, file: Path
) -> None:
    copy = tmp_path / file.name
    shutil.copy(file, copy)
    changed, report = fixed(kg, [str(copy)])
    for each in changed:
        each.write()

    assert report == kg.validate(str(copy))
    assert set(codes(report)) <= set(codes(kg.validate(str(file))))
    assert [] == fixed(kg, [str(copy)])[0]


# Each part has an eighth of the files, since the time grows faster than their number.
@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_a_good_file_does_not_change(kg: rk.Graph, part: int) -> None:
    files = sorted(map(str, FACTS.glob("good/*.ttl")))[part::8]

    changed, report = fixed(kg, files)

    assert ([], ()) == (changed, report.findings)


def test_files_are_repaired_together(kg: rk.Graph, tmp_path: Path) -> None:
    """One file points to a thing in the other."""
    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    one.write_text(f"{HEAD}id:new a rkg:State ; rkg:governmentSeat id:new-plase{REST}")
    other.write_text(f'{HEAD}id:new-place a rkg:Citty ; rdfs:label "Place"@en ; {STATED} .')

    changed, report = fixed(kg, [str(one), str(other)])

    assert [str(one), str(other)] == [each.file for each in changed]
    assert b"id:new-place ;" in changed[0].after
    assert () == report.findings


@pytest.mark.parametrize("name", ["f.nt", "f.nq", "f.trig", "f.ttl"])
def test_a_file_stays_in_its_format(mend: Mend, name: str) -> None:
    wrong = (
        f'<{ID}coolies> <{RKG}when> "ca. 1850"^^<{PREFIXES["edtf"]}EDTF> .\n'
        f'<{ID}coolies> <{RDFS}label> "x"@english .\n'
        f"<{ID}coolies> <{RKG}about> <{ID}peruu> .\n"
        f"<{ID}coolies> <{RKG}about> <id:peru> .\n"
    )
    right = (
        wrong.replace("ca. 1850", "1850~")
        .replace("@english", "@en")
        .replace("peruu", "peru")
        .replace("id:peru", ID + "peru")
    )

    assert right.encode() == mend(wrong, name)


def test_a_number_in_lines_of_triples_is_written_in_full(mend: Mend) -> None:
    source = "<https://w3id.org/relations-kg/source/china-peru/s001>"
    result = mend(f'{source} <{RKG}position> "1" .\n', "f.nt")

    assert f'{source} <{RKG}position> "1"^^<{PREFIXES["xsd"]}integer> .\n'.encode() == result


CONTEXT = (
    f'"@context": {{"rkg": "{RKG}", "id": "{ID}", "@vocab": "{RKG}", "seat": {{"@type": "@id"}}}}'
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (f'"@type": "{RKG}Citty"', f'"@type": "{RKG}City"'),
        ('"@type": "rkg:Citty"', '"@type": "rkg:City"'),
        ('"@type" : [ "Citty" ]', '"@type" : [ "City" ]'),
        ('"@type": "City", "seat": "id:limma"', '"@type": "City", "seat": "id:lima"'),
    ],
)
def test_a_name_in_json_is_repaired_as_it_is_written(
    kg: rk.Graph, tmp_path: Path, wrong: str, right: str
) -> None:
    file = tmp_path / "f.jsonld"
    file.write_text(f'{{{CONTEXT}, "@id": "id:new", {wrong}}}')

    (changed,), _ = fixed(kg, [str(file)])

    assert f'{{{CONTEXT}, "@id": "id:new", {right}}}' == changed.after.decode()


@pytest.mark.parametrize(
    "member",
    [
        '"signedAtt": "signedAtt"',  # a key, which determines how its value is interpreted
        '"seat": {"@id": "id:limma"}',  # the reader gives the place of the key
        '"@type":\n"rkg:Citty"',
        '"@type": "rkg:\\u0043itty"',
    ],
)
def test_what_is_not_certain_in_json_is_left_alone(
    kg: rk.Graph, tmp_path: Path, member: str
) -> None:
    file = tmp_path / "f.jsonld"
    file.write_text(f'{{{CONTEXT}, "@id": "id:new", {member}}}')

    changed, report = fixed(kg, [str(file)])

    assert [] == changed
    assert {"unknown-term", "dangling-link"} & set(codes(report))


# Unreadable files


def test_standard_input_is_left_alone(kg: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"{HEAD}id:new a rkg:Citty{REST}".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    changed, report = fixed(kg, ["-"])

    assert [] == changed
    assert ["unknown-term"] == codes(report)


@pytest.mark.slow
def test_standard_input_is_still_checked_beside_a_file_that_is_repaired(
    kg: rk.Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"{HEAD}id:new a rkg:Kibbutz{REST}".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    file = tmp_path / "f.ttl"
    file.write_text(f'{HEAD}id:other a rkg:Citty ; rdfs:label "Other"@en ; {STATED} .')

    changed, report = fixed(kg, ["-", str(file)])

    assert [str(file)] == [each.file for each in changed]
    assert ["unknown-term"] == codes(report)


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_repaired(
    kg: rk.Graph, tmp_path: Path
) -> None:
    none, binary, latin = (tmp_path / name for name in ("none.ttl", "binary.ttl", "latin.ttl"))
    file = tmp_path / "f.ttl"
    binary.write_bytes(b"\0")
    latin.write_bytes(f'{HEAD}id:x a rkg:Citty ; rdfs:label "Perú"@es .'.encode("latin-1"))
    file.write_text(f"{HEAD}id:new a rkg:Citty{REST}")

    changed, report = fixed(kg, [str(each) for each in (none, binary, latin, file)])

    assert [str(file)] == [each.file for each in changed]
    assert 2 == codes(report).count("unreadable")
    assert "syntax" in codes(report)


def test_where_no_file_can_be_read_that_is_raised(kg: rk.Graph, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        fixed(kg, [str(tmp_path / "none.ttl")])


# Written files


@pytest.mark.parametrize("mark", [b"", MARK])
def test_writing_keeps_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    file = tmp_path / "f.ttl"
    file.write_bytes(mark + b"before")
    Fixed(str(file), b"before", b"after").write()

    assert mark + b"after" == file.read_bytes()


def test_writing_keeps_who_may_read_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    file.write_bytes(b"before")
    file.chmod(0o640)
    Fixed(str(file), b"before", b"after").write()

    assert 0o640 == file.stat().st_mode & 0o777
    assert [file] == list(tmp_path.iterdir())


def test_a_difference_is_shown_in_the_unified_format() -> None:
    expected = "--- f.ttl\n+++ f.ttl\n@@ -1,3 +1,3 @@\n a\n-b\n+é\n c\n"

    assert expected == Fixed("f.ttl", b"a\nb\nc\n", "a\né\nc\n".encode()).diff


def test_no_difference_is_shown_as_nothing() -> None:
    assert "" == Fixed("f.ttl", b"a", b"a").diff


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\n", "a\nc\n"),
        ("a\nb", "a\nc"),
        ("a\nb\n", "x\nb\n"),
        ("a\nb", "x\nb"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("é\u2028\x0b\x85 b\nc\n", "é\u2028\x0b\x85 d\nc\n"),
    ],
)
@pytest.mark.skipif(not shutil.which("patch"), reason="there is no patch")
def test_a_difference_is_one_that_can_be_applied(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "f.ttl"
    file.write_bytes(before.encode())
    diff = Fixed("f.ttl", before.encode(), after.encode()).diff
    subprocess.run(
        ["patch", "--binary", "--silent", str(file)], input=diff.encode(), check=True, cwd=tmp_path
    )

    assert after.encode() == file.read_bytes()
