"""Pictures, masters and documents in the sheet of exhibits.

In: file names of a cell, what the exhibit holds, what was enclosed. Out: what it shall hold, in order: ids of
library rows, or wishes for new ones. A name means the enclosed file; without one, what the exhibit holds under
that title; so a sheet can be sent again without its zip.
"""

from collections.abc import Sequence
from typing import Any

from everhall.engines.sheet_kind import Ask, Plan
from everhall.engines.sheet_words import Problem, Refused
from everhall.exhibition import sheet_captions
from everhall.exhibition.models import ExhibitAttachment, ExhibitPicture
from everhall.exhibition.sheet_layout import FILES, KINDS
from everhall.media.intake import Intake, Wish
from everhall.media.models import Picture

#: A file that an exhibit holds or shall hold: an id of the library, or a wish.
Ref = int | Wish


def names_of(titles: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """How held files are named in a sheet: by title, or by number where a title would not do."""
    all_titles = [title for _, title in titles]
    return tuple(
        title
        if title and ";" not in title and "；" not in title and all_titles.count(title) == 1
        and title == title.strip().replace("\\", "/") and "\n" not in title
        else f"#{pk}"
        for pk, title in titles
    )


def resolve(
    ask: Ask, plan: Plan, column: str, held: dict[str, tuple[int, str]], collection: int | None
) -> tuple[list[Ref], list[Problem]]:
    """What the names of one cell mean. `held` is name -> (id, sha1) of what the exhibit has now."""
    files: Intake = ask.files
    refs: list[Ref] = []
    problems: list[Problem] = []
    for name in plan.values[column]:
        try:
            refs.append(one(files, plan, column, name, held, collection, problems))
        except Refused as refused:
            problems.append(Problem(refused.code, plan.row.number, column, name, refused.params))
    return refs, problems


def one(
    files: Intake, plan: Plan, column: str, name: str, held: dict[str, tuple[int, str]],
    collection: int | None, problems: list[Problem],
) -> Ref:
    given = files.given(name)
    mine = held.get(name)
    if given is None:
        if mine is None:
            raise Refused("file_not_given", value=name, hint="")
        return mine[0]
    picture = column == "pictures"
    masters = () if picture or column == "documents" else KINDS[column]
    known = files.look(given, picture=picture, masters=masters)
    if mine is not None and mine[1] == known.sha1:
        return mine[0]
    note = files.note_extension(given) if picture else None
    if note is not None:
        problems.append(Problem(note.code, plan.row.number, column, name, note.params))
    values = plan.values
    wish = Wish(
        given, "picture" if picture else "document", values["picture_credit"],
        values["picture_licence"], values["sample"], collection, masters,
    )
    return files.wish(
        wish, title=name, alt_zh=values["name_zh"], alt_en=values["name_en"]
    )


def ids_of(ask: Ask, refs: Sequence[Ref]) -> list[int]:
    """Library ids, the wishes having come true. Each once: a gallery shows nothing twice."""
    files: Intake = ask.files
    return list(dict.fromkeys(ref if isinstance(ref, int) else files.ids[ref] for ref in refs))


def made(ask: Ask, refs: Sequence[Ref]) -> list[list[Any]]:
    """Rows as `Held.extra` keeps them (id, name, sha1, captions), for files just taken in."""
    files: Intake = ask.files
    wishes: list[Wish] = [ref for ref in dict.fromkeys(refs) if isinstance(ref, Wish)]
    names = names_of([(files.ids[wish], files.wishes[wish]["title"]) for wish in wishes])
    return [
        [files.ids[wish], name, files.known_of(wish).sha1, "", ""]
        for name, wish in zip(names, wishes, strict=True)
    ]


def gallery(exhibit: Any, ids: Sequence[int], captions: dict[int, tuple[str, str]]) -> list[ExhibitPicture]:
    """Gallery rows in order; captions stay with their pictures."""
    return [
        ExhibitPicture(
            exhibit=exhibit, picture_id=pk, sort_order=n,
            caption_zh=captions.get(pk, ("", ""))[0], caption_en=captions.get(pk, ("", ""))[1],
        )
        for n, pk in enumerate(ids)
    ]


def appendix(exhibit: Any, ids: Sequence[int]) -> list[ExhibitAttachment]:
    return [ExhibitAttachment(exhibit=exhibit, attachment_id=pk, sort_order=n) for n, pk in enumerate(ids)]


def credit(ids: Sequence[int], credit: str, licence: str) -> None:
    """Write credit and licence to library pictures."""
    Picture.objects.filter(pk__in=ids).update(credit=credit, licence=licence)


def listed(seen: Any) -> dict[str, list[tuple[Any, str, str]]]:
    """What an exhibit holds by column: (file, caption in Chinese, in English)."""
    files = [row.attachment for row in seen.attachments.all()]
    return {"pictures": [(row.picture, row.caption_zh, row.caption_en) for row in seen.pictures.all()]} | {
        column: [(file, "", "") for file in files if file.kind in kinds] for column, kinds in KINDS.items()
    }


def check(ask: Ask, plan: Plan, collection: int | None) -> list[Problem]:
    """What the names of a row mean; an enclosed file of other content changes the row though its name is the same."""
    found: list[Problem] = []
    for column in FILES:
        rows = plan.held.extra[column] if plan.held else []
        held = [row[0] for row in rows]
        if plan.held and column not in plan.row.values:
            plan.refs[column] = held
            continue
        by_name = {name: (pk, sha1) for pk, name, sha1, *_ in rows}
        refs, problems = resolve(ask, plan, column, by_name, collection)
        found += problems
        plan.refs[column] = refs
        if plan.held and refs != held and not any(p.is_error for p in problems):
            plan.changed |= {column}
    if plan.held and not plan.refs["pictures"]:
        # A credit without a picture has nowhere to be kept.
        plan.changed -= {"picture_credit", "picture_licence"}
    return [*found, *sheet_captions.check(ask, plan)]


def in_order(refs: dict[str, Any]) -> list[Ref]:
    """All attachments of a row, as they stand on the exhibit."""
    return [ref for column in KINDS for ref in refs[column]]
