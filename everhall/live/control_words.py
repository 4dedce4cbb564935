"""Words of the scripts of the director's desk and the go-live page, in the language of whoever looks.

English texts are their own names, so that a missing one still reads; {name} stands for what the script puts there.
"""

from django.utils.translation import pgettext

#: Short words mean other things on other pages.
CONTEXT = "director"

DESK = (
    # connection
    "Connected", "No connection. What you see is {age} old; trying again …",
    "You are signed out. Sign in again in another tab; this page goes on by itself.",
    "This was not done: {why}", "the connection is lost",
    # feeds
    "Take {name}", "On air", "Next", "On air on {channel}", "No picture", "Loudness",
    "picture {age} old", "All venues", "No feeds yet.", "Keys 1 to 0 take {first} to {last} of {all}",
    "not in use", "waiting for somebody to send", "starting", "live", "nothing arrives", "failed",
    "Keyframes are {n} s apart: set 2 s in the encoder.", "Silent for {n} s.", "Black for {n} s.",
    "Too loud: {n} LUFS.", "{n} frames lost.", "Its clock is {n} s off.", "No sound arrives.",
    "Encoded anew here; H.264 and AAC would not need it.", "A language of sound is missing.",
    "The disk is nearly full.", "No room for new pictures.", "No room for parts: more delay.",
    "The disk is full: nothing is kept.", "Slower than real time.",
    # programme
    "You direct no channel here.", "Nothing is planned", "The slate", "{left} left", "over by {left}",
    "in {time}", "no end planned", "The slate stands in: what is wanted is not there.",
    "Last: {what}, {who}, {time}", "take of {what}", "back to plan", "slate", "hold", "plan",
    "Nobody has cut yet: the plan runs.",
    "Take: “{what}” replaces “{now}” on {channel} from the next segment on, in about 2 s.",
    "Back to plan: “{what}” replaces “{now}” on {channel} from the next segment on, in about 2 s.",
    "Slate: it replaces “{now}” on {channel} from the next segment on, in about 2 s.",
    "Hold: “{now}” stays on {channel}, whatever the plan says.",
    "{what}: stored {time}, on the air with the next segment, by {by} at the latest.",
    "Feeds", "Recordings", "Other channels",
    # running order
    "Nothing is planned yet. Take something, or put it into the running order above.",
    "Up", "Down", "Begin now", "End now", "1 minute less", "1 minute more", "Take it out",
    "Take “{title}” out of the running order?", "open end", "may not be aired now: the slate stands in",
    "“{item}” is cut off by “{other}”.", "Nothing is planned between “{item}” and “{other}”.",
    "“{item}” begins later than planned, because it waits for “{other}”.",
    "“{item}” was meant to begin before “{other}”, which stands above it.",
    "“{item}” never begins: nothing says when.", "“{item}” stands there twice.", "Drag to move",
    # notes, log
    "to all", "to {venue}", "No notes yet.", "Nothing was done yet.", "somebody",
)  # fmt: skip

GO_LIVE = (
    "Camera", "Microphone", "Screen", "No sound", "Camera {n}", "Microphone {n}",
    "This browser cannot record. Use a current Chromium, Edge, Firefox or Safari.",
    "The browser was not allowed to use camera or screen. Allow it in the address bar, then choose again.",
    "No camera or microphone was found.", "The camera or screen was taken away. Choose again.",
    "Choose a camera or a screen.", "Ready. Nothing is sent yet.", "Connecting …", "Live since {time}",
    "Connection lost. {n} s are kept here and sent when it is back.", "Somebody else is live on this feed.",
    "Ended. Everything was sent.", "Sending the last seconds …",
    "This feed is not in use. Switch it on first.", "There is no room on the server's disk. Trying again …",
    "You are signed out. Sign in again in another tab; this page goes on by itself.",
    "Sent: {sent} MB · waiting: {waiting}", "Begun anew, live since {time}",
    "The connection is too slow: {n} s were left out, the picture goes on from now.",
)  # fmt: skip


def desk_words() -> dict[str, str]:
    return {word: pgettext(CONTEXT, word) for word in DESK}


def go_live_words() -> dict[str, str]:
    return {word: pgettext(CONTEXT, word) for word in GO_LIVE}
