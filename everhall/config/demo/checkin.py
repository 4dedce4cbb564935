"""The door in the demo: an entry list and a gate for the sample registrations, so that one can enrol a device and try it."""

from everhall.checkin.models import EntryList, Gate
from everhall.config.demo.frame import DEMO_EDITION
from everhall.registration.models import Admission


def load_door() -> None:
    """Made once; what is there already is left as it is."""
    admission = Admission.objects.filter(edition__code=DEMO_EDITION, is_sample=True, approval=False).order_by("pk").first()
    if admission is None or EntryList.objects.filter(edition__code=DEMO_EDITION, is_sample=True).exists():
        return
    listed = EntryList.objects.create(
        venue=admission.venue, name_zh="入场（示例）", name_en="Entry (sample)", capacity=20, walk_ins=True, is_sample=True
    )
    listed.admissions.add(admission)
    gate = Gate.objects.create(venue=admission.venue, name_zh="东门（示例）", name_en="East gate (sample)", direction="both", is_sample=True)
    gate.lists.add(listed)
