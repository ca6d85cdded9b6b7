"""Tests of releases: they are reproducible, with correct checksums, in a folder of their own."""

import fnmatch
import os
import re
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

import relations_kg as rk
from relations_kg.release import release

pytest.importorskip("jinja2", reason="the page of the vocabulary needs the extra serve")

ROOT = Path(__file__).parents[1]
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "spdx": "http://spdx.org/rdf/terms#",
}
READERS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
}


def made(target: Path, *further: Path, seed: int = 0) -> dict[str, bytes]:
    """Make a release in a folder, as `make` does, and return its files."""
    subprocess.run(
        [sys.executable, "-m", "relations_kg.release", str(target), *map(str, further)],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        cwd=target.parent,
        check=True,
    )
    return read(target)


def read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return made(tmp_path_factory.mktemp("release") / "dist", ROOT / "CITATION.cff", seed=1)


@pytest.mark.slow
def test_the_same_bytes_come_twice(dist: dict[str, bytes], tmp_path: Path) -> None:
    assert dist == made(tmp_path / "elsewhere", ROOT / "CITATION.cff", seed=2)


@pytest.mark.slow
def test_the_sums_are_those_of_all_files(dist: dict[str, bytes]) -> None:
    lines = dist["SHA256SUMS"].decode().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}

    assert sorted(sums) == list(sums)
    assert {
        name: sha256(content).hexdigest() for name, content in dist.items() if name != "SHA256SUMS"
    } == sums


@pytest.mark.slow
def test_the_description_has_size_and_checksum_of_each_file_of_data(
    dist: dict[str, bytes],
) -> None:
    store = Store()
    store.load(dist["dataset.ttl"], RdfFormat.TURTLE)
    answer = store.query(
        """SELECT ?address ?title ?size ?sum {
            ?file a dcat:Distribution ; dcat:downloadURL ?address ; dcterms:title ?title ;
                dcat:byteSize ?size ; spdx:checksum/spdx:checksumValue ?sum }""",
        prefixes=PREFIXES,
    )
    assert isinstance(answer, QuerySolutions)
    found = {
        (row[0].value.rpartition("/")[2], row[1].value, int(row[2].value), row[3].value)
        for row in answer
    }

    assert {
        (name, name, len(content), sha256(content).hexdigest())
        for name, content in dist.items()
        if name.startswith("relations-kg")
    } == found


@pytest.mark.slow
def test_what_is_released_is_what_is_exported(kg: rk.Graph, dist: dict[str, bytes]) -> None:
    assert kg.export(format="turtle") == dist["relations-kg.ttl"]
    assert kg.export(format="trig", inferred=True) == dist["relations-kg-all.trig"]
    assert kg.summary().fingerprint == sha256(dist["relations-kg.nq"]).hexdigest()


@pytest.mark.slow
def test_the_tables_are_packed(kg: rk.Graph, dist: dict[str, bytes], tmp_path: Path) -> None:
    kg.export(tmp_path / "tables", format="csv", by="kind")

    with ZipFile(BytesIO(dist["relations-kg.csv.zip"])) as archive:
        assert read(tmp_path / "tables") == {
            name: archive.read(name) for name in archive.namelist()
        }


@pytest.mark.slow
def test_every_file_of_linked_data_can_be_read(dist: dict[str, bytes]) -> None:
    for name, content in dist.items():
        if (reader := READERS.get(Path(name).suffix)) and name != "context.jsonld":
            assert list(parse(content, reader)), name


@pytest.mark.slow
def test_every_stored_query_and_form_is_in_it(kg: rk.Graph, dist: dict[str, bytes]) -> None:
    assert {
        *(f"queries/{name}.rq" for name in kg.queries),
        *(f"forms/{n}.rq" for n in kg.forms),
    } == {name for name in dist if name.startswith(("queries/", "forms/"))}


@pytest.mark.slow
def test_files_named_beside_the_folder_are_in_it(dist: dict[str, bytes]) -> None:
    assert (ROOT / "CITATION.cff").read_bytes() == dist["CITATION.cff"]


@pytest.mark.slow
def test_every_redirect_leads_to_a_file_of_a_release(dist: dict[str, bytes]) -> None:
    rules = (ROOT / "docs/w3id.htaccess").read_text("utf-8")
    named = re.findall(r"%\{ENV:HOME\}/(?:%\{ENV:VERSION\}|\$1)/([^\s#]+)", rules)

    assert len(named) > 5
    for name in named:
        assert fnmatch.filter(dist, name.replace("$1", "*"))


def test_a_former_release_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    release.write(target, {"old.ttl": b"old", "queries/old.rq": b"old", "same.ttl": b"old"})

    release.write(target, {"same.ttl": b"new"})

    assert {"same.ttl": b"new"} == {k: v for k, v in read(target).items() if k != "SHA256SUMS"}
    assert ["same.ttl", "SHA256SUMS"] == sorted(os.listdir(target), reverse=True)
    assert ["dist"] == os.listdir(tmp_path)


@pytest.mark.parametrize("name", ["thesis.doc", "queries/own.rq", "SHA256SUMS.old"])
def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path, name: str) -> None:
    target = tmp_path / "dist"
    release.write(target, {"queries/old.rq": b"old"})
    (target / name).write_text("mine")
    before = read(tmp_path)

    with pytest.raises(
        rk.InputError, match=f"not part of a release: {name}; name a new folder"
    ) as caught:
        release.write(target, {"new.ttl": b"new"})

    assert str(target) == caught.value.where
    assert before == read(tmp_path)


def test_a_file_or_a_link_is_no_folder_for_a_release(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("mine")
    link.symlink_to(tmp_path)

    for target in (file, link):
        with pytest.raises(rk.InputError, match="is not a folder"):
            release.write(target, {"new.ttl": b"new"})
    assert "mine" == file.read_text()
    assert link.is_symlink()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the argument FOLDER is missing; name a folder, such as dist\n"),
        (["dist", "none.whl"], "none.whl: cannot be read: No such file or directory\n"),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert 2 == release.main(*arguments)
    assert message == capsys.readouterr().err
    assert [] == os.listdir(tmp_path)


@pytest.mark.slow
def test_without_jinja2_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    assert 2 == release.main(str(tmp_path / "dist"))
    assert "jinja2, which renders templates, is not installed; pip install" in (
        capsys.readouterr().err
    )
    assert [] == os.listdir(tmp_path)
