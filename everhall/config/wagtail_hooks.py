"""Pages of the desk that apps keep among their addresses. Wagtail stands before them with its login, and so does the
second factor. They are handed over here because an app's hooks do not know its views."""

from typing import Any

from wagtail import hooks


@hooks.register("register_admin_urls")
def of_cloud_video() -> list[Any]:
    # Hooks are read while apps are still getting ready; views may be loaded only after that.
    from everhall.live.urls import desk_patterns  # noqa: PLC0415

    return desk_patterns


@hooks.register("register_admin_urls")
def of_taking_part() -> list[Any]:
    from everhall.audience.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_notices() -> list[Any]:
    from everhall.notices.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_the_exhibition() -> list[Any]:
    from everhall.exhibition.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_calls() -> list[Any]:
    from everhall.calls.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_proposals() -> list[Any]:
    from everhall.proposals.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_feedback() -> list[Any]:
    from everhall.feedback.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_the_top_floor() -> list[Any]:
    from everhall.pages.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_visits() -> list[Any]:
    from everhall.visits.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_media() -> list[Any]:
    from everhall.media.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_registration() -> list[Any]:
    from everhall.registration.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_tours() -> list[Any]:
    from everhall.tours.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_insight() -> list[Any]:
    from everhall.insight.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns


@hooks.register("register_admin_urls")
def of_the_door() -> list[Any]:
    from everhall.checkin.urls import desk_patterns  # noqa: PLC0415 - as above

    return desk_patterns
