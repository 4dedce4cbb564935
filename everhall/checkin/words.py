"""Words of the page at a door, in the active language, as its script asks for them by name. `{name}` is filled in there.

In: the active language. Out: name -> sentence. What must stay true: whatever is refused says what, and what to do.
"""

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import pgettext as say

C = "door"


def words() -> dict[str, str]:
    """All of them: the page works without a network, so it cannot ask for more."""
    return {**_verdicts(), **_page(), **_faults()}


def _verdicts() -> dict[str, str]:
    """By the reasons of `engines.entry`."""
    return {
        "ok": say(C, "Come in"),
        "out": say(C, "Goodbye"),
        "group": say(C, "How many are here now?"),
        "forged": say(C, "Not a pass of this site, or damaged. Let them show it on a screen at full brightness, or look for the name."),
        "renewed": say(C, "This pass was replaced by a newer one and is void. The newer one is in their latest mail."),
        "cancelled": say(C, "This registration was cancelled."),
        "transferred": say(C, "This place was handed on to somebody else, who has a pass of their own."),
        "elsewhere": say(C, "This pass is not for this door. It is for: {where}"),
        "elsewhere_far": say(C, "This pass is good, but not for this door."),
        "ended": say(C, "This pass was good until {when}."),
        "online": say(C, "This pass is for taking part online. At the desk they may change to a seat on site, if any is left."),
        "not_open": say(C, "This list opens at {when}."),
        "closed": say(C, "This list closed at {when}."),
        "already": say(C, "Used already: {when}."),
        "already_where": say(C, "Used already: {when}, {where}."),
        "too_many": say(C, "Only {left} of this pass may still come."),
        "full": say(C, "With them there would be {count} people; {capacity} may be here. Let them in all the same?"),
        "unknown": say(C, "A good pass that is newer than this device's roster. Let them in?"),
        "unknown_in": say(C, "Let in with a mark: newer than the roster."),
        "not_in": say(C, "No entry of this pass is known. Count them out all the same?"),
        "nobody_in": say(C, "By the count nobody is inside. Count them out all the same?"),
        "walk_in": say(C, "Without a pass: counted."),
        "old_roster": say(C, "The roster of this device is too old. Connect it to the network."),
        "no_roster": say(C, "This device has no roster that it may use: read above why, and what to do."),
    }


def _page() -> dict[str, str]:
    return {
        "title": say(C, "Door"), "admitted": say(C, "Let in"), "out_word": say(C, "Gone out"), "refused": say(C, "Stop"), "asking": say(C, "Please decide"),
        "people": say(C, "{count} people"), "person": say(C, "1 person"), "rest": say(C, "{count} may come later"), "no_name": say(C, "(no name)"),
        "let_in": say(C, "Let in"), "let_out": say(C, "Count out"), "send_away": say(C, "Do not let in"), "override": say(C, "Let in all the same"),
        "undo": say(C, "Undo"), "undone": say(C, "Taken back"), "next": say(C, "Next"), "fewer": say(C, "Fewer"), "more": say(C, "More"),
        "scan": say(C, "Scan, or type a name or number"), "name_or_number": say(C, "Name or number"), "find": say(C, "Find"), "camera": say(C, "Camera"), "camera_off": say(C, "Stop the camera"),
        "walk_in_button": say(C, "Without a pass"), "walk_out_button": say(C, "Out without a pass"), "inside": say(C, "inside"), "of": say(C, "of {capacity}"), "near": say(C, "Nearly full"),
        "full_word": say(C, "Full"), "queue": say(C, "{count} to send"), "sent": say(C, "All sent"), "online_word": say(C, "Connected"),
        "offline_word": say(C, "No network: this device decides alone"), "synced": say(C, "last contact {when}"), "list": say(C, "List"),
        "entry": say(C, "Entry"), "exit": say(C, "Exit"), "doubles": say(C, "Found later"), "double_first": say(C, "{name}: you were first; {where} let the same pass in at {when}."),
        "double_late": say(C, "{name}: {where} had let this pass in before, at {when}."), "double_own": say(C, "{name}: let in twice at this device; first at {when}."),
        "found_cancelled": say(C, "{name}: was cancelled while this device had no network."),
        "found_transferred": say(C, "{name}: was handed on while this device had no network."),
        "found_renewed": say(C, "{name}: the pass had been renewed."), "found_unknown": say(C, "A pass that the site does not know was let in."),
        "found_over": say(C, "Somebody without a pass came in after the last seat was gone."), "apart": say(C, "Noted after this device was taken out of service: not counted."),
        "desk": say(C, "the desk"), "results": say(C, "{count} found"), "nobody": say(C, "Nobody of that name or number on this list."),
        "badge": say(C, "Badge"), "badges": say(C, "{count} badges"), "along": say(C, "companion of {name}"), "along_nobody": say(C, "companion"), "badge_card": say(C, "Card 86 × 54 mm"), "badge_a6": say(C, "A6"), "number": say(C, "No. {number}"), "of_group": say(C, "Group"),
        "came": say(C, "came {when}"), "seats": say(C, "{count} seats"), "roster": say(C, "Roster: {count} people, good until {when}"),
        "device": say(C, "Name of this device"), "enrol": say(C, "Enrol this device"), "enrol_lead": say(C, "This device will check passes at a gate. Give it a name by which your team knows it."),
        "no_device": say(C, "This device is not enrolled. On the desk, open the gate, make a link, and scan its code with this device."),
        "working": say(C, "One moment …"), "install": say(C, "Add this page to the home screen: it then opens without a network."), "wipe": say(C, "Remove from this device"),
        "wipe_sure": say(C, "Delete the roster and keys from this device? Decisions that have not been sent are lost: {count}."), "language": "中文" if get_language() == "en" else "English",
        "yes": say(C, "Yes"), "no": say(C, "No"), "newer": say(C, "A newer version is ready."), "reload": say(C, "Load it"), "kind": say(C, "Ticket"), "settings": say(C, "This device"),
    }


