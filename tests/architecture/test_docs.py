"""The documentation fails a test when it lags: commands, sheets, roles, addresses, API, libraries, words, contracts."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.urls import resolve
from django.utils.module_loading import import_string
from django.utils.translation import override

from benchmarks import BENCHES
from everhall.config import cli
from everhall.config.demo import people
from everhall.config.demo.frame import FIELDS
from everhall.config.urls import api
from everhall.editions import rules
from everhall.engines import sheet_words, tokens
from everhall.live.origin_routes import KINDS, route_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
OURS = [name for commands in cli.OURS.values() for name in commands]
#: Options that every command of Django has; its own documentation tells them.
COMMON = {
    "--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
    "--force-color", "--skip-checks",
}


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one of the same rank."""
    _, _, rest = page.partition(f"\n{heading}\n")
    rank = heading.partition(" ")[0]
    return re.split(rf"\n{rank} ", rest)[0]


def cells(page: str) -> list[list[str]]:
    """Rows of all tables, heads and rules included; an escaped bar is part of its cell."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def code(cell: str) -> str:
    """The name between backticks with which a cell begins, '' without one."""
    found = re.match(r"`([^`]+)`", cell)
    return found.group(1) if found else ""


# ---------------------------------------------------------------- commands
def test_each_of_our_commands_is_told_and_no_other():
    told = set(re.findall(r"^## `everhall ([a-z-]+)`$", text("docs/reference/commands.md"), re.MULTILINE))
    assert told == set(OURS)
    assert told <= set(get_commands())


@pytest.mark.parametrize("name", OURS)
def test_options_of_a_command_are_told_and_exist(name):
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("everhall", name)
    told = set(re.findall(r"`(--[a-z-]+)[` ]", section(text("docs/reference/commands.md"), f"## `everhall {name}`")))
    known = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    assert told <= known
    if ours_only(command):
        assert known - COMMON <= told


def ours_only(command: BaseCommand) -> bool:
    """Whether the command's options are its own, not those of one of Django's that it is or extends."""
    return not any(cls.__module__.startswith("django.core.management.commands") for cls in type(command).__mro__)


def test_commands_named_anywhere_in_the_docs_exist():
    named = set()
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        # `sudo -u everhall …` names the user, not the command.
        page = path.read_text(encoding="utf-8").replace("-u everhall", "")
        named |= set(re.findall(r"(?:^|[`$ ])everhall ([a-z][a-z-]+)(?=[`\n ])", page, re.MULTILINE))
    commands = set(get_commands()) | {"help"}
    spoken = {"command", "is", "and", "on", "does", "needs", "runs", "as", "in", "or", "with", "for", "today", "stays"}
    assert named - spoken <= commands


def test_make_targets_named_in_the_docs_exist():
    targets = set(re.findall(r"^([a-z0-9-]+):", text("Makefile"), re.MULTILINE))
    named = set()
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        named |= set(re.findall(r"`make ([a-z0-9-]+)", path.read_text(encoding="utf-8")))
    assert named <= targets


def test_each_bench_is_told():
    told = {code(row[0]) for row in cells(section(text("docs/reference/commands.md"), "## `everhall bench`"))}
    assert told - {""} == set(BENCHES)


# ---------------------------------------------------------------- sheets
@pytest.mark.parametrize("path", settings.SHEETS)
def test_columns_of_a_sheet_are_told_in_their_order(path):
    layout = import_string(path).layout
    heading = f"### {layout.en} 「{layout.zh}」: `{layout.name}`"
    page = section(text("docs/reference/sheets.md"), "## Columns")
    rows = [row for row in cells(section(page, heading)) if code(row[0])]
    assert [code(row[0]) for row in rows] == layout.headers
    assert [row[1:3] for row in rows] == [[column.zh, column.en] for column in layout.columns]
    for row, column in zip(rows, layout.columns, strict=True):
        missing = [word for word in getattr(column, "options", ()) if f"`{word}`" not in row[3]]
        assert not missing, column.name
        assert ("**needed**" in row[3]) == column.required, column.name


def test_each_problem_of_a_sheet_is_told():
    rows = {code(row[0]): row[0] for row in cells(section(text("docs/reference/sheets.md"), "## Problems"))}
    assert set(rows) - {""} == set(sheet_words.WORDS)
    assert {name for name, cell in rows.items() if "(note)" in cell} == sheet_words.WARNINGS & set(sheet_words.WORDS)


def test_fields_are_told():
    page = section(text("docs/reference/sheets.md"), "## Vocabularies")
    missing = [name for name, (zh, en, _) in FIELDS.items() if f"`{name}` {zh} {en}" not in page]
    assert not missing


# ---------------------------------------------------------------- roles
def test_the_table_of_roles_says_what_the_rules_say():
    head, _, *rows = cells(text("docs/reference/roles.md").partition("\n## ")[0])
    assert {code(row[0]) for row in rows} == set(rules.ALLOWS)
    for row in rows:
        role = code(row[0])
        for title, cell in zip(head[2:], row[2:], strict=True):
            for action in title.split(", "):
                if action == "appoint":
                    assert (cell != "–") == bool(rules.APPOINTS.get(role)), (role, action)
                    continue
                allowed = action in rules.ALLOWS[role]
                expected = ("own" if role in rules.OWN_ONLY else "yes") if allowed else "–"
                assert cell == expected, (role, action)


def test_demo_accounts_are_those_of_the_readme():
    page = section(text("README.md"), "## Demo accounts 示例账号")
    told = {code(row[0]) for row in cells(page)} - {""}
    assert told == {persona.email for persona in people.PERSONAS}
    assert f"`{people.PASSWORD}`" in page


# ---------------------------------------------------------------- addresses and API
def addresses(*headings: str) -> list[str]:
    page = text("docs/reference/urls.md")
    return sorted({code(row[0]) for heading in headings for row in cells(section(page, heading))} - {""})


def assert_leads_somewhere(address: str, prefix: str = "") -> None:
    match = resolve(prefix + address.replace("%7C", "|"))
    if match.url_name == "wagtail_serve":
        # Wagtail takes every address that nobody else has; only pages may end there.
        assert address in {"/2021/", "/2021/policy/", "/about/"}


@pytest.mark.parametrize("address", addresses("## Pages", "## For machines", "## Files"))
def test_an_address_of_the_reference_leads_to_a_view(address):
    assert_leads_somewhere(address)


@pytest.mark.parametrize("address", sorted(set(addresses("## Pages")) - {"/admin/"}))
def test_an_english_address_leads_to_a_view(address):
    with override("en"):
        assert_leads_somewhere(address, "/en")


@pytest.mark.parametrize("address", addresses("## Live video"))
def test_an_address_of_live_video_leads_to_the_origin(address):
    token = tokens.make(b"any", "feeds", 1)
    route = route_of(address.replace("/t/…/", f"/t/{token}/"))
    assert route is not None
    assert route.token == (token if "…" in address else "")


def test_each_kind_of_address_of_live_video_is_told():
    told = {route_of(address.replace("/t/…", "")).kind for address in addresses("## Live video")}
    assert told == set(KINDS)


def test_the_api_reference_names_every_operation_and_field():
    page = text("docs/reference/api.md")
    schema = api.get_openapi_schema(path_prefix="/api/v1")
    for path, operations in schema["paths"].items():
        assert f"## `GET {path}`" in page
        assert set(operations) == {"get"}
        wanted = [parameter["name"] for parameter in operations["get"].get("parameters", [])]
        missing = [name for name in wanted if f"`{name}`" not in page and f"{{{name}}}" not in page]
        assert not missing, path
    told = set(re.findall(r"`([a-z_]+)`", page))
    fields = {
        name for title, part in schema["components"]["schemas"].items() if title.endswith("Out")
        for name in part["properties"]
    }
    assert fields <= told


# ---------------------------------------------------------------- libraries, contracts, words, decisions
def test_each_library_has_a_line_in_its_decision_record():
    wanted = {
        re.split(r"[~;=<> ]", line.strip())[0]
        for line in text("requirements/run.in").splitlines()
        if line.strip() and not line.startswith("#")
    }
    rows = cells(section(text("docs/decisions/0002-libraries.md"), "## Decision"))[2:]
    assert {row[0] for row in rows} == wanted
    assert all(row[1] and row[2] and row[3] for row in rows)


def test_each_contract_and_storey_is_told_in_the_architecture():
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    page = text("docs/architecture.md")
    told = {code(row[0]) for row in cells(section(page, "## Contracts"))} - {""}
    assert told == {contract["id"] for contract in contracts}
    storeys = next(contract for contract in contracts if contract["id"] == "storeys")["layers"]
    apps = [name for layer in storeys for name in re.findall(r"[a-z]+", layer)]
    missing = [name for name in apps if f"`{name}`" not in section(page, "## Storeys")]
    assert not missing
    picture = text("docs/pictures/storeys.svg")
    assert all(f">{name}<" in picture for name in apps)


def test_the_glossary_has_both_languages_for_every_word():
    rows = [row for row in cells(text("docs/glossary.md")) if row[0] != "word" and set(row[0]) != {"-"}]
    assert len(rows) > 40
    for word, chinese, *_ in rows:
        assert re.search(r"[a-z]", word)
        assert re.search(r"[\u4e00-\u9fff]", chinese), word
    words = [word for row in rows for word in row[0].split(", ")]
    assert len(words) == len(set(words))


def test_every_decision_is_listed_and_has_its_four_parts():
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", text("docs/decisions/README.md")))
    found = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    assert listed == found
    for name in found:
        page = text(f"docs/decisions/{name}")
        assert page.startswith(f"# {name[:4]} ")
        parts = re.findall(r"^## (.+)$", page, re.MULTILINE)
        assert [part for part in parts if part in {"Context", "Decision", "Rejected", "Consequences"}] == [
            "Context", "Decision", "Rejected", "Consequences"
        ], name


def test_guides_of_organisers_and_venue_teams_exist_in_both_languages():
    for name in ("organiser", "venue-team"):
        chinese, english = text(f"docs/howto/{name}.zh.md"), text(f"docs/howto/{name}.md")
        assert chinese.count("\n## ") == english.count("\n## ")


def test_the_readme_shows_both_commands_and_a_light_picture_first():
    first_screen = text("README.md").partition("\n## ")[0]
    assert "make demo" in first_screen
    assert "make test" in first_screen
    assert "docs/pictures/home.webp" in first_screen
    assert (DOCS / "pictures" / "home.webp").stat().st_size <= 150_000