#: What decided, in the log: reasons of `engines.entry`, and what only the log has.
REASONS = {
    "ok": pgettext_lazy(C, "good pass"), "out": pgettext_lazy(C, "went out"), "group": pgettext_lazy(C, "part of a group"),
    "forged": pgettext_lazy(C, "no pass of this site"), "renewed": pgettext_lazy(C, "replaced by a newer pass"), "cancelled": pgettext_lazy(C, "cancelled"),
    "transferred": pgettext_lazy(C, "handed on"), "elsewhere": pgettext_lazy(C, "for another door"), "ended": pgettext_lazy(C, "out of date"),
    "online": pgettext_lazy(C, "for taking part online"), "not_open": pgettext_lazy(C, "before the list opened"), "closed": pgettext_lazy(C, "after the list closed"),
    "already": pgettext_lazy(C, "used before"), "too_many": pgettext_lazy(C, "more than the pass is for"), "full": pgettext_lazy(C, "over the number of people"),
    "unknown": pgettext_lazy(C, "newer than the roster"), "not_in": pgettext_lazy(C, "no entry known"), "walk_in": pgettext_lazy(C, "without a pass"),
    "undone": pgettext_lazy(C, "took the one before back"), "by_hand": pgettext_lazy(C, "by hand"),
}
SOURCES = {
    "camera": pgettext_lazy(C, "camera"), "scanner": pgettext_lazy(C, "hand scanner"), "name": pgettext_lazy(C, "found by name"), "number": pgettext_lazy(C, "found by number"),
    "walk-in": "", "desk": pgettext_lazy(C, "desk"),
}


def reason_of(reason: str, source: str) -> str:
    """Why and how, as the log tells it; a word of a newer page stays as it is."""
    return " · ".join(str(part) for part in (REASONS.get(reason, reason), SOURCES.get(source, source)) if part)


def _faults() -> dict[str, str]:
    return {
        "insecure": say(C, "This page works only by https. Open the site's address with https:// in front."),
        "old_browser": say(C, "This browser cannot check passes by itself ({what}). Needed: Chrome or Edge 137, Firefox 130, Safari 17, or newer."),
        "no_space": say(C, "This device cannot keep anything ({what}). Leave private browsing, or free some space, and load the page anew."),
        "second": say(C, "The door is open in another window of this device. Close that one: this one then goes on by itself."),
        "roster_tampered": say(C, "The roster is not as the site of this device has signed it, and is not used. Load it anew in another network; if it stays so, the site has a new key: remove this device here and enrol it anew."),
        "roster_other": say(C, "This roster was made for another device, and is not used. Load it anew."),
        "roster_old": say(C, "The roster was good until {when}. Connect this device to the network: then it fetches a new one."),
        "roster_back": say(C, "This roster is older than the one the device had, and is not used."),
        "link_other_site": say(C, "The link is of another site, or somebody stands between this device and the site. Do not go on; ask at the desk."),
        "clock": say(C, "The clock of this device jumped. Scans keep their order; connect to the network to put their times right."),
        "clock_off": say(C, "The clock of this device is off by {minutes} minutes. Times are put right by the site's clock."),
        "revoked": say(C, "This device was taken out of service. Its roster and keys have been deleted from it."),
        "not_stored": say(C, "This decision could not be stored ({what}). Do not let anybody in on it; free some space and scan again."),
        "cramped": say(C, "This device can keep nothing new ({what}). What it has is sent; let nobody in with it before there is space again."),
        "went_wrong": say(C, "Something went wrong ({what}). Nobody has been let in by it. Scan again, or load the page anew."),
        "camera_denied": say(C, "The camera is not allowed for this page. Allow it in the browser's settings (beside the address), or use a hand scanner or the name."),
        "camera_none": say(C, "This device has no camera that could be used. Use a hand scanner or the name."),
        "camera_busy": say(C, "Another program holds the camera. Close that program, or use a hand scanner or the name."),
        "no_camera": say(C, "The camera cannot be used ({what}). Allow it in the browser's settings, or use a hand scanner or the name."),
        "no_lists": say(C, "This gate has no entry list. Choose one on the desk."),
        "lost": say(C, "The site cannot be reached. Try again where there is a network."),
    }
